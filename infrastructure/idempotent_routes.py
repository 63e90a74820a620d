"""`Idempotency-Key` on POST and PUT: the second request gets the first one's answer, and does nothing.

Answers may hold personal data, so they are kept sealed, and only for a day.
"""

import hashlib
import re

from fastapi import FastAPI, Request, Response
from sqlalchemy import text

from domain.disclosure import Viewer
from domain.errors import Malformed
from infrastructure.crypto import master_ring
from infrastructure.db import Database
from infrastructure.idempotency import StoredAnswer, recall, remember
from infrastructure.unit_of_work import UnitOfWork

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
NOT_HONOURED = (
    "x-without-idempotency-key"  # said with a route, and why; shown in its OpenAPI document
)
_METHODS = frozenset({"POST", "PUT"})
_KEY = re.compile(r"^[!-~]{1,128}$")
# Wall time: a caller's retries live by the wall, whatever the sandbox says.
_FORGET = text("DELETE FROM idempotency WHERE created_at < clock_timestamp() - interval '1 day'")


class AnsweredBeforeError(Exception):
    """Not a failure: the request was carried out already, and this was its answer."""

    def __init__(self, stored: StoredAnswer) -> None:
        super().__init__()
        self.stored = stored


def install(api: FastAPI) -> None:
    api.add_exception_handler(AnsweredBeforeError, _replay)  # type: ignore[arg-type]


async def begin(request: Request, uow: UnitOfWork) -> None:
    """Takes the key, inside the command's transaction; raises AnsweredBeforeError or a refusal."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in _METHODS:
        return
    if not _KEY.match(key):
        raise Malformed("The key is 1 to 128 visible ASCII characters.", field=HEADER)
    route = f"{request.method} {request.url.path}"
    said = hashlib.sha256(request.url.query.encode() + b"\n" + await request.body()).digest()
    stored = await recall(uow, key, route, said)
    if stored is not None:
        bound = _bound(uow, key)
        raise AnsweredBeforeError(
            StoredAnswer(stored.status, master_ring().open(stored.body, bound))
        )
    request.state.idempotency_key = key


async def finish(request: Request, response: Response) -> None:
    """Keeps the answer in the same transaction; a refusal undoes all of it, and frees the key."""
    key = getattr(request.state, "idempotency_key", None)
    if key is None:
        return
    uow: UnitOfWork = request.state.uow
    sealed = master_ring().seal(bytes(response.body), _bound(uow, key))
    await remember(uow, key, response.status_code, sealed)


async def forget_old(db: Database) -> None:
    """Raises Unavailable."""
    async with db.transaction(Viewer.system(db.service)) as uow:
        await uow.connection.execute(_FORGET)


async def _replay(_: Request, before: AnsweredBeforeError) -> Response:
    return Response(
        before.stored.body,
        status_code=before.stored.status,
        media_type="application/json",
        headers={REPLAYED: "true"},
    )


def _bound(uow: UnitOfWork, key: str) -> bytes:
    return f"answer|{uow.viewer.staff_id}|{key}".encode()
