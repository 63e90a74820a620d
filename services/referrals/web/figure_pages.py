"""Unmet needs as a map of need and area, and times, for people; no script, nothing from elsewhere."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import AwareDatetime

from domain.referral_measures import Group
from infrastructure.clock import Clock
from infrastructure.http import Router, Uow
from infrastructure.session_pages import PAGE_HEADERS, signed_in
from services.referrals.queries import figures
from services.referrals.schemas.metrics import UnmetView

router = Router(tags=["pages"], include_in_schema=False, dependencies=[Depends(signed_in)])
_HEATS = 4  # shades, beside the one for what is too few to be told
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
Instant = Annotated[AwareDatetime | None, Query()]


@router.get("/metrics/unmet-needs.html")
async def unmet_needs_page(
    uow: Uow,
    request: Request,
    by: Group = Group.NEED,
    since: Instant = None,
    until: Instant = None,
) -> HTMLResponse:
    """The same figures as GET /metrics/unmet-needs and /metrics/referrals."""
    clock: Clock = request.app.state.db.clock
    unmet = await figures.unmet_needs(uow, since, until)
    times = await figures.times(uow, by, since, until)
    page = _PAGES.get_template("unmet.html").render(
        unmet=unmet,
        needs=sorted({cell.need for cell in unmet.cells}),
        areas=sorted({cell.area for cell in unmet.cells}),
        cells={(cell.need, cell.area): cell.count for cell in unmet.cells},
        heats=_heats(unmet),
        times=times,
        groups=[group.value for group in Group],
        now=uow.now,
        day=_day,
        sandbox=clock.is_sandbox,
    )
    return HTMLResponse(page, headers=PAGE_HEADERS)


def _heats(unmet: UnmetView) -> dict[tuple[str, str], int]:
    """A shade for each cell, 0 where there are too few to be told; the largest has the darkest."""
    most = max((cell.count or 0 for cell in unmet.cells), default=0)
    return {
        (cell.need, cell.area): -(-_HEATS * cell.count // most) if cell.count else 0
        for cell in unmet.cells
    }


def _day(at: datetime) -> str:
    return at.date().isoformat()
