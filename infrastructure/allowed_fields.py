"""Which fields a request's body has at a place, for whoever sent one that it does not have."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

Form = Mapping[str, Any]


def fields_at(body: Any, place: Sequence[str | int]) -> list[str]:
    """Of a body's type, at `("steps", 0)`; where several forms are allowed there, the fields of each."""
    whole = TypeAdapter(body).json_schema()
    found = list(_forms(whole, whole))
    for part in place:
        # A part that leads nowhere is the name of one of several forms.
        found = (
            [form for each in found for form in _inside(whole, each, part)]
            or [each for each in found if part in _names(each)]
            or found
        )
    return list(dict.fromkeys(name for each in found for name in each.get("properties", ())))


def _forms(whole: Form, part: Form) -> Iterable[Form]:
    """What may stand there, each by itself."""
    if "$ref" in part:
        part = whole["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    choices = [*part.get("anyOf", ()), *part.get("oneOf", ())]
    for choice in choices:
        yield from _forms(whole, choice)
    if not choices:
        yield part


def _inside(whole: Form, form: Form, part: str | int) -> Iterable[Form]:
    inner = form.get("items") if isinstance(part, int) else form.get("properties", {}).get(part)
    return _forms(whole, inner) if inner else ()


def _names(form: Form) -> set[Any]:
    """As Pydantic calls one of several forms: by its class, or by the word that tells it apart."""
    constants = [each.get("const") for each in form.get("properties", {}).values()]
    return {form.get("title"), *constants}
