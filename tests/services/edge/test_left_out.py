"""A field that an answer leaves out when it is empty is documented as one that may be missing."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.__main__ import load, names


def models(annotation: Any, seen: set[type[BaseModel]]) -> None:
    """Every model within a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return
        seen.add(annotation)
        for field in annotation.model_fields.values():
            models(field.annotation, seen)
    for part in get_args(annotation):
        models(part, seen)


def demanded_and_left_out(route: APIRoute) -> Iterator[str]:
    seen: set[type[BaseModel]] = set()
    models(route.response_model, seen)
    for model in seen:
        for name, field in model.model_fields.items():
            if field.is_required() and type(None) in get_args(field.annotation):
                yield f"{route.path}: {model.__name__}.{name}"


@pytest.mark.parametrize("name", names())
def test_what_is_left_out_when_empty_is_not_demanded(name: str) -> None:
    routes = [
        route
        for router in load(name).routers
        for route in router.routes
        if isinstance(route, APIRoute) and route.response_model_exclude_none
    ]
    assert not [found for route in routes for found in demanded_and_left_out(route)]


def test_a_model_that_demands_what_is_left_out_is_seen() -> None:
    class Answer(BaseModel):
        words: str | None

    class Answers(BaseModel):
        items: list[Answer]

    route = APIRoute("/x", lambda: None, response_model=Answers, response_model_exclude_none=True)
    assert list(demanded_and_left_out(route)) == ["/x: Answer.words"]
