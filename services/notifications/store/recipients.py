"""Where each member of staff is written to: addresses and numbers sealed under the staff id."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.channels import Channel
from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure import crypto, versions
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import RECIPIENTS

_EMAIL, _PHONE = "recipient/email", "recipient/phone"
_BAD = {Channel.EMAIL: "email_bad_at", Channel.TEXT: "phone_bad_at"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Ways to reach somebody, and the language that messages are written in; an address may be known to be bad."""

    staff_id: str
    email: str
    language: str
    phone: str | None = None
    email_bad_at: datetime | None = None
    phone_bad_at: datetime | None = None

    @property
    def reachable(self) -> frozenset[Channel]:
        found = set()
        if self.email and self.email_bad_at is None:
            found.add(Channel.EMAIL)
        if self.phone and self.phone_bad_at is None:
            found.add(Channel.TEXT)
        return frozenset(found)


async def load(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> Recipient:
    """For oneself, an administrator, and the platform itself; raises Missing or Hidden."""
    demand(uow, staff_id, viewer)
    found = await load_many(uow, [staff_id], viewer)
    if not found:
        raise Missing
    return found[staff_id]


async def load_many(
    uow: UnitOfWork, staff_ids: Sequence[str], viewer: Viewer
) -> dict[str, Recipient]:
    """By staff id; for one's own or, of anybody, an administrator and the platform itself."""
    for staff_id in staff_ids:
        demand(uow, staff_id, viewer)
    query = select(RECIPIENTS).where(RECIPIENTS.c.staff_id.in_(list(staff_ids)))
    rows = list((await uow.connection.execute(query)).mappings())
    keys = await crypto.case_keys(uow, [row["staff_id"] for row in rows])
    return {
        row["staff_id"]: _opened(row, keys[row["staff_id"]])
        for row in rows
        if row["staff_id"] in keys
    }


async def save(uow: UnitOfWork, recipient: Recipient, viewer: Viewer) -> None:
    """By oneself or an administrator; an address that is given anew counts as good. Raises Hidden."""
    demand(uow, recipient.staff_id, viewer)
    key = await crypto.case_key(uow, recipient.staff_id, create=True)
    phone = recipient.phone
    row = {
        "staff_id": recipient.staff_id,
        "email": crypto.seal(key, recipient.staff_id, _EMAIL, recipient.email),
        "phone": crypto.seal(key, recipient.staff_id, _PHONE, phone) if phone else None,
        "language": recipient.language,
        "email_bad_at": None,
        "phone_bad_at": None,
        "set_at": uow.now,
        "set_by": viewer.staff_id,
    }
    await uow.connection.execute(
        insert(RECIPIENTS).values(row).on_conflict_do_update(index_elements=["staff_id"], set_=row)
    )


async def version(uow: UnitOfWork, staff_id: str, *, lock: bool = False) -> int | None:
    """Changes with whatever is kept of her; None while there is nothing."""
    query = select(RECIPIENTS).where(RECIPIENTS.c.staff_id == staff_id)
    found = await uow.connection.execute(query.with_for_update() if lock else query)
    row = found.mappings().first()
    return versions.of_content(dict(row)) if row else None


async def is_known(uow: UnitOfWork, recipient_id: str) -> bool:
    """Whether there is anywhere to write to, without saying where."""
    query = select(RECIPIENTS.c.staff_id).where(RECIPIENTS.c.staff_id == recipient_id)
    return (await uow.connection.execute(query)).first() is not None


async def mark_bad(uow: UnitOfWork, staff_id: str, channel: Channel) -> None:
    """Nothing is sent there until the address is given anew."""
    await uow.connection.execute(
        update(RECIPIENTS).where(RECIPIENTS.c.staff_id == staff_id).values({_BAD[channel]: uow.now})
    )


def demand(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> None:
    if viewer.staff_id != staff_id and not viewer.has(Role.ADMINISTRATOR, Role.SYSTEM):
        uow.audit("recipient.read", staff_id, outcome="hidden")
        raise Hidden


def _opened(row: Any, key: CaseKey) -> Recipient:
    staff_id = row["staff_id"]
    recipient = Recipient(
        staff_id,
        crypto.open_sealed(key, staff_id, _EMAIL, bytes(row["email"])),
        row["language"],
        email_bad_at=row["email_bad_at"],
        phone_bad_at=row["phone_bad_at"],
    )
    if row["phone"] is None:
        return recipient
    phone = crypto.open_sealed(key, staff_id, _PHONE, bytes(row["phone"]))
    return replace(recipient, phone=phone)
