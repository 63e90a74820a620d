"""Operations' page: every overdue step, filters, counts and the watchdog's findings, rendered on the server."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.vocabulary import CODE_PATTERN
from infrastructure import session_pages
from infrastructure.clock import Clock
from infrastructure.http import Router, Uow
from infrastructure.paging import MOST, Cursor
from services.operations import queries
from services.operations.store import Filters

router = Router(tags=["pages"])
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
LATENESS = (
    (0, "any"),
    (_HOUR, "1 hour"),
    (_DAY, "1 day"),
    (7 * _DAY, "7 days"),
    (30 * _DAY, "30 days"),
)


@router.get(
    "/",
    response_class=HTMLResponse,
    responses={303: {"description": "To the page where one signs in."}},
    dependencies=[Depends(session_pages.signed_in)],
)
async def overdue_page(
    uow: Uow,
    request: Request,
    agency_id: Annotated[str | None, Query(pattern=f"^$|{CODE_PATTERN}")] = None,
    step: Annotated[str | None, Query(pattern=f"^$|{CODE_PATTERN}")] = None,
    late_by: Annotated[int, Query(ge=0, le=10**9)] = 0,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Every overdue step now; the same rows as GET /overdue."""
    filters = Filters(agency_id or None, step or None, late_by)
    clock: Clock = request.app.state.db.clock
    everything = await queries.counts(uow, Filters())
    page = _PAGES.get_template("overdue.html").render(
        page=await queries.overdue(uow, filters, cursor or None, 100),
        counts=await queries.counts(uow, filters),
        everything=everything,
        findings=await queries.watchdog(uow, clock, None, MOST),
        filters=filters,
        agencies=sorted({row.agency_id for row in everything.by_agency_and_step}),
        steps=sorted({row.step for row in everything.by_agency_and_step}),
        lateness=LATENESS,
        sandbox=clock.is_sandbox,
        duration=duration,
    )
    return HTMLResponse(page)


def duration(seconds: int) -> str:
    """`3 d 4 h`, `2 h 10 min`, `40 s`: the two largest units."""
    if seconds >= _DAY:
        return f"{seconds // _DAY} d {seconds % _DAY // _HOUR} h"
    if seconds >= _HOUR:
        return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"
    return f"{seconds // _MINUTE} min" if seconds >= _MINUTE else f"{seconds} s"
