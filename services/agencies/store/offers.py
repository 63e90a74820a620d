"""What agencies offer, and the pathways that rely on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from domain.directory import Offer
from domain.errors import Missing
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.store.rows import Found, Row, every, one, put
from services.agencies.store.tables import offers, pathways


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; None asks for nothing. Agrees with `domain.offers.why_not`."""

    agency_id: str | None = None
    need: str | None = None
    area: str | None = None
    age: int | None = None
    language: str | None = None
    free: bool = False


async def offer(uow: UnitOfWork, offer_id: str, *, lock: bool = True) -> Found | None:
    return await one(uow, select(offers).where(offers.c.offer_id == offer_id), lock=lock)


async def need_offer(uow: UnitOfWork, agency_id: str, offer_id: str) -> Found:
    """Raises Missing unless it is the agency's, and was not withdrawn."""
    found = await offer(uow, offer_id)
    if found is None or found["agency_id"] != agency_id or found["withdrawn"]:
        raise Missing
    return found


async def known_as(uow: UnitOfWork, hsds_id: UUID) -> bool:
    return await one(uow, select(offers).where(offers.c.hsds_id == hsds_id)) is not None


async def search(
    uow: UnitOfWork, wanted: Search, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    """Offers that were not withdrawn, in the order of their ids."""
    query = select(offers).where(~offers.c.withdrawn, *_conditions(wanted))
    return await paging.page(uow, query, [offers.c.offer_id], cursor, limit)


def _conditions(wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.agency_id is not None:
        found.append(offers.c.agency_id == wanted.agency_id)
    if wanted.need is not None:
        found.append(offers.c.need == wanted.need)
    if wanted.area is not None:
        found.append(offers.c.areas.contains([wanted.area]))
    if wanted.age is not None:
        found.append(func.coalesce(offers.c.youngest, 0) <= wanted.age)
        found.append(or_(offers.c.oldest.is_(None), offers.c.oldest >= wanted.age))
    if wanted.language is not None:
        found.append(_speaks(wanted.language.lower()))
    if wanted.free:
        found.append(and_(offers.c.capacity > 0, ~offers.c.paused))
    return found


def _speaks(asked: str) -> ColumnElement[bool]:
    """A language tag has no wildcard in it, so that it can stand in a pattern."""
    tag = func.unnest(offers.c.languages).column_valued("tag")
    lower: ColumnElement[str] = func.lower(tag)
    met = or_(lower == asked, lower.like(f"{asked}-%"), literal(asked).like(lower + "-%"))
    return exists(select(tag).where(met))


async def offers_for(uow: UnitOfWork, need: str) -> list[Offer]:
    """Locked, so that none changes its need while a pathway is laid."""
    query = select(offers).where(offers.c.need == need).order_by(offers.c.offer_id)
    return [suited(row) for row in await every(uow, query.with_for_update())]


async def offers_by_id(uow: UnitOfWork, offer_ids: Collection[str]) -> dict[str, Found]:
    query = select(offers).where(offers.c.offer_id.in_(offer_ids))
    return {row["offer_id"]: row for row in await every(uow, query)}


def suited(row: Found) -> Offer:
    """As the rules about whom it suits see it."""
    held = {each.name: row[each.name] for each in fields(Offer)}
    return Offer(**{**held, "areas": tuple(row["areas"]), "languages": tuple(row["languages"])})


async def save_offer(uow: UnitOfWork, row: Row) -> None:
    await put(uow, offers, row)


async def pathway(uow: UnitOfWork, need: str, area: str, *, lock: bool = False) -> Found | None:
    query = select(pathways).where(pathways.c.need == need, pathways.c.area == area)
    return await one(uow, query, lock=lock)


async def need_pathway(uow: UnitOfWork, need: str, area: str) -> Found:
    """Raises Missing."""
    found = await pathway(uow, need, area)
    if found is None:
        raise Missing
    return found


async def pathways_page(
    uow: UnitOfWork, need: str | None, area: str | None, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    query = select(pathways)
    if need is not None:
        query = query.where(pathways.c.need == need)
    if area is not None:
        query = query.where(pathways.c.area == area)
    return await paging.page(uow, query, [pathways.c.need, pathways.c.area], cursor, limit)


async def pathways_of(uow: UnitOfWork, offer_ids: Collection[str]) -> Sequence[Found]:
    """Those that rely on any of these offers."""
    query = select(pathways).where(pathways.c.offers.overlap(list(offer_ids)))
    return await every(uow, query.order_by(pathways.c.need, pathways.c.area))


async def save_pathway(uow: UnitOfWork, row: Row) -> None:
    await put(uow, pathways, row)
