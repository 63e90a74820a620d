"""The in-application list and what became of messages as pages: no script, nothing from another host."""

from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.notifying import Delivery
from infrastructure import web_session
from infrastructure.clock import Clock
from infrastructure.http import Router, Uow
from infrastructure.paging import MOST, Cursor
from infrastructure.session_pages import PAGE_HEADERS, signed_in
from services.notifications import queries
from services.notifications.commands.acknowledge import acknowledge_notification
from services.notifications.web import links

router = Router(tags=["pages"], include_in_schema=False)
router.include_router(links.router)
_SEE_OTHER = 303


def moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %Y, %H:%M}"


_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["moment"] = moment


@router.get("/")
async def start() -> RedirectResponse:
    return RedirectResponse("/inbox.html", _SEE_OTHER)


@router.get("/inbox.html", dependencies=[Depends(signed_in)])
async def inbox_page(uow: Uow, request: Request, cursor: Cursor = None) -> HTMLResponse:
    clock: Clock = request.app.state.db.clock
    page = _PAGES.get_template("inbox.html").render(
        inbox=await queries.inbox(uow, uow.viewer, "all", cursor, MOST),
        zone=await queries.zone_of(uow, uow.viewer),
        form_token=web_session.form_token(request.cookies.get(web_session.COOKIE, "")),
        now=uow.now,
        sandbox=clock.is_sandbox,
    )
    return HTMLResponse(page, headers=PAGE_HEADERS)


@router.post("/inbox/{notification_id}/acknowledgement")
async def acknowledge(uow: Uow, notification_id: UUID) -> RedirectResponse:
    await acknowledge_notification(uow, notification_id, uow.viewer)
    return RedirectResponse(f"/inbox.html#{notification_id}", _SEE_OTHER)


@router.get("/deliveries.html", dependencies=[Depends(signed_in)])
async def deliveries_page(uow: Uow, request: Request, cursor: Cursor = None) -> HTMLResponse:
    """What could not be delivered and whom nobody could be found for, for those who watch."""
    clock: Clock = request.app.state.db.clock
    found = await queries.of_state(uow, uow.viewer, Delivery.GIVEN_UP, cursor, MOST)
    page = _PAGES.get_template("deliveries.html").render(
        given_up=found,
        findings=await queries.findings(uow, uow.viewer, None, MOST),
        zone=await queries.zone_of(uow, uow.viewer),
        now=uow.now,
        sandbox=clock.is_sandbox,
    )
    return HTMLResponse(page, headers=PAGE_HEADERS)
