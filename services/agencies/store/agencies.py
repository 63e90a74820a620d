"""Agencies, their teams and their places."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from domain.errors import Missing
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.store.rows import Found, Row, every, one, put, version
from services.agencies.store.tables import agencies, places, staff, teams


async def agency(uow: UnitOfWork, agency_id: str, *, lock: bool = False) -> Found | None:
    return await one(uow, select(agencies).where(agencies.c.agency_id == agency_id), lock=lock)


async def need_agency(uow: UnitOfWork, agency_id: str, *, lock: bool = False) -> Found:
    """Raises Missing. Locked, everything below the agency changes one at a time."""
    found = await agency(uow, agency_id, lock=lock)
    if found is None:
        raise Missing
    return found


async def known_as(uow: UnitOfWork, hsds_id: UUID) -> bool:
    return await one(uow, select(agencies).where(agencies.c.hsds_id == hsds_id)) is not None


async def version_of(uow: UnitOfWork, found: Found) -> int:
    """With its teams."""
    return version(found, *await teams_of(uow, [found["agency_id"]]))


async def agencies_page(
    uow: UnitOfWork, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    return await paging.page(uow, select(agencies), [agencies.c.agency_id], cursor, limit)


async def following(uow: UnitOfWork, after: str, limit: int) -> Sequence[Found]:
    """The next agencies by id, held against any change."""
    query = select(agencies).where(agencies.c.agency_id > after).order_by(agencies.c.agency_id)
    return await every(uow, query.limit(limit).with_for_update())


async def save_agency(uow: UnitOfWork, row: Row) -> None:
    await put(uow, agencies, row)


async def teams_of(uow: UnitOfWork, agency_ids: Collection[str]) -> Sequence[Found]:
    query = select(teams).where(teams.c.agency_id.in_(agency_ids))
    return await every(uow, query.order_by(teams.c.agency_id, teams.c.team_id))


async def teams_led_by(uow: UnitOfWork, agency_id: str, staff_id: str) -> list[str]:
    query = select(teams.c.team_id).where(
        teams.c.agency_id == agency_id, teams.c.lead_id == staff_id
    )
    return list((await uow.connection.execute(query.order_by(teams.c.team_id))).scalars())


async def teams_in_use(uow: UnitOfWork, agency_id: str) -> set[str]:
    query = select(staff.c.team_id).where(
        staff.c.agency_id == agency_id, staff.c.active, staff.c.team_id.is_not(None)
    )
    return set((await uow.connection.execute(query)).scalars())


async def save_teams(uow: UnitOfWork, agency_id: str, rows: Sequence[Row]) -> None:
    """Exactly these; the caller has shown that nobody works in one that is dropped."""
    kept = [row["team_id"] for row in rows]
    await uow.connection.execute(
        delete(teams).where(teams.c.agency_id == agency_id, teams.c.team_id.not_in(kept))
    )
    for row in rows:
        await put(uow, teams, {"agency_id": agency_id, **row})


async def places_of(uow: UnitOfWork, agency_ids: Collection[str]) -> Sequence[Found]:
    query = select(places).where(places.c.agency_id.in_(agency_ids))
    return await every(uow, query.order_by(places.c.agency_id, places.c.place_id))


async def places_page(
    uow: UnitOfWork, agency_id: str, cursor: str | None, limit: int
) -> tuple[Sequence[Found], str | None]:
    query = select(places).where(places.c.agency_id == agency_id)
    return await paging.page(uow, query, [places.c.place_id], cursor, limit)


async def need_place(uow: UnitOfWork, agency_id: str, place_id: str) -> Found:
    """Raises Missing."""
    query = select(places).where(places.c.agency_id == agency_id, places.c.place_id == place_id)
    found = await one(uow, query)
    if found is None:
        raise Missing
    return found


async def save_place(uow: UnitOfWork, row: Row) -> None:
    await put(uow, places, row)
