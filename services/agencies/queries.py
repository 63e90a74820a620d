"""Reading the directory: everybody signed in sees agencies, offers and pathways; names only colleagues."""

from collections.abc import Sequence

from domain.errors import Missing
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.agencies import store
from services.agencies.schemas import (
    AgencyPage,
    AgencyView,
    OfferList,
    OfferView,
    PathwayList,
    PathwayView,
    StaffList,
    StaffView,
    Team,
)


async def agency(uow: UnitOfWork, agency_id: str) -> AgencyView:
    return (await _agencies(uow, [await store.need_agency(uow, agency_id)]))[0]


async def agencies(uow: UnitOfWork, cursor: str, limit: int) -> AgencyPage:
    rows = await store.agencies_after(uow, cursor, limit + 1)
    shown = await _agencies(uow, rows[:limit])
    return AgencyPage(agencies=shown, next=shown[-1].agency_id if len(rows) > limit else None)


async def staff_list(uow: UnitOfWork, agency_id: str) -> StaffList:
    await store.need_agency(uow, agency_id)
    rows = await store.staff_of(uow, agency_id)
    uow.audit("read-staff", agency_id)
    return StaffList(staff=[await _member(uow, row) for row in rows])


async def member(uow: UnitOfWork, agency_id: str, staff_id: str) -> StaffView:
    """Raises Hidden, or Missing when the agency employs nobody of this id."""
    for row in await store.staff_of(uow, agency_id):
        if row["staff_id"] == staff_id:
            return await _member(uow, row)
    raise Missing


async def offer(uow: UnitOfWork, offer_id: str) -> OfferView:
    row = await store.offer(uow, offer_id)
    if row is None:
        raise Missing
    return OfferView(**row)


async def offers_of(uow: UnitOfWork, agency_id: str) -> OfferList:
    await store.need_agency(uow, agency_id)
    rows = await store.offers_where(uow, agency_id=agency_id)
    return OfferList(offers=[OfferView(**row) for row in rows])


async def offers(uow: UnitOfWork, need: str | None, area: str | None) -> OfferList:
    rows = await store.offers_where(uow, need=need, area=area)
    return OfferList(offers=[OfferView(**row) for row in rows])


async def pathway(uow: UnitOfWork, need: str, area: str) -> PathwayView:
    row = await store.pathway(uow, need, area)
    if row is None:
        raise Missing
    return _pathway(row)


async def pathways(uow: UnitOfWork, need: str | None) -> PathwayList:
    return PathwayList(
        pathways=[_pathway(row) for row in await store.pathways_where(uow, need=need)]
    )


async def _agencies(uow: UnitOfWork, rows: Sequence[store.Found]) -> list[AgencyView]:
    teams: dict[str, list[Team]] = {row["agency_id"]: [] for row in rows}
    for team in await store.teams_of(uow, list(teams)):
        teams[team["agency_id"]].append(Team(team_id=team["team_id"], name=team["name"]))
    return [AgencyView(**row, teams=teams[row["agency_id"]]) for row in rows]


async def _member(uow: UnitOfWork, row: store.Found) -> StaffView:
    """The name is opened for colleagues only; an administrator of another agency sees the rest."""
    shown = {key: row[key] for key in ("staff_id", "agency_id", "team_id", "roles", "active")}
    if row["agency_id"] != uow.viewer.agency_id:
        return StaffView(**shown, name=None)
    key = await crypto.case_key(uow, row["staff_id"])
    name = crypto.open_sealed(key, row["staff_id"], store.STAFF_NAME, row["sealed_name"])
    return StaffView(**shown, name=name)


def _pathway(row: store.Found) -> PathwayView:
    return PathwayView(**{key: row[key] for key in PathwayView.model_fields})
