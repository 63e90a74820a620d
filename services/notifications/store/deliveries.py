"""What is to be sent, taken by one attempt at a time, and what became of it.

A lease of wall time stands on a message while it is sent, so that no connection is held and nobody who takes it up
has to wait; a process that dies leaves the lease behind, and the message is free again once it has run out.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select, text, update

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.notifying import Delivery, Notification
from domain.vocabulary import Risk, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.notifications import COLUMNS, Page, from_row, newest
from services.notifications.store.tables import CASES, NOTIFICATIONS

_N = NOTIFICATIONS.c
LEASE = text("clock_timestamp() + interval '30 seconds'")
_SET = (
    "state", "attempts", "ended_at", "given_up_because", "channel", "failed_channels", "not_before",
    "bounced_at",
)  # fmt: skip


async def take(
    uow: UnitOfWork, ids: Sequence[UUID], viewer: Viewer
) -> tuple[list[Notification], list[Notification]]:
    """Those that wait and are now ours, and all others as they are; raises Hidden to all but the platform."""
    if not viewer.has(Role.SYSTEM):
        raise Hidden
    free = or_(_N.leased_until.is_(None), _N.leased_until < func.clock_timestamp())
    claim = (
        update(NOTIFICATIONS)
        .where(_N.id.in_(ids), _N.state == Delivery.WAITING.value, free)
        .values(leased_until=LEASE)
        .returning(*COLUMNS)
    )
    ours = [from_row(row) for row in (await uow.connection.execute(claim)).mappings()]
    left = set(ids) - {each.id for each in ours}
    query = select(*COLUMNS).where(_N.id.in_(left))
    others = [from_row(row) for row in (await uow.connection.execute(query)).mappings()]
    order = {each: place for place, each in enumerate(ids)}
    return sorted(ours, key=lambda each: order[each.id]), others


async def save(uow: UnitOfWork, ended: Sequence[Notification]) -> list[Notification]:
    """Writes what became of them, and frees them; one that was ended meanwhile by others stays as it is."""
    if not ended:
        return []
    names = {f"b_{name}": _value(name) for name in _SET}
    saved = []
    query = (
        update(NOTIFICATIONS)
        .where(_N.id == bindparam("b_id"), _N.state == Delivery.WAITING.value)
        .values({name: bindparam(f"b_{name}") for name in _SET} | {"leased_until": None})
        .returning(_N.id)
    )
    for each in ended:
        row = {key: value(each) for key, value in names.items()} | {"b_id": each.id}
        if (await uow.connection.execute(query, row)).first():
            saved.append(each)
    return saved


async def reopen(uow: UnitOfWork, notification: Notification) -> None:
    """What was thought to be sent waits again, or is given up: a bounce came back."""
    values = {name: _value(name)(notification) for name in _SET}
    await uow.connection.execute(
        update(NOTIFICATIONS).where(_N.id == notification.id).values(values)
    )


async def load(uow: UnitOfWork, notification_id: UUID) -> Notification:
    """Locked; raises Missing."""
    query = select(*COLUMNS).where(_N.id == notification_id).with_for_update()
    row: Any = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return from_row(row)


async def in_state(
    uow: UnitOfWork, state: Delivery, agency_id: str | None, cursor: str | None, limit: int
) -> Page:
    """Newest first; of one agency, or of all when None. Check the viewer's role before."""
    query = select(*COLUMNS).where(_N.state == state.value)
    if agency_id is not None:
        query = query.where(_N.agency_id == agency_id)
    return await newest(uow, query, cursor, limit)


async def risks(uow: UnitOfWork, case_refs: Sequence[str | None]) -> dict[str | None, Risk]:
    known = {each for each in case_refs if each}
    query = select(CASES.c.case_ref, CASES.c.risk).where(CASES.c.case_ref.in_(known))
    return {row.case_ref: Risk(row.risk) for row in await uow.connection.execute(query)}


def _value(name: str) -> Any:
    def read(notification: Notification) -> Any:
        found = getattr(notification, name)
        if name == "state":
            return found.value
        return list(found) if name == "failed_channels" else found

    return read
