"""Agencies with their teams, and their places."""

from collections.abc import Mapping, Sequence
from typing import Any

from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.agencies import (
    AddressView,
    AgencyList,
    AgencyView,
    PlaceList,
    PlaceView,
    TeamView,
)
from services.agencies.schemas.words import ContactView
from services.agencies.store import agencies as store
from services.agencies.store.rows import Found, version


async def agency(uow: UnitOfWork, agency_id: str) -> AgencyView:
    found = await store.need_agency(uow, agency_id)
    uow.stands_at(await store.version_of(uow, found))
    return (await _agencies(uow, [found]))[0]


async def agencies(uow: UnitOfWork, cursor: str | None, limit: int) -> AgencyList:
    rows, following = await store.agencies_page(uow, cursor, limit)
    return AgencyList(items=await _agencies(uow, rows), next_cursor=following)


async def places(uow: UnitOfWork, agency_id: str, cursor: str | None, limit: int) -> PlaceList:
    await store.need_agency(uow, agency_id)
    rows, following = await store.places_page(uow, agency_id, cursor, limit)
    return PlaceList(items=[_place(row) for row in rows], next_cursor=following)


async def place(uow: UnitOfWork, agency_id: str, place_id: str) -> PlaceView:
    found = await store.need_place(uow, agency_id, place_id)
    uow.stands_at(version(found))
    return _place(found)


async def _agencies(uow: UnitOfWork, rows: Sequence[Found]) -> list[AgencyView]:
    teams: dict[str, list[TeamView]] = {row["agency_id"]: [] for row in rows}
    for team in await store.teams_of(uow, list(teams)):
        shown = TeamView(**{name: team[name] for name in TeamView.model_fields})
        teams[team["agency_id"]].append(shown)
    return [
        AgencyView(
            **{name: row[name] for name in _OF_A_ROW},
            teams=teams[row["agency_id"]],
            contact=contact(dict(row)),
        )
        for row in rows
    ]


_OF_A_ROW = tuple(name for name in AgencyView.model_fields if name not in ("teams", "contact"))


def contact(row: Mapping[str, Any]) -> ContactView:
    return ContactView(**{name: row[name] for name in ContactView.model_fields})


def _place(row: Found) -> PlaceView:
    shown = {name: row[name] for name in PlaceView.model_fields if name != "address"}
    return PlaceView(**shown, address=AddressView(**row["address"]) if row["address"] else None)
