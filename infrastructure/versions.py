"""ETag and If-Match (RFC 9110): whoever changes what she has read is refused when it has changed since.

A record's version counts the facts announced about it; a read of one record and every change of it answer with it.
"""

import re

from fastapi import Request, Response

from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork

IF_MATCH = "If-Match"
_TAG = re.compile(r'^\s*(W/)?"([^"]*)"\s*$')


def begin(request: Request, uow: UnitOfWork) -> None:
    """Notes which versions may be changed; `*` is any. Raises Malformed."""
    said = request.headers.get(IF_MATCH)
    if said is None or said.strip() == "*" or request.method == "GET":
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
    names_one = "{" in request.scope["route"].path  # a list has no version of its own
    if answer is not None and uow.version is not None and names_one:
        answer.headers["ETag"] = f'"{uow.version}"'
