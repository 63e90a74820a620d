"""Who works for an agency, when, and who is away. Names as they are sealed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from domain.absence import Absence, Colleague
from domain.errors import Missing
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.store.rows import Found, Row, every, one, put, version
from services.agencies.store.sight import demand_staff_sight
from services.agencies.store.tables import absences, staff, working_hours

STAFF_NAME = "staff.name"  # what a sealed name is bound to


async def member(uow: UnitOfWork, staff_id: str) -> Found | None:
    return await one(uow, select(staff).where(staff.c.staff_id == staff_id), lock=True)


async def need_member(uow: UnitOfWork, agency_id: str, staff_id: str) -> Found:
    """Raises Missing when the agency employs nobody of this id."""
    found = await member(uow, staff_id)
    if found is None or found["agency_id"] != agency_id:
        raise Missing
    return found


def colleague(row: Found) -> Colleague:
    roles = frozenset(Role(each) for each in row["roles"])
    return Colleague(row["staff_id"], row["agency_id"], roles, row["active"])


async def staff_page(
    uow: UnitOfWork, agency_id: str, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    """Raises Hidden."""
    demand_staff_sight(uow, agency_id)
    query = select(staff).where(staff.c.agency_id == agency_id)
    return await paging.page(uow, query, [staff.c.staff_id], cursor, limit)


async def colleague_of(uow: UnitOfWork, agency_id: str, staff_id: str) -> Found:
    """Raises Hidden, or Missing when the agency employs nobody of this id."""
    demand_staff_sight(uow, agency_id)
    found = await one(uow, select(staff).where(staff.c.staff_id == staff_id))
    if found is None or found["agency_id"] != agency_id:
        raise Missing
    return found


async def at_work_for(uow: UnitOfWork, agency_id: str) -> set[str]:
    query = select(staff.c.staff_id).where(staff.c.agency_id == agency_id, staff.c.active)
    return set((await uow.connection.execute(query)).scalars())


async def save_member(uow: UnitOfWork, row: Row) -> None:
    await put(uow, staff, row)


async def hours(uow: UnitOfWork, staff_id: str) -> Found | None:
    return await one(uow, select(working_hours).where(working_hours.c.staff_id == staff_id))


def hours_version(staff_id: str, found: Found | None) -> int:
    """Nothing known of her hours is an answer too, and has a version."""
    return version(found if found is not None else {"staff_id": staff_id})


async def save_hours(uow: UnitOfWork, row: Row) -> None:
    await put(uow, working_hours, row)


async def absences_of(uow: UnitOfWork, agency_id: str) -> Sequence[Found]:
    """Those of anybody there that still count, under way or to come."""
    query = select(absences).where(
        absences.c.agency_id == agency_id,
        absences.c.ended_at.is_(None),
        absences.c.until_at > uow.now,
    )
    return await every(uow, query.order_by(absences.c.from_at, absences.c.absence_id))


async def absences_page(
    uow: UnitOfWork, staff_id: str, *, over: bool, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    query = select(absences).where(absences.c.staff_id == staff_id)
    if not over:
        query = query.where(absences.c.ended_at.is_(None), absences.c.until_at > uow.now)
    by = [absences.c.from_at, absences.c.absence_id]
    return await paging.page(uow, query, by, cursor, limit)


def absence(row: Found) -> Absence:
    return Absence(row["staff_id"], row["from_at"], row["until_at"], row["stand_in_id"])


async def need_absence(uow: UnitOfWork, staff_id: str, absence_id: UUID) -> Found:
    """Raises Missing."""
    query = select(absences).where(
        absences.c.absence_id == absence_id, absences.c.staff_id == staff_id
    )
    found = await one(uow, query, lock=True)
    if found is None:
        raise Missing
    return found


def absence_version(row: Mapping[Any, Any]) -> int:
    """All that ever changes is whether it has been ended."""
    return version({"absence_id": row["absence_id"], "over": row["ended_at"] is not None})


async def save_absence(uow: UnitOfWork, row: Row) -> None:
    await put(uow, absences, row)


async def end_absence(uow: UnitOfWork, absence_id: UUID) -> None:
    ended: Any = update(absences).where(absences.c.absence_id == absence_id)
    await uow.connection.execute(ended.values(ended_at=uow.now))
