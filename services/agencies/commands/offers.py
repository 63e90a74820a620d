"""Putting what an agency offers, and how many places are free."""

from typing import Any

from contracts.events.agencies import OfferPublished, OfferTermsPublished
from domain import offers, working_hours
from domain.directory import OfferOfAnotherAgency, OfferServesPathway
from domain.errors import Malformed
from domain.listing import outer_id
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.commands.agencies import reached
from services.agencies.schemas.offers import CapacityEntry, OfferEntry
from services.agencies.store import agencies
from services.agencies.store import offers as store
from services.agencies.store.rows import Row, version
from services.agencies.store.sight import demand_administrator, demand_gives

_TERMS = ("areas", "languages", "youngest", "oldest", "waiting_days", "paused")
_PLAIN = ("youngest", "oldest", "waiting_days", "description", "eligibility")
_NEW: dict[str, Any] = {
    "languages": [], "youngest": None, "oldest": None, "waiting_days": None, "description": None,
    "eligibility": None, "opening": [], "places": [], "paused": False,
}  # fmt: skip


async def put_offer(uow: UnitOfWork, agency_id: str, offer_id: str, entry: OfferEntry) -> None:
    demand_administrator(uow)
    await agencies.need_agency(uow, agency_id, lock=True)
    found = await store.offer(uow, offer_id)
    if found is not None and found["agency_id"] != agency_id:
        raise OfferOfAnotherAgency
    uow.stands_at(version(found) if found is not None else None)
    before = dict(found) if found is not None else None
    kept: Row = before or {**_NEW, "areas": [], **reached(None)}
    outer = before["hsds_id"] if before else await _outer_id(uow, offer_id)
    row = {**kept, **_said(entry, kept), "offer_id": offer_id, "agency_id": agency_id}
    row.update(hsds_id=outer, withdrawn=False)
    offers.demand_ages(row["youngest"], row["oldest"])
    await _demand_places(uow, agency_id, row["places"])
    if before is not None:
        await _demand_still_serves(uow, before, row)
    await save(uow, before, row, "put-offer")


def _said(entry: OfferEntry, kept: Row) -> dict[str, Any]:
    """Left out, it stays; null or empty, it goes."""
    given = entry.model_fields_set
    said: dict[str, Any] = entry.model_dump(include={"need", "area", "capacity", "title"})
    said["areas"] = list(offers.areas_of(entry.area, entry.areas, kept["areas"]))
    said.update({name: getattr(entry, name) for name in _PLAIN if name in given})
    if "paused" in given:
        said["paused"] = entry.paused
    if "languages" in given:
        tags = (offers.language_tag(each) for each in entry.languages or ())
        said["languages"] = list(dict.fromkeys(tags))
    if "opening" in given:
        said["opening"] = list(working_hours.week(entry.opening or (), "opening"))
    if "places" in given:
        said["places"] = list(dict.fromkeys(entry.places or ()))
    if "contact" in given:
        said.update(reached(entry.contact))
    return said


async def _outer_id(uow: UnitOfWork, offer_id: str) -> Any:
    usual = outer_id("offer", offer_id)
    return new_id() if await store.known_as(uow, usual) else usual


async def _demand_places(uow: UnitOfWork, agency_id: str, wanted: list[str]) -> None:
    if not wanted:
        return
    known = [each["place_id"] for each in await agencies.places_of(uow, [agency_id])]
    if not set(wanted) <= set(known):
        raise Malformed("The agency has no such place.", field="places", allowed=known)


async def _demand_still_serves(uow: UnitOfWork, before: Row, row: Row) -> None:
    """Raises OfferServesPathway when a pathway would be left with an offer that serves something else."""
    lost = [
        f"{each['need']}/{each['area']}"
        for each in await store.pathways_of(uow, [row["offer_id"]])
        if _serves(before, dict(each)) and not _serves(row, dict(each))
    ]
    if lost:
        field = "need" if before["need"] != row["need"] else "areas"
        raise OfferServesPathway(f"Pathways rely on this offer: {', '.join(lost)}.", field=field)


def _serves(offer: Row, pathway: Row) -> bool:
    return offer["need"] == pathway["need"] and pathway["area"] in offer["areas"]


async def save(uow: UnitOfWork, before: Row | None, row: Row, action: str) -> None:
    """Saved, audited and said, each only where something changed."""
    if before is not None and dict(before) == dict(row):
        return
    await store.save_offer(uow, row)
    uow.audit(action, row["agency_id"])
    say(uow, before, row)


def say(uow: UnitOfWork, before: Row | None, row: Row) -> None:
    """The offer where its first area or places changed, its terms where somebody has ever given any."""
    said = {name: row[name] for name in ("offer_id", "agency_id", "need", "area", "capacity")}
    if before is None or any(before[name] != each for name, each in said.items()):
        uow.emit(OfferPublished(at=uow.now, **said))
    was = {name: before[name] for name in _TERMS} if before else _without_terms(row)
    terms = {name: row[name] for name in _TERMS}
    if terms != was:
        # On the bus a code is in small letters; language tags mean the same in any case.
        terms["languages"] = [each.lower() for each in row["languages"]]
        uow.emit(
            OfferTermsPublished(
                agency_id=row["agency_id"], offer_id=row["offer_id"], at=uow.now, **terms
            )
        )


def _without_terms(row: Row) -> dict[str, Any]:
    return {**{name: _NEW.get(name) for name in _TERMS}, "areas": [row["area"]]}


async def put_capacity(
    uow: UnitOfWork, agency_id: str, offer_id: str, entry: CapacityEntry
) -> None:
    demand_gives(uow, agency_id)
    await agencies.need_agency(uow, agency_id, lock=True)
    before = dict(await store.need_offer(uow, agency_id, offer_id))
    uow.stands_at(version(before))
    said = entry.model_dump(exclude_unset=True)
    if said.get("paused", False) is None:
        del said["paused"]
    await save(uow, before, {**before, **said}, "put-capacity")


async def withdraw_offer(uow: UnitOfWork, agency_id: str, offer_id: str) -> None:
    """It is found no more and takes nobody; its id stays taken, and putting it again brings it back."""
    demand_administrator(uow)
    await agencies.need_agency(uow, agency_id, lock=True)
    before = dict(await store.need_offer(uow, agency_id, offer_id))
    uow.stands_at(version(before))
    relying = await store.pathways_of(uow, [offer_id])
    if relying:
        named = [f"{row['need']}/{row['area']}" for row in relying]
        raise OfferServesPathway(f"Pathways rely on this offer: {', '.join(named)}.")
    gone = {**before, "withdrawn": True, "paused": True, "capacity": 0}
    await save(uow, before, gone, "withdraw-offer")
