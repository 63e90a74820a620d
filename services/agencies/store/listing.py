"""The directory as others see it: agencies with their places and offers, loaded and saved whole."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text

from domain.listing import Address, Channel, ListedAgency, ListedOffer, Place
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.store.agencies import places_of, save_agency, save_place
from services.agencies.store.offers import pathways_of
from services.agencies.store.rows import Found, every
from services.agencies.store.tables import agencies, offers

_CHANNEL = ("phone", "email", "url")
_LISTS = ("areas", "languages", "opening", "places")
# Two imports would give the same new ids; the second waits for the first.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('directory.import'))")


async def count(uow: UnitOfWork) -> tuple[int, int]:
    """How many agencies and live offers there are."""
    found = await uow.connection.execute(
        select(
            select(func.count()).select_from(agencies).scalar_subquery(),
            select(func.count()).select_from(offers).where(~offers.c.withdrawn).scalar_subquery(),
        )
    )
    of_agencies, of_offers = found.one()
    return of_agencies, of_offers


async def agencies_page(uow: UnitOfWork, skipped: int, limit: int) -> list[ListedAgency]:
    query = select(agencies).order_by(agencies.c.agency_id).offset(skipped).limit(limit)
    return await _listed(uow, await every(uow, query))


async def offers_page(
    uow: UnitOfWork, skipped: int, limit: int
) -> list[tuple[ListedAgency, ListedOffer]]:
    query = select(offers).where(~offers.c.withdrawn).order_by(offers.c.offer_id)
    rows = await every(uow, query.offset(skipped).limit(limit))
    ids = {row["agency_id"] for row in rows}
    held = {each.agency_id: each for each in await _alone(uow, agencies.c.agency_id.in_(ids))}
    return [(held[row["agency_id"]], _offer(row)) for row in rows]


async def agency_known_as(uow: UnitOfWork, hsds_id: UUID) -> ListedAgency | None:
    found = await _listed(
        uow, await every(uow, select(agencies).where(agencies.c.hsds_id == hsds_id))
    )
    return found[0] if found else None


async def offer_known_as(uow: UnitOfWork, hsds_id: UUID) -> tuple[ListedAgency, ListedOffer] | None:
    query = select(offers).where(offers.c.hsds_id == hsds_id, ~offers.c.withdrawn)
    rows = await every(uow, query)
    if not rows:
        return None
    agency = await _alone(uow, agencies.c.agency_id == rows[0]["agency_id"])
    return agency[0], _offer(rows[0])


async def hold_for_import(uow: UnitOfWork, hsds_ids: Collection[UUID]) -> list[ListedAgency]:
    """The agencies of these ids, held until the import is committed; imports go one at a time."""
    await uow.connection.execute(_ONE_AT_A_TIME)
    query = select(agencies).where(agencies.c.hsds_id.in_(hsds_ids)).order_by(agencies.c.agency_id)
    return await _listed(uow, await every(uow, query.with_for_update()))


async def ids_in_use(uow: UnitOfWork) -> tuple[set[str], set[str]]:
    """Of agencies and of offers."""
    used = [
        set((await uow.connection.execute(select(column))).scalars())
        for column in (agencies.c.agency_id, offers.c.offer_id)
    ]
    return used[0], used[1]


async def givers_of(uow: UnitOfWork, hsds_ids: Collection[UUID]) -> dict[UUID, str]:
    """Which agency gives these services."""
    query = select(offers.c.hsds_id, offers.c.agency_id).where(offers.c.hsds_id.in_(hsds_ids))
    return {row["hsds_id"]: row["agency_id"] for row in await every(uow, query)}


async def relied_on(uow: UnitOfWork, offer_ids: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """For each offer the need and area of every pathway that it stands on."""
    found: dict[str, list[tuple[str, str]]] = {each: [] for each in offer_ids}
    for row in await pathways_of(uow, list(found)):
        for offer_id in row["offers"]:
            if offer_id in found:
                found[offer_id].append((row["need"], row["area"]))
    return found


async def save_listed_agency(uow: UnitOfWork, agency: ListedAgency) -> None:
    """The agency itself and its places; its offers are saved one by one."""
    row = {
        name: getattr(agency, name)
        for name in ("agency_id", "hsds_id", "name", "zone", "policy", "description")
    }
    await save_agency(uow, {**row, **asdict(agency.channel)})
    for place in agency.places:
        await save_place(uow, {"agency_id": agency.agency_id, **asdict(place)})


def offer_row(agency_id: str, offer: ListedOffer) -> dict[str, Any]:
    row: dict[str, Any] = asdict(offer)
    row.update(row.pop("channel"), agency_id=agency_id, area=offer.areas[0])
    row.update({name: list(getattr(offer, name)) for name in _LISTS})
    return row


async def _alone(uow: UnitOfWork, condition: ColumnElement[bool]) -> list[ListedAgency]:
    """With their places, and without their offers: one of them is at hand."""
    rows = await every(uow, select(agencies).where(condition).order_by(agencies.c.agency_id))
    places = await _places(uow, rows)
    return [_agency(row, places[row["agency_id"]], ()) for row in rows]


async def _listed(uow: UnitOfWork, rows: Sequence[Found]) -> list[ListedAgency]:
    places = await _places(uow, rows)
    given: dict[str, list[ListedOffer]] = {each: [] for each in places}
    query = select(offers).where(offers.c.agency_id.in_(given)).order_by(offers.c.offer_id)
    for row in await every(uow, query):
        given[row["agency_id"]].append(_offer(row))
    return [_agency(row, places[row["agency_id"]], given[row["agency_id"]]) for row in rows]


async def _places(uow: UnitOfWork, rows: Sequence[Found]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {row["agency_id"]: [] for row in rows}
    for row in await places_of(uow, list(found)):
        found[row["agency_id"]].append(place(row))
    return found


def _agency(row: Found, places: Iterable[Place], given: Iterable[ListedOffer]) -> ListedAgency:
    return ListedAgency(
        agency_id=row["agency_id"],
        hsds_id=row["hsds_id"],
        name=row["name"],
        zone=row["zone"],
        policy=row["policy"],
        description=row["description"],
        channel=_channel(row),
        places=tuple(places),
        offers=tuple(given),
    )


def place(row: Found) -> Place:
    held = {name: each for name, each in row.items() if name not in ("agency_id", "address")}
    return Place(**held, address=Address(**row["address"]) if row["address"] else None)


def _offer(row: Found) -> ListedOffer:
    held = {
        name: each for name, each in row.items() if name not in (*_CHANNEL, "agency_id", "area")
    }
    held.update({name: tuple(row[name]) for name in _LISTS})
    return ListedOffer(**held, channel=_channel(row))


def _channel(row: Found) -> Channel:
    return Channel(**{name: row[name] for name in _CHANNEL})
