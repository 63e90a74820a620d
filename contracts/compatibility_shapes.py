"""Two shapes of one event compared field by field, each difference in words with the direction it breaks."""

import json
import warnings
from collections.abc import Iterator
from hashlib import blake2s
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own docstrings have invalid escapes
    from jsonsubschema import isSubschema  # type: ignore[import-untyped]

Schema = dict[str, Any]
BACKWARD = "so a new consumer refuses old events (backward)"
FORWARD = "so an old consumer refuses new events (forward)"
BOTH = "so neither reads the other's events (backward and forward)"
# What says nothing about which messages are valid.
_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples"})


def normal(schema: Schema) -> Schema:
    """References put in place, annotations left out, lists whose order means nothing sorted."""
    return _normal(schema, schema.get("$defs", {}))


def shape_breaks(old: Schema, new: Schema, place: str = "") -> Iterator[str]:
    """Both in normal form. Yields nothing exactly when both allow the same messages."""
    if old == new:
        return
    found = list(_named_breaks(old, new, place))
    # jsonsubschema is the judge of what the walk has no words for.
    yield from found or _judged(old, new, place or "the event")


def _normal(part: Schema, definitions: Schema) -> Schema:
    if "$ref" in part:
        return _normal(definitions[part["$ref"].rsplit("/", 1)[-1]], definitions)
    found = {
        key: each
        for key, each in part.items()
        if key not in _ANNOTATIONS and not key.startswith("x-")
    }
    if "const" in found:
        found["enum"] = [found.pop("const")]
    for key in ("enum", "required"):
        if key in found:
            found[key] = sorted(found[key], key=json.dumps)
    if "properties" in found:
        fields = found["properties"]
        found["properties"] = {name: _normal(fields[name], definitions) for name in sorted(fields)}
    if "items" in found:
        found["items"] = _normal(found["items"], definitions)
    if "anyOf" in found:
        choices = [_normal(choice, definitions) for choice in found["anyOf"]]
        found["anyOf"] = sorted(choices, key=lambda choice: json.dumps(choice, sort_keys=True))
    return found


def _named_breaks(old: Schema, new: Schema, place: str) -> Iterator[str]:
    old, old_null = _without_null(old)
    new, new_null = _without_null(new)
    if old_null != new_null:
        became = "may now be empty" if new_null else "may no longer be empty"
        yield f"`{place}` {became}, {FORWARD if new_null else BACKWARD}"
    if old.get("type") != new.get("type"):
        yield f"`{place}` was {_kind(old)} and is {_kind(new)}, {BOTH}"
    elif old.get("type") == "object":
        yield from _object_breaks(old, new, place)
    elif old.get("type") == "array":
        yield from shape_breaks(old["items"], new["items"], f"{place}[]")
    elif "enum" in old and "enum" in new:
        yield from _enum_breaks(old["enum"], new["enum"], place)
    elif old != new:
        yield from _judged(old, new, place)


def _object_breaks(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, after = old["properties"], new["properties"]
    for name in sorted(before.keys() | after.keys()):
        path = f"{place}.{name}" if place else name
        if name not in after:
            yield f"`{path}` was removed, {BACKWARD}"
        elif name not in before:
            yield f"`{path}` was added, {FORWARD}"
        else:
            yield from shape_breaks(before[name], after[name], path)
            needed = (name in old.get("required", ()), name in new.get("required", ()))
            if needed == (False, True):
                yield f"`{path}` was made required, {BACKWARD}"
            if needed == (True, False):
                yield f"`{path}` is no longer required, {FORWARD}"


def _enum_breaks(old: list[Any], new: list[Any], place: str) -> Iterator[str]:
    if gone := [word for word in old if word not in new]:
        yield f"`{place}` no longer allows {', '.join(map(str, gone))}, {BACKWARD}"
    if more := [word for word in new if word not in old]:
        yield f"`{place}` now also allows {', '.join(map(str, more))}, {FORWARD}"


def _judged(old: Schema, new: Schema, place: str) -> Iterator[str]:
    reads_old = isSubschema(_judgeable(old), _judgeable(new))
    reads_new = isSubschema(_judgeable(new), _judgeable(old))
    match reads_old, reads_new:
        case False, False:
            yield f"`{place}` allows something else than it did, {BOTH}"
        case False, True:
            yield f"`{place}` allows less than it did, {BACKWARD}"
        case True, False:
            yield f"`{place}` allows more than it did, {FORWARD}"


def _without_null(part: Schema) -> tuple[Schema, bool]:
    choices = part.get("anyOf", [])
    rest = [choice for choice in choices if choice != {"type": "null"}]
    if len(rest) == 1 and len(choices) == len(rest) + 1:
        return rest[0], True
    return part, False


def _kind(part: Schema) -> str:
    return str(part.get("type", "one of several"))


def _judgeable(part: Any) -> Any:
    """A copy (it is written into) in which each pattern and format is one made-up word.

    jsonsubschema knows no formats, and lists every word that a bounded pattern allows before it compares.
    """
    if isinstance(part, list):
        return [_judgeable(each) for each in part]
    if not isinstance(part, dict):
        return part
    opaque = {key for key in ("pattern", "format") if isinstance(part.get(key), str)}
    copied = {key: _judgeable(each) for key, each in part.items() if key not in opaque}
    return {**copied, "enum": [_word(part[key]) for key in sorted(opaque)]} if opaque else copied


def _word(pattern: str) -> str:
    return blake2s(pattern.encode(), digest_size=8).hexdigest()
