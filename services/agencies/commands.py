"""Keeping the directory: what is put is what is there; an event only where something changed."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.events.agencies import (
    AgencyRegistered,
    OfferPublished,
    PathwayPublished,
    StaffRegistered,
)
from domain import directory
from domain.directory import (
    OfferOfAnotherAgency,
    OfferServesPathway,
    StaffOfAnotherAgency,
    TeamHasStaff,
)
from domain.errors import Malformed
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.agencies import store
from services.agencies.schemas import AgencyEntry, OfferEntry, PathwayEntry, StaffEntry, Team


async def put_agency(uow: UnitOfWork, agency_id: str, entry: AgencyEntry) -> None:
    store.demand_administrator(uow)
    before = await store.agency(uow, agency_id, lock=True)
    uow.packs.latest(entry.policy)
    _demand_zone(entry.zone)
    row = {"agency_id": agency_id, **entry.model_dump(include={"name", "zone", "policy"})}
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


async def _put_teams(uow: UnitOfWork, agency_id: str, teams: list[Team]) -> None:
    kept = {team.team_id for team in teams}
    if len(kept) < len(teams):
        raise Malformed("Each team is named once.", field="teams")
    used = await store.teams_in_use(uow, agency_id)
    if used - kept:
        raise TeamHasStaff(field="teams", allowed=sorted(used))
    await store.save_teams(uow, agency_id, [team.model_dump() for team in teams])


async def put_staff(uow: UnitOfWork, agency_id: str, staff_id: str, entry: StaffEntry) -> None:
    store.demand_administrator(uow)
    await store.need_agency(uow, agency_id, lock=True)
    before = await store.member(uow, staff_id)
    if before is not None and before["agency_id"] != agency_id and before["active"]:
        raise StaffOfAnotherAgency
    teams = [team["team_id"] for team in await store.teams_of(uow, [agency_id])]
    directory.demand_team(entry.team_id, teams)
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


async def put_offer(uow: UnitOfWork, agency_id: str, offer_id: str, entry: OfferEntry) -> None:
    store.demand_administrator(uow)
    await store.need_agency(uow, agency_id, lock=True)
    before = await store.offer(uow, offer_id)
    row = {"offer_id": offer_id, "agency_id": agency_id, **entry.model_dump()}
    if before is not None and before["agency_id"] != agency_id:
        raise OfferOfAnotherAgency
    if before is not None and dict(before) == row:
        return
    if before is not None and before["need"] != entry.need:
        await _demand_off_pathways(uow, offer_id)
    await store.save_offer(uow, row)
    uow.audit("put-offer", agency_id)
    said = {name: each for name, each in row.items() if name != "title"}
    if before is None or any(before[name] != each for name, each in said.items()):
        uow.emit(OfferPublished(at=uow.now, **said))


async def _demand_off_pathways(uow: UnitOfWork, offer_id: str) -> None:
    relying = await store.pathways_where(uow, offer_id=offer_id)
    if relying:
        named = [f"{row['need']}/{row['area']}" for row in relying]
        raise OfferServesPathway(f"Pathways rely on this offer: {', '.join(named)}.", field="need")


async def put_pathway(uow: UnitOfWork, need: str, area: str, entry: PathwayEntry) -> None:
    store.demand_administrator(uow)
    before = await store.pathway(uow, need, area)
    known = await store.offers_for(uow, need)
    providers = directory.lay_pathway(need, entry.offers, known)
    published_by: str = before["published_by"] if before else uow.viewer.agency_id
    said: dict[str, Any] = {
        "need": need,
        "area": area,
        "offers": [provider.offer_id for provider in providers],
        "providers": [provider.agency_id for provider in providers],
    }
    if before is not None and dict(before) == {**said, "published_by": published_by}:
        return
    await store.save_pathway(uow, {**said, "published_by": published_by})
    uow.audit("put-pathway", published_by)
    uow.emit(PathwayPublished(agency_id=published_by, at=uow.now, **said))


def _demand_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed("Not an IANA time zone, such as Africa/Kampala.", field="zone") from None
