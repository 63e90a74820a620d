"""Golden examples: an event as it is written today, kept for ever, so that every later reader is held to it.

An example is written once, from the schema of its day, and never again; made-up ids, no child.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.events import Event
from contracts.generate_schemas import Schema, schema_of

_NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_KNOWN = {
    "case_ref": "TL-7K2M-9QXA-Y",
    "joined_to": "TL-7K2M-9QXA-Y",
    "subject_id": "TL-7K2M-9QXA-Y",
    "workflow_key": "TL-7K2M-9QXA-Y",
    "policy": "default@1",
    "zone": "Africa/Kampala",
    "owner": "cases",
    "step": "initial-assessment",
    "moment": "due",
    "name": "Children's Aid North",
}


def examples(event: type[Event]) -> dict[str, dict[str, Any]]:
    """`full` has every field; `least` leaves out what may be left out and has null where that is allowed."""
    schema = schema_of(event)
    return {
        "full": _object(schema, schema, least=False),
        "least": _object(schema, schema, least=True),
    }


def _object(whole: Schema, part: Schema, *, least: bool) -> dict[str, Any]:
    required = part.get("required", [])
    return {
        name: _value(whole, name, field, place, least=least)
        for place, (name, field) in enumerate(part["properties"].items())
        if name in required or not least
    }


def _value(whole: Schema, name: str, field: Schema, place: int, *, least: bool) -> Any:
    """Structure is followed; what is left is one word, number or instant."""
    if "$ref" in field:
        field = whole["$defs"][field["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in field:
        return None if least else _value(whole, name, field["anyOf"][0], place, least=least)
    if field["type"] == "array":
        return [] if least else [_value(whole, name, field["items"], place, least=least)]
    if field["type"] == "object":
        return _object(whole, field, least=least)
    if field["type"] == "boolean":
        return not least
    if field["type"] == "integer":
        return max(int(field.get("minimum", 0)), 1)
    return _word(name, field, place, least=least)


def _word(name: str, field: Schema, place: int, *, least: bool) -> str:
    match field:
        case {"enum": words}:
            return str(words[0] if least else words[-1])
        case {"format": "date-time"}:
            return (_NINE + timedelta(hours=place)).isoformat().replace("+00:00", "Z")
        case {"format": "uuid"}:
            return str(UUID(int=(0x019500000000_7000_8000 << 48) + place))
    made_up = f"{name.removesuffix('_id').replace('_', '-')}-a"
    known = (_KNOWN.get(name, made_up), made_up, *_KNOWN.values())
    return next(word for word in known if re.fullmatch(field["pattern"], word))
