"""Where each member of staff is written to: the address sealed under the staff id."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import RECIPIENTS

_FIELD = "recipient/email"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address and the language that messages are written in."""

    staff_id: str
    email: str
    language: str


async def load(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> Recipient:
    """For oneself, an administrator, and the platform itself; raises Missing or Hidden."""
    demand(uow, staff_id, viewer)
    query = select(RECIPIENTS).where(RECIPIENTS.c.staff_id == staff_id)
    row: Any = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    key = await crypto.case_key(uow, staff_id)
    email = crypto.open_sealed(key, staff_id, _FIELD, bytes(row["email"]))
    return Recipient(staff_id, email, row["language"])


async def save(uow: UnitOfWork, recipient: Recipient, viewer: Viewer) -> None:
    """By oneself or an administrator; raises Hidden."""
    demand(uow, recipient.staff_id, viewer)
    key = await crypto.case_key(uow, recipient.staff_id, create=True)
    row = {
        "staff_id": recipient.staff_id,
        "email": crypto.seal(key, recipient.staff_id, _FIELD, recipient.email),
        "language": recipient.language,
        "set_at": uow.now,
        "set_by": viewer.staff_id,
    }
    await uow.connection.execute(
        insert(RECIPIENTS).values(row).on_conflict_do_update(index_elements=["staff_id"], set_=row)
    )


def demand(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> None:
    if viewer.staff_id != staff_id and not viewer.has(Role.ADMINISTRATOR, Role.SYSTEM):
        uow.audit("recipient.read", staff_id, outcome="hidden")
        raise Hidden
