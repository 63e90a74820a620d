"""A service's OpenAPI 3.1 document, with its problems and its token, and a page that shows it.

The page is made here, without a script and without anything from another host.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from jinja2 import Environment, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from domain.errors import (
    DomainError,
    Malformed,
    Missing,
    Outdated,
    Refusal,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from infrastructure import answer_examples, api_examples, idempotent_routes, versions
from infrastructure.problems import MEDIA_TYPE, FieldError, Problem, problem

VERSION = version("throughline")
_ANY_REQUEST = (Unauthenticated, Missing, Malformed, Unavailable)
_WITH_BODY = (Refusal, TooLarge)
_EDITS = frozenset({"post", "put", "patch", "delete"})
_METHODS = frozenset({"get", "put", "post", "patch", "delete"})
_CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"


def install(api: FastAPI) -> None:
    """Replaces FastAPI's document by ours, and serves the page at /docs."""
    document: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not document:
            document.update(described(api))
        return document

    async def page(_: Request) -> Response:
        return HTMLResponse(
            rendered(describe()), headers={"Content-Security-Policy": _CONTENT_POLICY}
        )

    api.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    api.router.add_route("/docs", page, include_in_schema=False)


def described(api: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
    )
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (FieldError, Problem):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    parts["responses"] = {
        error.__name__: _problem_response(error) for error in (*_ANY_REQUEST, *_WITH_BODY, Outdated)
    }
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    document["security"] = [{"token": []}]
    for path, method, operation in operations(document):
        _document_problems(method, operation)
        api_examples.add(api.state.service, operation)
        if "{" in path:
            _document_versions(method, operation)
        answer_examples.add(document, operation)
    return document


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            if method in _METHODS:
                yield path, method, operation


def rendered(document: Mapping[str, Any]) -> str:
    """The document as one page of HTML, complete in itself."""
    return _template().render(document=document, operations=list(operations(document)))


def _document_problems(method: str, operation: dict[str, Any]) -> None:
    responses = operation.setdefault("responses", {})
    errors = _ANY_REQUEST if method == "get" else (*_ANY_REQUEST, *_WITH_BODY)
    if str(Refusal.status) in responses:
        errors = (*errors, Refusal)  # a read that the practice may forbid says so with its route
    for error in errors:
        responses[str(error.status)] = {"$ref": f"#/components/responses/{error.__name__}"}
    if method in ("post", "put") and idempotent_routes.NOT_HONOURED not in operation:
        operation.setdefault("parameters", []).append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
                "description": "The same key and body answer as the first time did, doing nothing.",
            }
        )


def _document_versions(method: str, operation: dict[str, Any]) -> None:
    """Of an address that names one record; a page of a list has no version."""
    if any(each["name"] == "cursor" for each in operation.get("parameters", ())):
        return
    for status, response in operation["responses"].items():
        if status in ("200", "201") and versions.UNVERSIONED not in operation:
            response["headers"] = {
                "ETag": {"schema": {"type": "string"}, "description": "The record's version."}
            }
    if method not in _EDITS or versions.NOT_HONOURED in operation:
        return
    operation["responses"][str(Outdated.status)] = {"$ref": "#/components/responses/Outdated"}
    operation.setdefault("parameters", []).append(
        {
            "name": "If-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "pattern": '^(\\*|"[0-9]+"(, *"[0-9]+")*)$'},
            "description": "Versions, as ETag gave them, of which one must still be the record's.",
        }
    )


def _problem_response(error: type[DomainError]) -> dict[str, Any]:
    return {
        "description": error.title(),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": problem(error.status, error.code, error.title()).model_dump(mode="json"),
            }
        },
    }


@lru_cache(maxsize=1)
def _template() -> Template:
    source = files("infrastructure").joinpath("web_assets/api.html.j2").read_text("utf-8")
    engine = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    engine.filters["type_name"] = _type_name
    return engine.from_string(source)


def _type_name(schema: Mapping[str, Any] | None) -> str:
    """`list of CaseView`, `date-time or null`, `low | high`: a schema in a word or two."""
    schema = schema or {}
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    choices = [each for key in ("anyOf", "oneOf", "allOf") for each in schema.get(key, ())]
    if choices:
        return " or ".join(_type_name(each) for each in choices)
    if "enum" in schema or "const" in schema:
        return " | ".join(str(each) for each in schema.get("enum", (schema.get("const"),)))
    if schema.get("type") == "array":
        return f"list of {_type_name(schema.get('items'))}"
    return str(schema.get("format") or schema.get("type") or "any")
