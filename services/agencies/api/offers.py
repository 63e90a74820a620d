"""What agencies offer: for which need, where, to whom, and how many places are free."""

from typing import Annotated

from fastapi import Query

from domain.listing import OLDEST
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.agencies.commands import offers as putting
from services.agencies.queries import offers as reading
from services.agencies.schemas.offers import (
    CapacityEntry,
    OfferEntry,
    OfferList,
    OfferView,
)
from services.agencies.schemas.words import Code, Language, PathId
from services.agencies.store.offers import Search

router = Router(tags=["offers"])


@router.put("/agencies/{agency_id}/offers/{offer_id}")
async def put_offer(uow: Uow, agency_id: PathId, offer_id: PathId, entry: OfferEntry) -> OfferView:
    """A service the agency gives: for which need, where, to whom, and how many places are free."""
    await putting.put_offer(uow, agency_id, offer_id, entry)
    return await reading.offer(uow, offer_id)


@router.put("/agencies/{agency_id}/offers/{offer_id}/capacity")
async def put_capacity(
    uow: Uow, agency_id: PathId, offer_id: PathId, entry: CapacityEntry
) -> OfferView:
    """How many places are free now, as those who give the service say: its providers, managers, administrators."""
    await putting.put_capacity(uow, agency_id, offer_id, entry)
    return await reading.offer(uow, offer_id)


@router.delete("/agencies/{agency_id}/offers/{offer_id}")
async def withdraw_offer(uow: Uow, agency_id: PathId, offer_id: PathId) -> OfferView:
    """The service is not given any more. Refused while a pathway relies on it."""
    await putting.withdraw_offer(uow, agency_id, offer_id)
    return await reading.offer(uow, offer_id)


@router.get("/agencies/{agency_id}/offers")
async def list_offers_of_agency(
    uow: Uow, agency_id: PathId, cursor: Cursor = None, limit: Limit = USUAL
) -> OfferList:
    """What the agency gives now, in the order of the ids."""
    return await reading.offers_of(uow, agency_id, cursor, limit)


@router.get("/agencies/{agency_id}/offers/{offer_id}")
async def read_offer(uow: Uow, agency_id: PathId, offer_id: PathId) -> OfferView:
    """One offer, a withdrawn one too."""
    return await reading.offer_of(uow, agency_id, offer_id)


@router.get("/offers")
async def list_offers(
    uow: Uow,
    need: Annotated[Code | None, Query()] = None,
    area: Annotated[Code | None, Query()] = None,
    age: Annotated[int | None, Query(ge=0, le=OLDEST)] = None,
    language: Annotated[Language | None, Query()] = None,
    free: Annotated[bool, Query()] = False,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> OfferList:
    """Offers for a need, an area, an age, a language; `free` leaves out the full and the paused ones."""
    wanted = Search(need=need, area=area, age=age, language=language, free=free)
    return await reading.offers(uow, wanted, cursor, limit)
