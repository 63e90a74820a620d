"""Fields of a foreign document one by one: what is taken, and what is told of the rest."""

from typing import Any
from uuid import UUID

import pytest

from domain.hsds_fields import NOT_KEPT, Fields, Form, Remark, Unreadable, uuid_of, writable

OUTER = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
CODE = Form(r"^[a-z]+$", "such as this")


def of(value: Any) -> Fields:
    return Fields("$.x", {"a": value})


def test_a_field_has_its_path_and_may_be_said_as_nothing() -> None:
    fields = Fields("$[3]", {"a": None, "b": "", "c": 0})
    assert fields.at("a") == "$[3].a"
    assert [fields.has(name) for name in "abcd"] == [True, True, True, False]
    # Nothing that can be kept is found in any of them.
    assert [fields.speaks_of(name, None) for name in "abcd"] == [True, True, False, False]
    assert fields.speaks_of("d", "found")


def test_whatever_nobody_asked_for_is_told_unless_it_is_empty() -> None:
    item = {"a": 1, "b": 2, "c": None, "d": "", "e": [], "f": 0, "g": 3, "h": 4}
    fields = Fields("$", item)
    assert fields.value("a") == 1
    assert fields.value("nowhere") is None
    fields.pass_over("b", "nowhere")
    fields.remark("g", "Not that.", ["this"])
    assert fields.all_remarks() == (
        Remark("$.g", "Not that.", ("this",)),
        Remark("$.f", NOT_KEPT),
        Remark("$.h", NOT_KEPT),
    )
    assert fields.value_of_all() == item


def test_what_is_told_of_inner_objects_is_taken_over() -> None:
    fields = Fields("$", {"a": {"b": 1}})
    inner = fields.inner("a")
    assert inner is not None
    fields.take_over(inner, Fields("$.c", {"d": 2}))
    assert fields.all_remarks() == (Remark("$.a.b", NOT_KEPT), Remark("$.c.d", NOT_KEPT))
    assert fields.inner("b") is None
    assert of("no object").inner("a") is None


def test_an_object_that_is_left_out_whole_is_told_once() -> None:
    fields = Fields("$", {"a": 1, "b": 2})
    fields.remark("a", "Something before.")
    fields.leave("b", "Not in this form.", ["another"])
    assert fields.all_remarks() == (Remark("$.b", "Not in this form.", ("another",)),)


def test_an_entry_has_its_own_id_or_cannot_be_read() -> None:
    assert Fields("$", {"id": OUTER}).identity() == UUID(OUTER)
    for said in ({}, {"id": "x"}, {"id": 7}):
        with pytest.raises(Unreadable) as unreadable:
            Fields("$", said).identity()
        remark = Remark("$.id", "An entry needs its own UUID.", ("a UUID",))
        assert unreadable.value.remark == remark
        assert str(unreadable.value) == remark.why


def test_an_uuid_is_one_or_it_is_none() -> None:
    assert [uuid_of(each) for each in (OUTER, "x", 7, None)] == [UUID(OUTER), None, None, None]


def test_a_text_that_is_needed_is_taken_or_the_entry_is_not() -> None:
    for said in ("abcde", " abcde ", "a", "XXXX"):
        assert of(said).needed("a", 5) == said.strip()
    for said in ("abcdef", "  ", "", None, 7, "a\x00"):
        with pytest.raises(Unreadable) as unreadable:
            of(said).needed("a", 5)
        assert unreadable.value.remark == Remark(
            "$.x.a", "It cannot be taken without this.", ("1 to 5 characters",)
        )


LENGTH = Remark("$.x.a", "Not a text of a length that is kept.", ("at most 5 characters",))
NOT_ITS_FORM = Remark("$.x.a", "Not in a form that is kept.", ("such as this",))
TEXTS: list[tuple[Any, Form | None, str | None, list[Remark]]] = [
    # what is said, the form, what is taken, what is told
    (None, None, None, []),
    ("", CODE, None, []),
    ("  ", CODE, None, []),
    (" abcde ", None, "abcde", []),
    (" abcde ", CODE, "abcde", []),
    ("abcdef", None, None, [LENGTH]),
    ("a\x00", None, None, [LENGTH]),
    (7, None, None, [LENGTH]),
    ("a1", CODE, None, [NOT_ITS_FORM]),
    ("a1", None, "a1", []),
]


@pytest.mark.parametrize(("said", "form", "expected", "remarks"), TEXTS)
def test_a_text_is_taken_in_its_form(
    said: Any, form: Form | None, expected: str | None, remarks: list[Remark]
) -> None:
    fields = of(said)
    assert fields.text("a", 5, form) == expected
    assert fields.all_remarks() == tuple(remarks)


BOUNDS = ("-1 to 5",)
NUMBERS: list[tuple[Any, float | None, list[Remark]]] = [
    (None, None, []),
    (-1, -1, []),
    (5, 5, []),
    (4.5, 4.5, []),
    (-1.5, None, [Remark("$.x.a", "Out of bounds.", BOUNDS)]),
    (5.5, None, [Remark("$.x.a", "Out of bounds.", BOUNDS)]),
    (float("nan"), None, [Remark("$.x.a", "Out of bounds.", BOUNDS)]),
    (True, None, [Remark("$.x.a", "Not a number.", BOUNDS)]),
    ("4", None, [Remark("$.x.a", "Not a number.", BOUNDS)]),
]


@pytest.mark.parametrize(("said", "expected", "remarks"), NUMBERS)
def test_a_number_lies_within_its_bounds(
    said: Any, expected: float | None, remarks: list[Remark]
) -> None:
    fields = of(said)
    assert fields.number("a", -1, 5) == expected
    assert fields.all_remarks() == tuple(remarks)


WHOLE: list[tuple[Any, int | None, list[Remark]]] = [
    (None, None, []),
    (0, 0, []),
    (5.0, 5, []),
    (-1, None, [Remark("$.x.a", "Out of bounds.", ("0 to 5",))]),
    (6, None, [Remark("$.x.a", "Out of bounds.", ("0 to 5",))]),
    (2.5, None, [Remark("$.x.a", "Not a whole number.", ("0 to 5",))]),
]


@pytest.mark.parametrize(("said", "expected", "remarks"), WHOLE)
def test_a_whole_number_counts_from_nought(
    said: Any, expected: int | None, remarks: list[Remark]
) -> None:
    fields = of(said)
    found = fields.whole("a", 5)
    assert (found, type(found)) == (expected, type(expected))
    assert fields.all_remarks() == tuple(remarks)


def test_objects_of_a_list_come_with_their_place_and_the_rest_is_told() -> None:
    fields = of([{"b": 1}, 7, {"b": 2}])
    assert [(each.path, each.value("b")) for each in fields.objects("a")] == [
        ("$.x.a[0]", 1),
        ("$.x.a[2]", 2),
    ]
    assert fields.all_remarks() == (Remark("$.x.a[1]", "Not an object.", ("an object",)),)
    fields = of({"b": 1})
    assert list(fields.objects("a")) == []
    assert fields.all_remarks() == (Remark("$.x.a", "Not a list.", ("a list of objects",)),)
    assert list(fields.objects("nowhere")) == []


CHARACTERS = [
    ("Two words, in lines\n\tand more\r\n", True),
    ("\x1f", False),
    ("\x00", False),
    ("\ud7ff\ue000", True),
    ("\ud800", False),  # halves of characters, the first and the last
    ("\udfff", False),
    ("\udabc", False),
]


@pytest.mark.parametrize(("text", "may_be_written"), CHARACTERS)
def test_a_text_holds_lines_and_no_other_control_characters(
    text: str, may_be_written: bool
) -> None:
    assert writable(text) is may_be_written
