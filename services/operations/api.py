"""Operations' lists for programs: overdue, open, counted, and what the watchdog sees."""

from typing import Annotated

from fastapi import Query, Request

from domain.vocabulary import CASE_REF_PATTERN, CODE_PATTERN
from infrastructure.clock import Clock
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.operations import queries
from services.operations.schemas import Counts, DutyPage, Findings
from services.operations.store import Filters

router = Router(tags=["operations"])
Agency = Annotated[str | None, Query(pattern=CODE_PATTERN, description="One agency's rows only")]
Step = Annotated[str | None, Query(pattern=CODE_PATTERN, description="One step only")]
LateBy = Annotated[int, Query(ge=0, le=10**9, description="Late by at least so many seconds")]


@router.get("/overdue")
async def list_overdue(
    uow: Uow,
    agency_id: Agency = None,
    step: Step = None,
    late_by: LateBy = 0,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> DutyPage:
    """Every open deadline past due, of every service, longest overdue first."""
    return await queries.overdue(uow, Filters(agency_id, step, late_by), cursor, limit)


@router.get("/deadlines")
async def list_open_deadlines(
    uow: Uow,
    case_ref: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> DutyPage:
    """Every open deadline, earliest due first."""
    return await queries.open_duties(uow, case_ref, cursor, limit)


@router.get("/counts")
async def count_overdue(
    uow: Uow, agency_id: Agency = None, step: Step = None, late_by: LateBy = 0
) -> Counts:
    """How many are overdue, by agency and step; the sum equals the list."""
    return await queries.counts(uow, Filters(agency_id, step, late_by))


@router.get("/watchdog")
async def list_findings(
    uow: Uow, request: Request, cursor: Cursor = None, limit: Limit = USUAL
) -> Findings:
    """What has gone silent: cases without a deadline, misses nobody announced, workflows in trouble."""
    clock: Clock = request.app.state.db.clock
    return await queries.watchdog(uow, clock, cursor, limit)
