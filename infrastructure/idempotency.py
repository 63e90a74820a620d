"""A request said twice is carried out once: the first answer is kept under the viewer's own key.

The row is made in the command's transaction, so a second request with the key waits for the first to end.
"""

from dataclasses import dataclass

from sqlalchemy import text

from domain.errors import Refusal
from infrastructure.unit_of_work import UnitOfWork

_CLAIM = text("""
INSERT INTO idempotency (viewer, key, route, body_hash) VALUES (:viewer, :key, :route, :body_hash)
ON CONFLICT DO NOTHING RETURNING key
""")
_FIND = text("""
SELECT route, body_hash, status, body FROM idempotency WHERE viewer = :viewer AND key = :key
""")
_KEEP = text("""
UPDATE idempotency SET status = :status, body = :body WHERE viewer = :viewer AND key = :key
""")


class IdempotencyKeyReused(Refusal):
    """This idempotency key was used before, for another request."""

    code = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer as it was sent the first time."""

    status: int
    body: bytes


async def recall(uow: UnitOfWork, key: str, route: str, body_hash: bytes) -> StoredAnswer | None:
    """The answer given before; None: this is the first, and the key is now taken.

    Raises IdempotencyKeyReused when the route or the body differs.
    """
    whose = {"viewer": uow.viewer.staff_id, "key": key}
    claim = await uow.connection.execute(_CLAIM, {**whose, "route": route, "body_hash": body_hash})
    if claim.first():
        return None
    found = (await uow.connection.execute(_FIND, whose)).one()
    if found.route != route or bytes(found.body_hash) != body_hash:
        raise IdempotencyKeyReused(field="Idempotency-Key")
    if found.status is None:
        return None
    return StoredAnswer(found.status, bytes(found.body or b""))


async def remember(uow: UnitOfWork, key: str, status: int, body: bytes) -> None:
    """Keeps the answer; call it before the transaction ends, with a body that is sealed or holds no names."""
    await uow.connection.execute(
        _KEEP, {"viewer": uow.viewer.staff_id, "key": key, "status": status, "body": body}
    )
