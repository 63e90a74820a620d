"""The sound of a name, letter by letter: children registered before are found by it, so that it never changes."""

import pytest

from domain.name_sound import parts, sound, spelling

HEARD = [
    ("Yusuf", "ysf"),
    ("Joseph", "ysf"),
    ("Walid", "flt"),
    ("Wanda", "fnt"),
    ("Katya", "kt"),  # written for a vowel
    ("Noor", "nr"),
    ("Nina", "nn"),  # a vowel lets the same consonant be heard again
    ("Anna", "an"),
    ("Ola", "al"),
    ("Xavier", "ksfr"),
    ("Chris", "krs"),
    ("Philip", "flp"),
    ("Thomas", "tms"),
    ("Khadijah", "kt"),
    ("Gheorghe", "grg"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "heard"), HEARD)
def test_sound_is_the_consonants_that_are_heard(name: str, heard: str) -> None:
    assert sound(name) == heard


SIGNS = [
    ("\u1163", "a"),  # a Korean vowel that begins with another sound
    ("\uae40", "km"),
    ("\u0f40\u0f60", "k"),  # a Tibetan letter that is named for no sound of its own
    ("\u0f60", ""),
    ("\U00017000", "\U00017000"),  # a sign for which Unicode has no name
    ("\u738b", "\u738b"),
]


@pytest.mark.parametrize(("name", "heard"), SIGNS, ids=ascii)
def test_letters_of_other_scripts_are_heard_as_unicode_names_them(name: str, heard: str) -> None:
    assert sound(name) == heard


def test_name_is_spelt_without_case_accents_and_signs() -> None:
    assert spelling("Zo\u00eb-1!") == "zoe"
    assert parts("von der Leyen, Ursula") == ("leyen", "ursula")
