"""Agencies, their teams, and the places where they give services."""

from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.agencies.commands import agencies as putting
from services.agencies.queries import agencies as reading
from services.agencies.schemas.agencies import (
    AgencyEntry,
    AgencyList,
    AgencyView,
    PlaceEntry,
    PlaceList,
    PlaceView,
)
from services.agencies.schemas.words import PathId

router = Router(tags=["agencies"])


@router.put("/agencies/{agency_id}")
async def put_agency(uow: Uow, agency_id: PathId, entry: AgencyEntry) -> AgencyView:
    """An agency, its time zone, the policy pack of its cases, its teams and who leads them."""
    await putting.put_agency(uow, agency_id, entry)
    return await reading.agency(uow, agency_id)


@router.get("/agencies")
async def list_agencies(uow: Uow, cursor: Cursor = None, limit: Limit = USUAL) -> AgencyList:
    """Agencies in the order of their ids."""
    return await reading.agencies(uow, cursor, limit)


@router.get("/agencies/{agency_id}")
async def read_agency(uow: Uow, agency_id: PathId) -> AgencyView:
    """One agency, with its teams and who leads them."""
    return await reading.agency(uow, agency_id)


@router.put("/agencies/{agency_id}/places/{place_id}")
async def put_place(uow: Uow, agency_id: PathId, place_id: PathId, entry: PlaceEntry) -> PlaceView:
    """A place where the agency gives services."""
    await putting.put_place(uow, agency_id, place_id, entry)
    return await reading.place(uow, agency_id, place_id)


@router.get("/agencies/{agency_id}/places")
async def list_places(
    uow: Uow, agency_id: PathId, cursor: Cursor = None, limit: Limit = USUAL
) -> PlaceList:
    """Where the agency gives services, in the order of their ids."""
    return await reading.places(uow, agency_id, cursor, limit)


@router.get("/agencies/{agency_id}/places/{place_id}")
async def read_place(uow: Uow, agency_id: PathId, place_id: PathId) -> PlaceView:
    """One place where the agency gives services."""
    return await reading.place(uow, agency_id, place_id)
