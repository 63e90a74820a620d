"""The directory as Open Referral HSDS 3 documents, whole entries a page at a time."""

from typing import Any
from uuid import UUID

from domain import hsds_writing
from domain.errors import Missing
from infrastructure import versions
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.hsds import HsdsPage
from services.agencies.store import listing as store


async def organisations(uow: UnitOfWork, page: int, per_page: int) -> HsdsPage:
    total, _ = await store.count(uow)
    found = await store.agencies_page(uow, (page - 1) * per_page, per_page)
    return _page(total, page, per_page, [hsds_writing.organisation(each) for each in found])


async def organisation(uow: UnitOfWork, hsds_id: UUID) -> dict[str, Any]:
    found = await store.agency_known_as(uow, hsds_id)
    if found is None:
        raise Missing
    document = hsds_writing.organisation(found)
    uow.stands_at(versions.of_content(document))
    return document


async def services(uow: UnitOfWork, page: int, per_page: int) -> HsdsPage:
    _, total = await store.count(uow)
    found = await store.offers_page(uow, (page - 1) * per_page, per_page)
    return _page(total, page, per_page, [hsds_writing.service(*each) for each in found])


async def service(uow: UnitOfWork, hsds_id: UUID) -> dict[str, Any]:
    found = await store.offer_known_as(uow, hsds_id)
    if found is None:
        raise Missing
    document = hsds_writing.service(*found)
    uow.stands_at(versions.of_content(document))
    return document


def _page(total: int, page: int, per_page: int, contents: list[dict[str, Any]]) -> HsdsPage:
    pages = -(-total // per_page)
    return HsdsPage(
        total_items=total,
        total_pages=pages,
        page_number=page,
        size=len(contents),
        first_page=page == 1,
        last_page=page >= pages,
        empty=not contents,
        contents=contents,
    )
