"""Notifications as rows: each load takes the viewer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.notifying import Delivery, Notification, may_acknowledge
from domain.vocabulary import NotificationKind, Role
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import FINDINGS, NOTIFICATIONS

_N = NOTIFICATIONS.c
_WORDS = {"kind": NotificationKind, "role": Role, "state": Delivery}
Page = tuple[list[Notification], str | None]
COLUMNS = [_N[name] for name in Notification.__slots__]


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody in this role should have been told, and there is nobody."""

    cause_id: UUID
    role: Role
    case_ref: str | None
    agency_id: str
    step: str
    message: str
    found_at: datetime


async def add(uow: UnitOfWork, notification: Notification) -> bool:
    """False when this member of staff was told of this event already."""
    new = insert(NOTIFICATIONS).values(_row(notification)).on_conflict_do_nothing()
    return (await uow.connection.execute(new.returning(_N.id))).first() is not None


async def load(uow: UnitOfWork, notification_id: UUID, viewer: Viewer) -> Notification:
    """Locked. For whoever may acknowledge it; raises Missing, or Hidden (answers alike)."""
    found = await _locked(uow, notification_id)
    if not may_acknowledge(viewer, found.staff_id, found.agency_id):
        uow.audit("notification.read", found.about, outcome="hidden")
        raise Hidden
    return found


async def inbox(
    uow: UnitOfWork, viewer: Viewer, *, acknowledged: bool | None, cursor: str | None, limit: int
) -> Page:
    """The viewer's own, of one part or of both: unacknowledged first, then newest first."""
    waits = case((_N.acknowledged_at.is_(None), 1), else_=0).label("waits")
    query = select(*COLUMNS, waits).where(_N.staff_id == viewer.staff_id)
    if acknowledged is not None:
        query = query.where(
            _N.acknowledged_at.is_not(None) if acknowledged else _N.acknowledged_at.is_(None)
        )
    return await newest(uow, query, cursor, limit, waits)


async def of_case(uow: UnitOfWork, case_ref: str, cursor: str | None, limit: int) -> Page:
    """Who was told of what, newest first. Check that the viewer may see the case before."""
    query = select(*COLUMNS).where(_N.case_ref == case_ref)
    return await newest(uow, query, cursor, limit)


async def newest(
    uow: UnitOfWork, query: Select[Any], cursor: str | None, limit: int, *before: Any
) -> Page:
    """Ids rise with time; what is in `before` comes first."""
    by = [*before, _N.id]
    rows, following = await paging.page(uow, query, by, cursor, limit, newest_first=True)
    return [from_row(row) for row in rows], following


async def count_open(uow: UnitOfWork, viewer: Viewer) -> int:
    query = select(func.count()).where(_N.staff_id == viewer.staff_id, _N.acknowledged_at.is_(None))
    return int((await uow.connection.execute(query)).scalar_one())


async def save_taken_up(uow: UnitOfWork, notification: Notification) -> None:
    """Who has taken it up; what it says never changes."""
    changes = {
        "acknowledged_by": notification.acknowledged_by,
        "acknowledged_at": notification.acknowledged_at,
    }
    await uow.connection.execute(
        update(NOTIFICATIONS).where(_N.id == notification.id).values(changes)
    )


async def settle(uow: UnitOfWork, deadline_id: UUID, at: datetime) -> None:
    """The duty is met or dropped; its notifications show it."""
    await uow.connection.execute(
        update(NOTIFICATIONS)
        .where(_N.deadline_id == deadline_id, _N.settled_at.is_(None))
        .values(settled_at=at)
    )


async def add_finding(uow: UnitOfWork, finding: Finding) -> bool:
    row = {name: getattr(finding, name) for name in Finding.__slots__}
    new = insert(FINDINGS).values(**(row | {"role": finding.role.value}))
    added = new.on_conflict_do_nothing().returning(FINDINGS.c.cause_id)
    return (await uow.connection.execute(added)).first() is not None


async def findings(
    uow: UnitOfWork, agency_id: str | None, cursor: str | None, limit: int
) -> tuple[list[Finding], str | None]:
    """Newest first; of one agency, or of all when None. Check the viewer's role before."""
    query = select(FINDINGS)
    if agency_id is not None:
        query = query.where(FINDINGS.c.agency_id == agency_id)
    by = [FINDINGS.c.found_at, FINDINGS.c.cause_id, FINDINGS.c.role]
    rows, following = await paging.page(uow, query, by, cursor, limit, newest_first=True)
    return [Finding(**{**row, "role": Role(row["role"])}) for row in rows], following


async def _locked(uow: UnitOfWork, notification_id: UUID) -> Notification:
    query = select(*COLUMNS).where(_N.id == notification_id).with_for_update()
    found = await _all(uow, query)
    if not found:
        raise Missing
    return found[0]


async def _all(uow: UnitOfWork, query: Select[Any]) -> list[Notification]:
    return [from_row(row) for row in (await uow.connection.execute(query)).mappings()]


def from_row(row: Any) -> Notification:
    stand_in_for = row["stand_in_for"]
    told = {
        **{name: row[name] for name in Notification.__slots__},
        **{name: word(row[name]) for name, word in _WORDS.items()},
        "stand_in_for": Role(stand_in_for) if stand_in_for else None,
        "failed_channels": tuple(row["failed_channels"]),
    }
    return Notification(**told)


def _row(notification: Notification) -> dict[str, Any]:
    row = {name: getattr(notification, name) for name in Notification.__slots__}
    stand_in_for = notification.stand_in_for
    row |= {name: row[name].value for name in _WORDS}
    return row | {
        "stand_in_for": stand_in_for.value if stand_in_for else None,
        "failed_channels": list(notification.failed_channels),
    }
