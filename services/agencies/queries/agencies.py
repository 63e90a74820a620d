"""Agencies with their teams, and their places."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.errors import Missing
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.agencies import (
    AddressView,
    AgencyPage,
    AgencyView,
    PlaceList,
    PlaceView,
    TeamView,
)
from services.agencies.schemas.words import ContactView
from services.agencies.store import agencies as store
from services.agencies.store.rows import Found


async def agency(uow: UnitOfWork, agency_id: str) -> AgencyView:
    return (await _agencies(uow, [await store.need_agency(uow, agency_id)]))[0]


async def agencies(uow: UnitOfWork, cursor: str, limit: int) -> AgencyPage:
    rows = await store.agencies_after(uow, cursor, limit + 1)
    shown = await _agencies(uow, rows[:limit])
    return AgencyPage(agencies=shown, next=shown[-1].agency_id if len(rows) > limit else None)


async def places(uow: UnitOfWork, agency_id: str) -> PlaceList:
    await store.need_agency(uow, agency_id)
    return PlaceList(places=[_place(row) for row in await store.places_of(uow, [agency_id])])


async def place(uow: UnitOfWork, agency_id: str, place_id: str) -> PlaceView:
    for each in (await places(uow, agency_id)).places:
        if each.place_id == place_id:
            return each
    raise Missing


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
