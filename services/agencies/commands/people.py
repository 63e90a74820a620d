"""Putting staff and their hours of work. Somebody leaves only when nobody counts on her."""

from typing import Any

from contracts.events.agencies import StaffRegistered, WorkingHoursPublished
from domain import absence, directory, working_hours
from domain.directory import LeadsTeam, StaffOfAnotherAgency
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.commands.zones import demand_zone
from services.agencies.schemas.people import HoursEntry, StaffEntry
from services.agencies.store import agencies
from services.agencies.store import people as store
from services.agencies.store.rows import Found, version
from services.agencies.store.sight import demand_administrator, demand_times_of


async def put_staff(uow: UnitOfWork, agency_id: str, staff_id: str, entry: StaffEntry) -> None:
    demand_administrator(uow)
    await agencies.need_agency(uow, agency_id, lock=True)
    before = await store.member(uow, staff_id)
    if before is not None and before["agency_id"] != agency_id and before["active"]:
        raise StaffOfAnotherAgency
    uow.stands_at(version(before) if before is not None else None)
    teams = [team["team_id"] for team in await agencies.teams_of(uow, [agency_id])]
    directory.demand_team(entry.team_id, teams)
    if before is not None and before["active"] and not entry.active:
        await _demand_may_leave(uow, before)
    key = await crypto.case_key(uow, staff_id, create=True)
    said: dict[str, Any] = {
        "agency_id": agency_id,
        "staff_id": staff_id,
        "team_id": entry.team_id,
        "roles": sorted(set(entry.roles)),
        "active": entry.active,
    }
    old_name = before and crypto.open_sealed(key, staff_id, store.STAFF_NAME, before["sealed_name"])
    changed = before is None or any(before[name] != each for name, each in said.items())
    if not changed and old_name == entry.name:
        return
    sealed = crypto.seal(key, staff_id, store.STAFF_NAME, entry.name)
    await store.save_member(uow, {**said, "sealed_name": sealed})
    uow.audit("put-staff", agency_id)
    if changed:
        uow.emit(StaffRegistered(at=uow.now, **said))


async def _demand_may_leave(uow: UnitOfWork, member: Found) -> None:
    agency_id, staff_id = member["agency_id"], member["staff_id"]
    counted_on = map(store.absence, await store.absences_of(uow, agency_id))
    absence.demand_may_leave(staff_id, uow.now, counted_on)
    if led := await agencies.teams_led_by(uow, agency_id, staff_id):
        raise LeadsTeam(f"She leads {', '.join(led)}: name another lead first.", field="active")


async def put_hours(uow: UnitOfWork, agency_id: str, staff_id: str, entry: HoursEntry) -> None:
    demand_times_of(uow, agency_id, staff_id)
    agency = await agencies.need_agency(uow, agency_id, lock=True)
    await store.need_member(uow, agency_id, staff_id)
    zone = entry.zone or agency["zone"]
    demand_zone(zone)
    row = {
        "staff_id": staff_id,
        "zone": zone,
        "spans": list(working_hours.week(entry.spans)),
    }
    before = await store.hours(uow, staff_id)
    uow.stands_at(store.hours_version(staff_id, before))
    if before is not None and dict(before) == row:
        return
    await store.save_hours(uow, row)
    uow.audit("put-working-hours", agency_id)
    uow.emit(WorkingHoursPublished(agency_id=agency_id, at=uow.now, **row))
