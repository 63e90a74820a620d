"""The directory over HTTP. Putting needs the role administrator; reading, a valid token."""

from typing import Annotated

from fastapi import Query

from infrastructure.http import Router, Uow
from services.agencies import commands, queries
from services.agencies.schemas import (
    AgencyEntry,
    AgencyPage,
    AgencyView,
    Code,
    OfferEntry,
    OfferList,
    OfferView,
    PathCode,
    PathId,
    PathwayEntry,
    PathwayList,
    PathwayView,
    StaffEntry,
    StaffList,
    StaffView,
)

router = Router(tags=["agencies"])
Filter = Annotated[Code | None, Query()]


@router.put("/agencies/{agency_id}")
async def put_agency(uow: Uow, agency_id: PathId, entry: AgencyEntry) -> AgencyView:
    """An agency, its time zone, the policy pack of its cases, and its teams."""
    await commands.put_agency(uow, agency_id, entry)
    return await queries.agency(uow, agency_id)


@router.get("/agencies")
async def list_agencies(
    uow: Uow,
    cursor: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AgencyPage:
    """Agencies in the order of their ids."""
    return await queries.agencies(uow, cursor, limit)


@router.get("/agencies/{agency_id}")
async def read_agency(uow: Uow, agency_id: PathId) -> AgencyView:
    return await queries.agency(uow, agency_id)


@router.put("/agencies/{agency_id}/staff/{staff_id}")
async def put_staff(uow: Uow, agency_id: PathId, staff_id: PathId, entry: StaffEntry) -> StaffView:
    """Somebody who works for the agency, with team and roles; `active: false` when she leaves."""
    await commands.put_staff(uow, agency_id, staff_id, entry)
    return await queries.member(uow, agency_id, staff_id)


@router.get("/agencies/{agency_id}/staff")
async def list_staff(uow: Uow, agency_id: PathId) -> StaffList:
    """Colleagues, by name."""
    return await queries.staff_list(uow, agency_id)


@router.put("/agencies/{agency_id}/offers/{offer_id}")
async def put_offer(uow: Uow, agency_id: PathId, offer_id: PathId, entry: OfferEntry) -> OfferView:
    """A service the agency gives: for which need, where, and how many places are free."""
    await commands.put_offer(uow, agency_id, offer_id, entry)
    return await queries.offer(uow, offer_id)


@router.get("/agencies/{agency_id}/offers")
async def list_offers_of_agency(uow: Uow, agency_id: PathId) -> OfferList:
    return await queries.offers_of(uow, agency_id)


@router.get("/offers")
async def list_offers(uow: Uow, need: Filter = None, area: Filter = None) -> OfferList:
    return await queries.offers(uow, need, area)


@router.put("/pathways/{need}/{area}")
async def put_pathway(uow: Uow, need: PathCode, area: PathCode, entry: PathwayEntry) -> PathwayView:
    """Which offers are asked for this need in this area, in which order."""
    await commands.put_pathway(uow, need, area, entry)
    return await queries.pathway(uow, need, area)


@router.get("/pathways")
async def list_pathways(uow: Uow, need: Filter = None) -> PathwayList:
    return await queries.pathways(uow, need)


@router.get("/pathways/{need}/{area}")
async def read_pathway(uow: Uow, need: PathCode, area: PathCode) -> PathwayView:
    return await queries.pathway(uow, need, area)
