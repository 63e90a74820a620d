"""Cases, duties and chronologies read over HTTP."""

from typing import Annotated

from fastapi import Query

from domain.vocabulary import CaseStatus
from infrastructure import versions
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.cases.queries import filing, listing, past, reading
from services.cases.schemas.deadlines import DeadlineList
from services.cases.schemas.file import CaseFile
from services.cases.schemas.views import CaseList, CaseView, Chronology
from services.cases.schemas.words import Instant

router = Router(tags=["reading"])


@router.get("/cases", response_model_exclude_defaults=True)  # `next_cursor` has none
async def list_cases(
    uow: Uow,
    status: CaseStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> CaseList:
    """The viewer's own cases and her team's, newest first."""
    return await listing.own(uow, status, cursor, limit)


@router.get("/cases/{ref}", response_model_exclude_none=True)
async def read_case(
    uow: Uow, ref: str, as_of: Annotated[Instant | None, Query()] = None
) -> CaseView:
    """The sections the viewer may see; with `as_of`, as the case stood by what was recorded until then."""
    if as_of is not None:
        return await past.case_as_of(uow, ref, as_of)
    return await reading.case(uow, ref)


@router.get("/cases/{ref}/deadlines")
async def read_deadlines(uow: Uow, ref: str) -> DeadlineList:
    """Every duty on the case, whatever became of it."""
    return await reading.deadlines_of(uow, ref)


@router.get(
    "/cases/{ref}/file.json",
    response_model_exclude_none=True,
    openapi_extra={versions.UNVERSIONED: "It also tells of referrals, reviews and meetings."},
)
async def export_case_file(uow: Uow, ref: str) -> CaseFile:
    """Every section that the viewer may see, in one piece; audited as an export."""
    return await filing.case_file(uow, ref)


@router.get("/cases/{ref}/chronology")
async def read_chronology(uow: Uow, ref: str) -> Chronology:
    """What happened, when it was known, and who recorded it: codes and ids, never words."""
    return await reading.chronology(uow, ref)
