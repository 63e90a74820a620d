"""No free text on the bus: every field is an id, a code, an instant, a count or a flag, and cannot be more.

One event says what an agency is called, since that is public; no other field may carry a name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict, StringConstraints

from contracts.events import REGISTRY, Event
from contracts.events.agencies import AgencyNamed
from contracts.events.base import CaseEvent, Flag, PublicName, ShortId, classified
from contracts.generate_schemas import Schema, schema_of

AT = datetime(2027, 3, 1, 8, tzinfo=UTC)
SHAPES = {
    "id": {"string"},
    "code": {"string"},
    "instant": {"string"},
    "count": {"integer"},
    "flag": {"boolean"},
}
PUBLIC = "public-name"
NAMED = {AgencyNamed.type: ["name: a name"]}
SENTENCES = ("Noor is sad", "a b", "two\nlines", "Noor, 12", "noor@example.org", "+49 30 1234567")


def unclassified(schema: Schema) -> list[str]:
    """The path of every field that could carry words, with what is wrong about it."""
    return list(_faults(schema, schema.get("$defs", {}), ""))


def _faults(part: Schema, definitions: Schema, path: str) -> Iterator[str]:
    if "$ref" in part:
        part = {**definitions[part["$ref"].rsplit("/", 1)[-1]], **part}
    if "anyOf" in part:
        for choice in part["anyOf"]:
            if choice != {"type": "null"}:
                yield from _faults(choice, definitions, path)
    elif part.get("type") == "object":
        if part.get("additionalProperties") is not False:
            yield f"{path or 'event'}: fields nobody has classified are allowed"
        for name, field in part.get("properties", {}).items():
            yield from _faults(field, definitions, f"{path}.{name}".lstrip("."))
    elif part.get("type") == "array":
        yield from _faults(part.get("items", {}), definitions, f"{path}[]")
    else:
        yield from _leaf_faults(part, path)


def _leaf_faults(part: Schema, path: str) -> Iterator[str]:
    kind = part.get("x-classification")
    if kind == PUBLIC:
        yield f"{path}: a name"
    elif kind not in SHAPES:
        yield f"{path}: no classification"
    elif part.get("type") not in SHAPES[kind]:
        yield f"{path}: classified as {kind}, and is {part.get('type')}"
    elif part.get("type") == "string":
        yield from _word_faults(part, path)


def _word_faults(part: Schema, path: str) -> Iterator[str]:
    closed = part.get("format") in ("uuid", "date-time")
    if not closed and not {"pattern", "enum"} & part.keys():
        yield f"{path}: any text fits"
    for word in part.get("enum", ()):
        if " " in word:
            yield f"{path}: {word!r} is no code"
    if not part.get("pattern", "^$").startswith("^") or not part.get("pattern", "^$").endswith("$"):
        yield f"{path}: its pattern does not hold the entire text"


@pytest.mark.parametrize("event", REGISTRY.values(), ids=lambda event: event.type)
def test_every_field_of_every_event_is_classified(event: type[Event]) -> None:
    assert unclassified(schema_of(event)) == NAMED.get(event.type, [])


def _word_patterns() -> set[str]:
    found: set[str] = set()

    def collect(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str) and part.get("x-classification") != PUBLIC:
                found.add(part["pattern"])
            part = part.values()
        if isinstance(part, str):
            return
        for each in part if hasattr(part, "__iter__") else ():
            collect(each)

    collect([schema_of(event) for event in REGISTRY.values()])
    return found


@pytest.mark.parametrize("pattern", sorted(_word_patterns()))
@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_pattern_lets_words_through(pattern: str, sentence: str) -> None:
    class Carrier(BaseModel):
        text: Annotated[str, StringConstraints(pattern=pattern)]

    with pytest.raises(ValueError, match="pattern"):
        Carrier(text=sentence)


@pytest.mark.parametrize("name", ["", "two\nlines", "a\ttab", "a\x7fb", "a" * 201])
def test_name_of_an_agency_stands_in_one_short_line(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        AgencyNamed(agency_id="agency-north", at=AT, name=name)
    assert AgencyNamed(agency_id="agency-north", at=AT, name="دار الأمل (North)").name


class Loose(BaseModel):
    """A nested model that forgot to refuse what nobody classified."""

    who: ShortId


class Nested(BaseModel):
    model_config = ConfigDict(extra="forbid")

    remark: str


PLANTED = [
    # what somebody might add, and the words it is caught by
    ({"note": str}, "note: no classification"),
    ({"note": str | None}, "note: no classification"),
    ({"notes": tuple[str, ...]}, "notes[]: no classification"),
    ({"note": Annotated[str, classified("code")]}, "note: any text fits"),
    ({"note": Annotated[str, classified("narrative")]}, "note: no classification"),
    ({"called": PublicName}, "called: a name"),
    ({"called": tuple[PublicName | None, ...]}, "called[]: a name"),
    ({"open": Annotated[bool, classified("count")]}, "open: classified as count, and is boolean"),
    ({"inner": Nested}, "inner.remark: no classification"),
    ({"inner": tuple[Nested, ...]}, "inner[].remark: no classification"),
    ({"inner": Loose}, "inner: fields nobody has classified are allowed"),
    ({"any": dict[str, Flag]}, "any: fields nobody has classified are allowed"),
]


@pytest.mark.parametrize(
    ("fields", "caught"), PLANTED, ids=[f"{place} {each[1]}" for place, each in enumerate(PLANTED)]
)
def test_planted_field_is_caught(fields: dict[str, Any], caught: str) -> None:
    planted = type(
        "Planted",
        (CaseEvent,),
        {
            "__module__": __name__,
            "__annotations__": {"type": ClassVar[str], **fields},
            "type": "case.planted.v1",
            "topic": "cases",
        },
    )
    assert caught in unclassified(schema_of(planted))
