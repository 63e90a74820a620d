"""Offers, found by what somebody needs, and pathways with how each of their offers stands now."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Missing
from domain.offers import language_tag, why_not
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.queries.agencies import contact
from services.agencies.schemas.offers import OfferList, OfferView
from services.agencies.schemas.pathways import PathwayList, PathwayView, Standing
from services.agencies.store import agencies
from services.agencies.store import offers as store
from services.agencies.store.offers import Search
from services.agencies.store.rows import Found, version


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom a pathway is looked at: an age and a language, and nobody's name."""

    age: int | None = None
    language: str | None = None


async def offer(uow: UnitOfWork, offer_id: str) -> OfferView:
    row = await store.offer(uow, offer_id, lock=False)
    if row is None:
        raise Missing
    uow.stands_at(version(row))
    return _offer(row)


async def offer_of(uow: UnitOfWork, agency_id: str, offer_id: str) -> OfferView:
    """As the agency's own; one that was withdrawn is shown as such. Raises Missing."""
    found = await offer(uow, offer_id)
    if found.agency_id != agency_id:
        raise Missing
    return found


async def offers_of(uow: UnitOfWork, agency_id: str, cursor: str | None, limit: int) -> OfferList:
    await agencies.need_agency(uow, agency_id)
    return await offers(uow, Search(agency_id=agency_id), cursor, limit)


async def offers(uow: UnitOfWork, wanted: Search, cursor: str | None, limit: int) -> OfferList:
    if wanted.language is not None:
        language_tag(wanted.language, "language")
    rows, following = await store.search(uow, wanted, cursor, limit)
    return OfferList(items=[_offer(row) for row in rows], next_cursor=following)


async def pathway(uow: UnitOfWork, need: str, area: str, wanted: Wanted) -> PathwayView:
    found = await store.need_pathway(uow, need, area)
    uow.stands_at(version(found))
    return (await _pathways(uow, [found], wanted))[0]


async def pathways(
    uow: UnitOfWork,
    need: str | None,
    area: str | None,
    wanted: Wanted,
    cursor: str | None,
    limit: int,
) -> PathwayList:
    rows, following = await store.pathways_page(uow, need, area, cursor, limit)
    return PathwayList(items=await _pathways(uow, rows, wanted), next_cursor=following)


async def _pathways(uow: UnitOfWork, rows: Sequence[Found], wanted: Wanted) -> list[PathwayView]:
    if wanted.language is not None:
        language_tag(wanted.language, "language")
    known = await store.offers_by_id(uow, {each for row in rows for each in row["offers"]})
    return [
        PathwayView(
            need=row["need"],
            area=row["area"],
            offers=row["offers"],
            providers=row["providers"],
            now=[_standing(known[each], row["area"], wanted) for each in row["offers"]],
        )
        for row in rows
    ]


def _standing(row: Found, area: str, wanted: Wanted) -> Standing:
    reasons = why_not(store.suited(row), area=area, age=wanted.age, language=wanted.language)
    shown = ("offer_id", "agency_id", "title", "capacity", "waiting_days")
    return Standing(
        **{name: row[name] for name in shown}, suitable=not reasons, reasons=list(reasons)
    )


def _offer(row: Found) -> OfferView:
    shown = {name: row[name] for name in OfferView.model_fields if name != "contact"}
    return OfferView(**shown, contact=contact(dict(row)))
