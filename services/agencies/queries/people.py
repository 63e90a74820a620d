"""Colleagues, their hours of work, and who is away."""

from domain import absence
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.people import (
    AbsenceList,
    HoursView,
    StaffList,
    StaffView,
    absence_view,
)
from services.agencies.store import agencies
from services.agencies.store import people as store
from services.agencies.store.rows import Found, version
from services.agencies.store.sight import demand_staff_sight


async def staff_list(uow: UnitOfWork, agency_id: str, cursor: str | None, limit: int) -> StaffList:
    await agencies.need_agency(uow, agency_id)
    rows, following = await store.staff_page(uow, agency_id, cursor, limit)
    uow.audit("read-staff", agency_id)
    return StaffList(items=[await _member(uow, row) for row in rows], next_cursor=following)


async def read_member(uow: UnitOfWork, agency_id: str, staff_id: str) -> StaffView:
    """Raises Hidden, Missing."""
    found = await member(uow, agency_id, staff_id)
    uow.audit("read-staff", agency_id)
    return found


async def member(uow: UnitOfWork, agency_id: str, staff_id: str) -> StaffView:
    """After a command, which is audited by itself. Raises Hidden, Missing."""
    found = await store.colleague_of(uow, agency_id, staff_id)
    uow.stands_at(version(found))
    return await _member(uow, found)


async def working_hours(uow: UnitOfWork, agency_id: str, staff_id: str) -> HoursView:
    """Raises Hidden for anybody but colleagues and administrators."""
    demand_staff_sight(uow, agency_id)
    agency = await agencies.need_agency(uow, agency_id)
    await store.need_member(uow, agency_id, staff_id)
    uow.audit("read-working-hours", agency_id)
    row = await store.hours(uow, staff_id)
    uow.stands_at(store.hours_version(staff_id, row))
    if row is None:
        return HoursView(staff_id=staff_id, zone=agency["zone"], spans=[])
    return HoursView(**row)


async def absences(
    uow: UnitOfWork,
    agency_id: str,
    staff_id: str,
    include_past: bool,
    cursor: str | None,
    limit: int,
) -> AbsenceList:
    """Raises Hidden for anybody but colleagues and administrators."""
    demand_staff_sight(uow, agency_id)
    await agencies.need_agency(uow, agency_id)
    await store.need_member(uow, agency_id, staff_id)
    uow.audit("read-absences", agency_id)
    rows, following = await store.absences_page(
        uow, staff_id, over=include_past, cursor=cursor, limit=limit
    )
    counting = [store.absence(row) for row in await store.absences_of(uow, agency_id)]
    return AbsenceList(
        items=[absence_view(dict(row)) for row in rows],
        next_cursor=following,
        there_now=absence.who_stands_in(staff_id, uow.now, counting),
    )


async def _member(uow: UnitOfWork, row: Found) -> StaffView:
    """The name is opened for colleagues only; an administrator of another agency sees the rest."""
    shown = {key: row[key] for key in ("staff_id", "agency_id", "team_id", "roles", "active")}
    if row["agency_id"] != uow.viewer.agency_id:
        return StaffView(**shown, name=None)
    key = await crypto.case_key(uow, row["staff_id"])
    name = crypto.open_sealed(key, row["staff_id"], store.STAFF_NAME, row["sealed_name"])
    return StaffView(**shown, name=name)
