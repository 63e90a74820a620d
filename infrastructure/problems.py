"""Every refusal of the platform as one problem+json answer (RFC 9457), never echoing a value."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from domain.errors import DomainError, Malformed, Missing, TooLarge, Unauthenticated, Unavailable
from domain.vocabulary import CASE_REF_PATTERN, CODE_PATTERN
from infrastructure.allowed_fields import fields_at

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
_QUOTED = re.compile(r"'([^']*)'")
_LONGEST_NAME = 100

# Pydantic's own sentences for these quote what was sent, which may be a child's name.
_QUIET = {
    "uuid_parsing": "This is not a UUID.",
    "union_tag_invalid": "This kind is not known.",
    "url_parsing": "This is not a URL.",
    "json_invalid": "The body is not valid JSON.",
    "extra_forbidden": "This field is not known.",
    "missing": "This field is needed.",
}
# A pattern says little to whoever reads a refusal.
_FORMS = {
    CASE_REF_PATTERN: "a case's reference, such as TL-4F7K-2MXN-D",
    CODE_PATTERN: "small letters, digits and hyphens, at most 64",
}


class FieldError(BaseModel):
    """One field that was refused: which, why, and what is allowed."""

    field: str
    message: str
    allowed: list[str] | None = None


class Problem(BaseModel):
    """RFC 9457 problem details; `code` is stable and meant for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    body = problem.model_dump(mode="json")
    return Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def of_error(error: DomainError) -> Problem:
    """Hidden and Missing give the same bytes, whatever was said where they were raised."""
    if isinstance(error, Missing):
        return problem(Missing.status, Missing.code, Missing.title())
    errors = []
    if error.field is not None or error.allowed is not None:
        allowed = None if error.allowed is None else [str(each) for each in error.allowed]
        errors = [FieldError(field=error.field or "", message=error.detail, allowed=allowed)]
    return problem(error.status, error.code, type(error).title(), error.detail, errors)


def problem(
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    errors: Sequence[FieldError] = (),
) -> Problem:
    return Problem(
        type=f"urn:throughline:problem:{code}",
        title=title,
        status=status,
        detail=detail or title,
        code=code,
        errors=list(errors),
    )


def answer_to(error: DomainError) -> Response:
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer(of_error(error), headers)


def internal() -> Response:
    """What a caller learns of an unexpected exception: nothing but that it happened."""
    return answer(problem(500, "internal", "Something went wrong on our side; it was logged."))


def install(api: FastAPI) -> None:
    # Starlette types every handler for Exception itself.
    api.add_exception_handler(DomainError, _domain_error)  # type: ignore[arg-type]
    api.add_exception_handler(RequestValidationError, _validation_error)  # type: ignore[arg-type]
    api.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]


async def _domain_error(_: Request, error: DomainError) -> Response:
    return answer_to(error)


async def _validation_error(request: Request, error: RequestValidationError) -> Response:
    body = getattr(request.scope.get("route"), "body_field", None)
    errors = [_field_error(found, body) for found in error.errors()]
    return answer(
        problem(Malformed.status, Malformed.code, Malformed.title(), _summary(errors), errors)
    )


async def _http_error(_: Request, error: HTTPException) -> Response:
    if error.status_code == TooLarge.status:
        return answer_to(TooLarge())
    status = HTTPStatus(error.status_code)
    named = status.phrase.lower().replace(" ", "-")
    code = "no-such-address" if status is HTTPStatus.NOT_FOUND else named
    return answer(problem(status.value, code, f"{status.phrase}."), error.headers)


def _summary(errors: Sequence[FieldError]) -> str:
    return "; ".join(f"{each.field}: {each.message}" for each in errors[:5])


def _field_error(found: Mapping[str, Any], body: Any) -> FieldError:
    kind, place, context = found["type"], found["loc"], found.get("ctx", {})
    message = _QUIET.get(kind) or str(found["msg"]).removeprefix("Value error, ")
    allowed = _allowed(context)
    if kind == "extra_forbidden" and body is not None:
        allowed = fields_at(body.field_info.annotation, place[1:-1])
    elif form := _FORMS.get(context.get("pattern")):
        message, allowed = "This is not written in the form that is needed.", [form]
    return FieldError(field=_field_name(place, kind), message=message, allowed=allowed)


def _field_name(location: Sequence[str | int], kind: str) -> str:
    """`steps.0.due` for `("body", "steps", 0, "due")`; the body itself is `body`."""
    inner = [] if kind == "json_invalid" else location[1:]
    return ".".join(str(part)[:_LONGEST_NAME] for part in inner) or str(location[0])


def _allowed(context: Mapping[str, Any]) -> list[str] | None:
    """The values an enum, a literal or a tag would accept, as Pydantic lists them."""
    expected = context.get("expected_tags") or context.get("expected")
    if not isinstance(expected, str):
        return None
    return _QUOTED.findall(expected) or None
