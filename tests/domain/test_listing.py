"""Ids of entries: those by which others know us, and ours for what came from outside."""

from uuid import UUID

import pytest

from domain.listing import free_id, id_from, in_one_line, outer_id, part_id

OUTER = UUID("d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610")
MARK = "d9d5e0f5"


def test_ids_by_which_others_know_our_entries_and_their_parts_never_change() -> None:
    agency = outer_id("agency", "agency-north")
    assert agency == UUID("8e750245-d5ad-543f-beab-a07136c4d887")
    assert part_id(agency, "phone") == UUID("565ff39b-d4a1-5d75-8e66-37d7a046f2de")
    assert outer_id("place", "agency-north", "office") != outer_id("place", "agency-northoffice")


NAMED = [
    # the prefix, the name, the id
    ("", "Harbour Help e.V.", "harbour-help-e-v"),
    ("south-", "(The) Café & Bar", "south-the-cafe-bar"),
    ("", "Straße 4", "strae-4"),  # what has no Latin form is left out
    ("south-", "مركز", f"south-{MARK}"),
    ("", f"{'x' * 63} y", "x" * 63),  # no id ends with a dash, not even where it is cut
    ("", "x" * 90, "x" * 64),
]


@pytest.mark.parametrize(("prefix", "name", "expected"), NAMED)
def test_an_entry_from_outside_is_called_by_its_name(prefix: str, name: str, expected: str) -> None:
    assert id_from(prefix, name, OUTER) == expected


LONG, MARKED = "x" * 64, f"{'x' * 55}-{MARK}"
FREE: list[tuple[str, set[str], str]] = [
    # the id that is wanted, those that are taken, the one it gets
    ("talks", set(), "talks"),
    ("talks", {"talks"}, f"talks-{MARK}"),
    ("talks", {"talks", f"talks-{MARK}"}, f"talks-{OUTER.hex}"),
    ("x" * 70, set(), LONG),
    ("x" * 70, {LONG}, MARKED),
    ("x" * 70, {LONG, MARKED}, f"{'x' * 31}-{OUTER.hex}"),
]


@pytest.mark.parametrize(("wanted", "taken", "expected"), FREE)
def test_an_id_that_is_taken_is_told_apart_within_its_length(
    wanted: str, taken: set[str], expected: str
) -> None:
    assert free_id(wanted, OUTER, taken) == expected
    assert len(expected) <= len(LONG)


IN_ONE_LINE = [
    # the name as it was put, as it is said
    ("Harbour Help", "Harbour Help"),
    (" Harbour\n\tHelp\u2028", "Harbour Help"),
    ("Harbour\x00 Help\x7f\x9b", "Harbour Help"),
    ("مرفأ الأمل", "مرفأ الأمل"),
    ("خانه\u200cامید", "خانه\u200cامید"),  # noqa: RUF001 - the joiner belongs to the word
    ("\x01\x7f", ""),
]


@pytest.mark.parametrize(("name", "said"), IN_ONE_LINE)
def test_a_name_is_said_in_one_line(name: str, said: str) -> None:
    assert in_one_line(name) == said
