"""Staff, their hours of work, and who stands in while they are away."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from infrastructure import versions
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.agencies.commands import absences
from services.agencies.commands import people as putting
from services.agencies.queries import people as reading
from services.agencies.schemas.people import (
    AbsenceEntry,
    AbsenceList,
    AbsenceView,
    HoursEntry,
    HoursView,
    StaffEntry,
    StaffList,
    StaffView,
)
from services.agencies.schemas.words import PathId

router = Router(tags=["staff"])


@router.put("/agencies/{agency_id}/staff/{staff_id}")
async def put_staff(uow: Uow, agency_id: PathId, staff_id: PathId, entry: StaffEntry) -> StaffView:
    """Somebody who works for the agency, with team and roles; `active: false` when she leaves."""
    await putting.put_staff(uow, agency_id, staff_id, entry)
    return await reading.member(uow, agency_id, staff_id)


@router.get("/agencies/{agency_id}/staff")
async def list_staff(
    uow: Uow, agency_id: PathId, cursor: Cursor = None, limit: Limit = USUAL
) -> StaffList:
    """Colleagues with their names, in the order of their ids."""
    return await reading.staff_list(uow, agency_id, cursor, limit)


@router.get("/agencies/{agency_id}/staff/{staff_id}")
async def read_staff(uow: Uow, agency_id: PathId, staff_id: PathId) -> StaffView:
    """One of the staff; the name only for colleagues."""
    return await reading.read_member(uow, agency_id, staff_id)


@router.put("/agencies/{agency_id}/staff/{staff_id}/working-hours")
async def put_working_hours(
    uow: Uow, agency_id: PathId, staff_id: PathId, entry: HoursEntry
) -> HoursView:
    """When she works: put by herself, a manager of the agency, or an administrator."""
    await putting.put_hours(uow, agency_id, staff_id, entry)
    return await reading.working_hours(uow, agency_id, staff_id)


@router.get("/agencies/{agency_id}/staff/{staff_id}/working-hours")
async def read_working_hours(uow: Uow, agency_id: PathId, staff_id: PathId) -> HoursView:
    """When she works, for colleagues and administrators."""
    return await reading.working_hours(uow, agency_id, staff_id)


@router.post(
    "/agencies/{agency_id}/staff/{staff_id}/absences",
    status_code=201,
    openapi_extra={versions.NOT_HONOURED: "It adds an absence and edits none."},
)
async def record_absence(
    uow: Uow, agency_id: PathId, staff_id: PathId, entry: AbsenceEntry
) -> AbsenceView:
    """She is away; whoever stands in is told in her place. Recorded by herself, a manager, an administrator."""
    return await absences.record_absence(uow, agency_id, staff_id, entry)


@router.get("/agencies/{agency_id}/staff/{staff_id}/absences")
async def list_absences(
    uow: Uow,
    agency_id: PathId,
    staff_id: PathId,
    include_past: Annotated[bool, Query()] = False,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> AbsenceList:
    """Absences under way or to come, and whoever is there now."""
    return await reading.absences(uow, agency_id, staff_id, include_past, cursor, limit)


@router.delete("/agencies/{agency_id}/staff/{staff_id}/absences/{absence_id}")
async def end_absence(
    uow: Uow, agency_id: PathId, staff_id: PathId, absence_id: UUID
) -> AbsenceView:
    """She is back, or will not go. The record stays."""
    return await absences.end_absence(uow, agency_id, staff_id, absence_id)
