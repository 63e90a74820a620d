"""ETag and If-Match (RFC 9110): whoever changes what she has read is refused when it has changed since.

A record's version counts the facts announced about it, with what its service notes and announces to nobody, or
follows from its content; a read of one record and every change of it answer with it. A page of a list has none.
"""

import hashlib
import json
import re

from fastapi import Request, Response

from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork

IF_MATCH = "If-Match"
NOT_HONOURED = "x-without-if-match"  # said with a route, and why; shown in its OpenAPI document
UNVERSIONED = "x-without-etag"  # likewise, of an answer that is not about one record alone
_TAG = re.compile(r'^\s*(W/)?"([^"]*)"\s*$')


def of_content(*said: object) -> int:
    """A version that follows from what is kept: another content, another version."""
    plain = json.dumps(said, default=str, sort_keys=True).encode()
    return int.from_bytes(hashlib.sha256(plain).digest()[:6])


def begin(request: Request, uow: UnitOfWork) -> None:
    """Notes which versions may be changed; `*` is any. Raises Malformed."""
    uow.named = frozenset(str(each) for each in request.path_params.values())
    uow.changes_of = request.app.state.changes_of if uow.named else None
    said = request.headers.get(IF_MATCH)
    if said is None or request.method == "GET":
        return
    if not _edits_one(request):
        raise Malformed("Nothing is edited here that has a version.", field=IF_MATCH)
    if said.strip() == "*":
        return
    tags = [_TAG.match(each) for each in said.split(",")]
    if None in tags:
        raise Malformed('A list of versions as ETag gave them, or "*".', field=IF_MATCH)
    # A weak tag never matches; neither does one that is not ours.
    uow.expected = frozenset(
        int(tag[2]) for tag in tags if tag and not tag[1] and tag[2].isdecimal()
    )


def finish(request: Request, uow: UnitOfWork) -> None:
    """Called when all is committed and the answer has not left yet."""
    answer: Response | None = getattr(request.state, "response", None)
    if answer is not None and uow.version is not None and _names_one(request):
        answer.headers["ETag"] = f'"{uow.version}"'


def _edits_one(request: Request) -> bool:
    route = request.scope["route"]
    return "{" in route.path and NOT_HONOURED not in (route.openapi_extra or {})


def _names_one(request: Request) -> bool:
    """A list, a page of one, and what is made of several records have no version of their own."""
    route = request.scope["route"]
    if UNVERSIONED in (route.openapi_extra or {}):
        return False
    paged = any(each.name == "cursor" for each in route.dependant.query_params)
    return "{" in route.path and not paged
