"""Putting agencies, their teams with who leads them, and their places."""

from typing import Any

from contracts.events.agencies import AgencyRegistered
from domain import directory
from domain.directory import TeamHasStaff
from domain.errors import Malformed
from domain.listing import outer_id
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.commands.naming import name_agency
from services.agencies.commands.zones import demand_zone
from services.agencies.schemas.agencies import AgencyEntry, PlaceEntry, Team
from services.agencies.schemas.words import Contact
from services.agencies.store import agencies as store
from services.agencies.store import people
from services.agencies.store.rows import Found, version
from services.agencies.store.sight import demand_administrator


async def put_agency(uow: UnitOfWork, agency_id: str, entry: AgencyEntry) -> None:
    demand_administrator(uow)
    before = await store.agency(uow, agency_id, lock=True)
    uow.stands_at(await store.version_of(uow, before) if before is not None else None)
    uow.packs.latest(entry.policy)
    demand_zone(entry.zone)
    row = await _row(uow, agency_id, entry, before)
    if before is not None and dict(before) == row and entry.teams is None:
        return
    await store.save_agency(uow, row)
    if entry.teams is not None:
        await _put_teams(uow, agency_id, entry.teams)
    uow.audit("put-agency", agency_id)
    if before is None or (before["zone"], before["policy"]) != (entry.zone, entry.policy):
        uow.emit(
            AgencyRegistered(agency_id=agency_id, at=uow.now, zone=entry.zone, policy=entry.policy)
        )
    if before is None or before["name"] != entry.name:
        name_agency(uow, agency_id, entry.name)


async def _row(
    uow: UnitOfWork, agency_id: str, entry: AgencyEntry, before: Found | None
) -> dict[str, Any]:
    kept: dict[str, Any] = (
        dict(before)
        if before is not None
        else {"hsds_id": await _outer_id(uow, agency_id), "description": None, **reached(None)}
    )
    said = entry.model_dump(include={"name", "zone", "policy"})
    if "description" in entry.model_fields_set:
        said["description"] = entry.description
    if "contact" in entry.model_fields_set:
        said.update(reached(entry.contact))
    return {**kept, "agency_id": agency_id, **said}


async def _outer_id(uow: UnitOfWork, agency_id: str) -> Any:
    """An imported agency may be known by the id that follows from this one's: then a new one."""
    usual = outer_id("agency", agency_id)
    return new_id() if await store.known_as(uow, usual) else usual


def reached(contact: Contact | None) -> dict[str, str | None]:
    """The columns of a public contact; none said, none kept."""
    return (contact or Contact()).model_dump()


async def _put_teams(uow: UnitOfWork, agency_id: str, teams: list[Team]) -> None:
    kept = {team.team_id for team in teams}
    if len(kept) < len(teams):
        raise Malformed("Each team is named once.", field="teams")
    used = await store.teams_in_use(uow, agency_id)
    if used - kept:
        raise TeamHasStaff(field="teams", allowed=sorted(used))
    before = {each["team_id"]: each for each in await store.teams_of(uow, [agency_id])}
    staff = await people.at_work_for(uow, agency_id)
    rows = []
    for team in teams:
        held = before.get(team.team_id)
        lead_id = (
            held["lead_id"] if held and "lead_id" not in team.model_fields_set else team.lead_id
        )
        directory.demand_lead(lead_id, staff)
        rows.append({"team_id": team.team_id, "name": team.name, "lead_id": lead_id})
    await store.save_teams(uow, agency_id, rows)


async def put_place(uow: UnitOfWork, agency_id: str, place_id: str, entry: PlaceEntry) -> None:
    demand_administrator(uow)
    await store.need_agency(uow, agency_id, lock=True)
    places = {each["place_id"]: each for each in await store.places_of(uow, [agency_id])}
    before = places.get(place_id)
    uow.stands_at(version(before) if before is not None else None)
    outer = before["hsds_id"] if before else outer_id("place", agency_id, place_id)
    key = {"agency_id": agency_id, "place_id": place_id, "hsds_id": outer}
    row = {**key, **entry.model_dump()}
    if before is not None and dict(before) == row:
        return
    await store.save_place(uow, row)
    uow.audit("put-place", agency_id)
