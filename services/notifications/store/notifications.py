"""Notifications as rows: each load takes the viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.notifying import Delivery, Notification, may_acknowledge
from domain.vocabulary import NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import FINDINGS, NOTIFICATIONS

_N = NOTIFICATIONS.c
_WORDS = {"kind": NotificationKind, "role": Role, "state": Delivery}


@dataclass(frozen=True, slots=True)
class Finding:
    """Somebody in this role should have been told, and there is nobody."""

    cause_id: UUID
    role: Role
    case_ref: str
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
        uow.audit("notification.read", found.case_ref, outcome="hidden")
        raise Hidden
    return found


async def load_for_delivery(uow: UnitOfWork, notification_id: UUID, viewer: Viewer) -> Notification:
    """Locked, so that two attempts never send at once; raises Missing, or Hidden to anybody else."""
    if not viewer.has(Role.SYSTEM):
        raise Hidden
    return await _locked(uow, notification_id)


async def inbox(
    uow: UnitOfWork, viewer: Viewer, *, acknowledged: bool, limit: int, before: UUID | None
) -> list[Notification]:
    """The viewer's own, newest first (ids rise with time), older than `before`."""
    taken_up = _N.acknowledged_at.is_not(None) if acknowledged else _N.acknowledged_at.is_(None)
    conditions: list[ColumnElement[bool]] = [_N.staff_id == viewer.staff_id, taken_up]
    if before is not None:
        conditions.append(_N.id < before)
    query = select(NOTIFICATIONS).where(*conditions).order_by(_N.id.desc()).limit(limit)
    return await _all(uow, query)


async def count_open(uow: UnitOfWork, viewer: Viewer) -> int:
    query = select(func.count()).where(_N.staff_id == viewer.staff_id, _N.acknowledged_at.is_(None))
    return int((await uow.connection.execute(query)).scalar_one())


async def save(uow: UnitOfWork, notification: Notification) -> None:
    """Writes what becomes of it; what it says never changes."""
    changes = {
        "state": notification.state.value,
        "attempts": notification.attempts,
        "ended_at": notification.ended_at,
        "given_up_because": notification.given_up_because,
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


async def findings(uow: UnitOfWork, agency_id: str | None, limit: int) -> list[Finding]:
    """Newest first; of one agency, or of all when None. Check the viewer's role before."""
    query = select(FINDINGS).order_by(FINDINGS.c.found_at.desc()).limit(limit)
    if agency_id is not None:
        query = query.where(FINDINGS.c.agency_id == agency_id)
    rows: Sequence[Any] = (await uow.connection.execute(query)).mappings().all()
    return [Finding(**{**row, "role": Role(row["role"])}) for row in rows]


async def _locked(uow: UnitOfWork, notification_id: UUID) -> Notification:
    query = select(NOTIFICATIONS).where(_N.id == notification_id).with_for_update()
    found = await _all(uow, query)
    if not found:
        raise Missing
    return found[0]


async def _all(uow: UnitOfWork, query: Select[Any]) -> list[Notification]:
    return [_notification(row) for row in (await uow.connection.execute(query)).mappings()]


def _notification(row: Any) -> Notification:
    return Notification(**{**row, **{name: word(row[name]) for name, word in _WORDS.items()}})


def _row(notification: Notification) -> dict[str, Any]:
    row = {name: getattr(notification, name) for name in Notification.__slots__}
    return row | {name: row[name].value for name in _WORDS}
