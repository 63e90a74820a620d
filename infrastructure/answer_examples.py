"""An example of each answer and parameter, made up from its schema and from what its fields are called."""

import re
from collections.abc import Mapping
from typing import Any

_JSON = "application/json"
_INSTANT = "2027-03-01T08:00:00Z"
_NAMED: Mapping[str, Any] = {
    "action": "read",
    "area": "kampala-central",
    "as_of": _INSTANT,
    "case_ref": "TL-7K2M-9QXA-Y",
    "code": "K7QD-2M9X",
    "cursor": "WyIwMTk1YzJkYyJd",
    "email": "amal.haddad@agency-north.example",
    "fact": "case.registered",
    "kind": "direct-support",
    "language": "en",
    "name": "Agency North",
    "need": "family-support",
    "next_cursor": "WyIwMTk1YzJkYyJd",
    "offer_id": "harbour-counselling",
    "owner": "cases",
    "phone": "+256411234567",
    "place_id": "market-office",
    "policy": "default",
    "purpose": "case-management",
    "ref": "TL-7K2M-9QXA-Y",
    "rhythm": "follow-up",
    "rule": "within 24 hours",
    "step": "initial-assessment",
    "team": "team-one",
    "team_id": "team-one",
    "title": "Talks for families",
    "type": "case.registered.v1",
    "url": "https://throughline.example/r/AbC",
    "zone": "Africa/Kampala",
}
_BY_FORMAT: Mapping[str, Any] = {
    "date": "2027-03-01",
    "date-time": _INSTANT,
    "duration": "P14D",
    "uuid": "0195c2dc-7b1e-7c3a-9d52-2f1f6a1e9b04",
}
_CODES = ("TL-7K2M-9QXA-Y", "agency-north", "default@1", "en", "1")
_DEEPEST = 8


def add(document: dict[str, Any], operation: dict[str, Any]) -> None:
    """Where nobody has written one by hand."""
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        if "default" not in schema and parameter["in"] != "header":
            parameter.setdefault("example", made_up(document, schema, parameter["name"]))
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(_JSON)
        if status in ("200", "201") and content is not None:
            content.setdefault("example", made_up(document, content.get("schema", {})))


def made_up(
    document: Mapping[str, Any], schema: Mapping[str, Any], name: str = "", depth: int = 0
) -> Any:
    """Something the schema allows; lists hold one, and what may be null is shown with a value."""
    if "$ref" in schema:
        known = document["components"]["schemas"][str(schema["$ref"]).rsplit("/", 1)[-1]]
        return made_up(document, known, name, depth)
    for choice in schema.get("anyOf", schema.get("oneOf", ())):
        if choice.get("type") != "null":
            return made_up(document, choice, name, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if depth > _DEEPEST:
        return [] if schema.get("type") == "array" else {}
    return _of_type(document, schema, name, depth + 1)


def _of_type(document: Mapping[str, Any], schema: Mapping[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [made_up(document, schema.get("items", {}), name, depth)]
    if kind == "object" or "properties" in schema:
        fields = schema.get("properties", {})
        return {each: made_up(document, one, each, depth) for each, one in fields.items()}
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return _words(schema, name)


def _words(schema: Mapping[str, Any], name: str) -> Any:
    if "format" in schema:
        return _BY_FORMAT.get(schema["format"], "")
    if "pattern" in schema:
        wanted = [_NAMED.get(name, ""), *_CODES]
        return next((each for each in wanted if re.search(schema["pattern"], each)), "")
    if name in _NAMED:
        return _NAMED[name]
    if name.endswith("agency_id") or name in ("agency", "providers"):
        return "agency-north"
    if name.endswith(("_id", "_by", "by")) or name in ("participants", "attendance"):
        return "amal-h"
    return name.replace("_", "-") or "as it is"
