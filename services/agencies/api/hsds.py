"""The directory in Open Referral HSDS 3: organizations and services out, documents in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from infrastructure.http import Router, Uow
from services.agencies.commands import importing
from services.agencies.queries import hsds as reading
from services.agencies.schemas.hsds import HsdsImport, HsdsPage, ImportReport

router = Router(tags=["Open Referral HSDS 3"])
Page = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=200)]


@router.get("/directory/hsds")
async def export_organizations(uow: Uow, page: Page = 1, per_page: PerPage = 50) -> HsdsPage:
    """Every organization in full, with its locations and services: what an import takes."""
    return await reading.organisations(uow, page, per_page)


@router.get("/directory/hsds/organizations/{hsds_id}")
async def export_organization(uow: Uow, hsds_id: UUID) -> dict[str, Any]:
    """One organization in full, by the id under which others know it."""
    return await reading.organisation(uow, hsds_id)


@router.get("/directory/hsds/services")
async def export_services(uow: Uow, page: Page = 1, per_page: PerPage = 50) -> HsdsPage:
    """Every service with its organization."""
    return await reading.services(uow, page, per_page)


@router.get("/directory/hsds/services/{hsds_id}")
async def export_service(uow: Uow, hsds_id: UUID) -> dict[str, Any]:
    """One service with its organization."""
    return await reading.service(uow, hsds_id)


@router.post("/directory/hsds")
async def import_directory(uow: Uow, entry: HsdsImport) -> ImportReport:
    """Takes a document in, in one transaction; what cannot be taken is skipped, with its path and the reason.

    Documents above the bound of a request (1 MB) are sent in pieces, as `throughline directory import` does.
    """
    return await importing.import_directory(uow, entry)
