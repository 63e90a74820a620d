"""Who looks after how many cases, as a table for people; no script, nothing from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.case import IN_WORK
from domain.vocabulary import CODE_PATTERN, Risk
from infrastructure.clock import Clock
from infrastructure.http import Router, Uow
from infrastructure.session_pages import PAGE_HEADERS, signed_in
from services.cases.queries import caseloads

router = Router(tags=["pages"], include_in_schema=False, dependencies=[Depends(signed_in)])
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/caseloads.html")
async def caseloads_page(
    uow: Uow,
    request: Request,
    team: Annotated[str | None, Query(pattern=f"^$|{CODE_PATTERN}")] = None,
) -> HTMLResponse:
    """The same counts as GET /caseloads."""
    clock: Clock = request.app.state.db.clock
    loads = await caseloads.of_team(uow, team or None)
    page = _PAGES.get_template("caseloads.html").render(
        loads=loads,
        statuses=_met_with(IN_WORK, [load.by_status for load in loads.items]),
        risks=_met_with(Risk, [load.by_risk for load in loads.items]),
        now=uow.now,
        sandbox=clock.is_sandbox,
    )
    return HTMLResponse(page, headers=PAGE_HEADERS)


def _met_with(every: Iterable[StrEnum], counts: Sequence[Mapping[str, int]]) -> list[str]:
    """Columns that hold a number for somebody; a page of naughts is hard to read."""
    return [each.value for each in every if any(count.get(each.value) for count in counts)]
