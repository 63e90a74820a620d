"""The case file and the chronology for people: printed as they stand, no script, nothing from elsewhere."""

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.statement import Language
from infrastructure.db import Database
from infrastructure.http import Router, Uow
from infrastructure.session_pages import PAGE_HEADERS, signed_in
from services.cases.queries import filing
from services.cases.schemas.file import CaseFile
from services.cases.web.paper import as_pdf
from services.cases.web.wording import Wording, wording

router = Router(tags=["pages"], include_in_schema=False, dependencies=[Depends(signed_in)])
SECTIONS = (
    "identity", "registration", "assessment", "plan", "contacts", "consent", "closure", "deadlines",
)  # fmt: skip
_SUMMARY = {
    "status", "risk", "agency_id", "team_id", "caseworker_id", "supervisor_id", "registered_at", "policy",
    "plan_version", "times_reopened",
}  # fmt: skip
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$")
Spoken = Annotated[Language, Query()]
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/cases/{ref}/file.html")
async def case_file_page(
    uow: Uow, request: Request, ref: str, language: Spoken = Language.ENGLISH
) -> HTMLResponse:
    page = _rendered(request, await filing.case_file(uow, ref), language, "file.html")
    return HTMLResponse(page, headers=PAGE_HEADERS)


@router.get("/cases/{ref}/file.pdf")
async def case_file_on_paper(
    uow: Uow, request: Request, ref: str, language: Spoken = Language.ENGLISH
) -> Response:
    page = _rendered(request, await filing.case_file(uow, ref), language, "file.html")
    headers = {
        "Content-Disposition": "attachment; filename=case-file.pdf",
        "Cache-Control": "no-store",
    }
    return Response(await as_pdf(page), media_type="application/pdf", headers=headers)


@router.get("/cases/{ref}/chronology.html")
async def chronology_page(
    uow: Uow, request: Request, ref: str, language: Spoken = Language.ENGLISH
) -> HTMLResponse:
    """Who recorded what, when it happened and when it was known."""
    told = await filing.chronology(uow, ref)
    return HTMLResponse(_rendered(request, told, language, "chronology.html"), headers=PAGE_HEADERS)


def _rendered(request: Request, told: object, language: Language, template: str) -> str:
    db: Database = request.app.state.db
    return _PAGES.get_template(template).render(
        w=wording(language),
        file=told,
        summary=told.case.model_dump(include=_SUMMARY) if isinstance(told, CaseFile) else {},
        sections=_sections(told) if isinstance(told, CaseFile) else (),
        shown=shown,
        sandbox=db.clock.is_sandbox,
    )


def _sections(told: CaseFile) -> list[tuple[str, Any]]:
    case = told.case.model_dump(include=set(SECTIONS), exclude_none=True)
    found = [(name, case[name]) for name in SECTIONS if name in case]
    if told.feedback is not None:
        found.append(
            ("feedback", [each.model_dump(exclude_none=True) for each in told.feedback.items])
        )
    return found


def shown(value: object, w: Wording, zone: str) -> str:
    """A leaf of the record as people read it: instants in the agency's zone, the rest as it was recorded."""
    if isinstance(value, str) and _INSTANT.match(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return w.moment(value, zone)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(value)
