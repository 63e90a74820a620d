"""Taking something up from a message, without signing in: a signed link for this purpose and this message alone.

Mail scanners follow links, so opening one changes nothing; the button does. The page says nothing of the case.
"""

from pathlib import Path
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from infrastructure import links
from infrastructure.db import Database
from infrastructure.http import Router
from infrastructure.key_ring import SealError
from infrastructure.links import LinkNotSigned
from infrastructure.session_pages import PAGE_HEADERS
from services.notifications.commands.acknowledge import acknowledge_by_link
from services.notifications.commands.wording import FALLBACK, Wording, languages, wording

router = Router(tags=["pages"], include_in_schema=False)
_GONE = 410
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/acknowledge/{token}")
async def ask(request: Request, token: str) -> HTMLResponse:
    db: Database = request.app.state.db
    return _page(request, "ask" if _notification(token, db) else "gone")


@router.post("/acknowledge/{token}")
async def take_up(request: Request, token: str) -> HTMLResponse:
    db: Database = request.app.state.db
    notification_id = _notification(token, db)
    if notification_id is None or not await acknowledge_by_link(db, notification_id):
        return _page(request, "gone")
    return _page(request, "done")


def _notification(token: str, db: Database) -> UUID | None:
    """None when the link was not signed by us for this purpose, or has run out."""
    try:
        signed = links.verify(token, links.link_ring(), links.ACKNOWLEDGEMENT)
    except (LinkNotSigned, SealError):
        return None
    return signed.link_id if db.clock.now() < signed.expires_at else None


def _page(request: Request, what: str) -> HTMLResponse:
    said = _wording(request.headers.get("accept-language", ""))
    page = _PAGES.get_template("acknowledge.html").render(
        said=said, what=what, path=request.url.path if what == "ask" else ""
    )
    return HTMLResponse(page, _GONE if what == "gone" else 200, headers=PAGE_HEADERS)


def _wording(accepted: str) -> Wording:
    """The first language asked for that somebody has written."""
    asked = [each.split(";")[0].strip().split("-")[0].lower() for each in accepted.split(",")]
    return wording(next((each for each in asked if each in languages()), FALLBACK))
