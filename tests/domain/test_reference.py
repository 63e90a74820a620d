"""A reference shows a slip of the pen, and is read as people write it."""

import random
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import reference
from domain.errors import Malformed
from domain.reference import ALPHABET
from domain.vocabulary import CASE_REF_PATTERN

BODIES = st.text(ALPHABET, min_size=8, max_size=8)
REFERENCES = BODIES.map(lambda body: f"TL-{body[:4]}-{body[4:]}-{reference.check_character(body)}")


@given(st.randoms(use_true_random=False))
def test_new_reference_has_the_form_of_a_reference_and_is_read_back(chance: random.Random) -> None:
    made = reference.compose(chance.choice)
    assert re.fullmatch(CASE_REF_PATTERN, made)
    assert reference.read(made) == made


@given(REFERENCES, st.data())
def test_every_single_wrong_character_is_found(ref: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([3, 4, 5, 6, 8, 9, 10, 11, 13]))
    wrong = data.draw(st.sampled_from([each for each in ALPHABET if each != ref[place]]))
    with pytest.raises(Malformed):
        reference.read(ref[:place] + wrong + ref[place + 1 :])


def test_every_wrong_character_in_every_place_of_one_reference_is_found() -> None:
    ref = "TL-7K2M-9QXA-Y"
    for place in (3, 4, 5, 6, 8, 9, 10, 11, 13):
        for wrong in set(ALPHABET) - {ref[place]}:
            with pytest.raises(Malformed):
                reference.read(ref[:place] + wrong + ref[place + 1 :])


def test_nearly_every_swap_of_neighbours_is_found() -> None:
    missed = [
        (first, second)
        for first in ALPHABET
        for second in ALPHABET
        if first < second
        and reference.check_character(f"{first}{second}000000")
        == reference.check_character(f"{second}{first}000000")
    ]
    assert missed == [("0", "Z")]


@pytest.mark.parametrize(
    "typed",
    [
        "TL-7K1M-90XA-E",
        " tl-7k1m-90xa-e ",  # in small letters, with blanks around
        "TL 7K1M 90XA E",  # blanks for hyphens
        "TL7K1M90XAE",  # no hyphens
        "7K1M-90XA-E",  # without what every reference begins with
        "7K1M90XAE",
        "TL-7KIM-9OXA-E",  # I for 1, O for 0
        "tl-7klm-9oxa-e",  # l for 1, o for 0
        "T1-7K1M-90XA-E",  # even there
    ],
)
def test_reference_is_read_as_people_write_it(typed: str) -> None:
    assert reference.read(typed) == "TL-7K1M-90XA-E"


def test_reference_that_itself_begins_like_the_prefix_is_read_with_and_without_it() -> None:
    body = "T1T1T1T1"
    ref = f"TL-T1T1-T1T1-{reference.check_character(body)}"
    assert reference.read(ref) == reference.read(ref[3:]) == ref


NO_REFERENCES = [
    "", "TL", "TL-", "TL-7K1M-90XA", "TL-7K1M-90XA-EE", "TL-7K1M-90UA-E", "XX-7K1M-90XA-E", "Noor", "1" * 10_000,
    "TL-7K1M-90X\N{CYRILLIC CAPITAL LETTER A}-E",
]  # fmt: skip


@pytest.mark.parametrize("typed", NO_REFERENCES, ids=lambda typed: ascii(typed[:20]))
def test_what_is_no_reference_is_refused_with_the_form_of_one(typed: str) -> None:
    with pytest.raises(Malformed) as refused:
        reference.read(typed)
    assert str(refused.value) == "Not a case reference."
    assert refused.value.field == "case_ref"
    assert refused.value.allowed == ("TL-XXXX-XXXX-X",)


def test_slip_of_the_pen_is_told_apart_from_what_is_no_reference() -> None:
    with pytest.raises(Malformed) as refused:
        reference.read("TL-7K1M-90XA-F")
    assert str(refused.value) == "The check character does not fit."
    assert refused.value.field == "case_ref"


@given(st.text(string.printable + "\N{LATIN SMALL LETTER DOTLESS I}ß", max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        assert re.fullmatch(CASE_REF_PATTERN, reference.read(typed))
    except Malformed as refused:
        assert refused.field == "case_ref"  # noqa: PT017 - either outcome is right
