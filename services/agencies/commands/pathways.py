"""Laying pathways: which offers are asked for a need in an area, in which order."""

from typing import Any

from contracts.events.agencies import PathwayPublished
from domain import directory
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.pathways import PathwayEntry
from services.agencies.store import offers as store
from services.agencies.store.rows import version
from services.agencies.store.sight import demand_administrator


async def put_pathway(uow: UnitOfWork, need: str, area: str, entry: PathwayEntry) -> None:
    demand_administrator(uow)
    before = await store.pathway(uow, need, area, lock=True)
    uow.stands_at(version(before) if before is not None else None)
    known = await store.offers_for(uow, need)
    providers = directory.lay_pathway(need, area, entry.offers, known)
    published_by: str = before["published_by"] if before else uow.viewer.agency_id
    said: dict[str, Any] = {
        "need": need,
        "area": area,
        "offers": [provider.offer_id for provider in providers],
        "providers": [provider.agency_id for provider in providers],
    }
    if before is not None and dict(before) == {**said, "published_by": published_by}:
        return
    await store.save_pathway(uow, {**said, "published_by": published_by})
    uow.audit("put-pathway", published_by)
    uow.emit(PathwayPublished(agency_id=published_by, at=uow.now, **said))
