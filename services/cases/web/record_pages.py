"""The case file and the chronology for people: printed as they stand, no script, nothing from elsewhere."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.statement import Language
from infrastructure.db import Database
from infrastructure.http import Router, Uow
from infrastructure.session_pages import PAGE_HEADERS, signed_in
from services.cases.queries import filing, printing
from services.cases.queries.printing import Printed
from services.cases.schemas.file import CaseFile
from services.cases.schemas.views import CaseView
from services.cases.schemas.words import Instant
from services.cases.web.paper import as_pdf
from services.cases.web.record_words import RecordWords, is_chosen, is_short, told
from services.cases.web.wording import wording

router = Router(tags=["pages"], include_in_schema=False, dependencies=[Depends(signed_in)])
SECTIONS = (
    "identity", "registration", "assessment", "plan", "contacts", "consent", "closure", "deadlines",
)  # fmt: skip
_SUMMARY = (
    "status", "risk", "agency_id", "team_id", "caseworker_id", "supervisor_id", "registered_at",
    "policy", "plan_version", "times_reopened",
)  # fmt: skip
Spoken = Annotated[Language, Query()]
AsOf = Annotated[Instant | None, Query()]
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.globals.update(told=told, is_chosen=is_chosen, is_short=is_short)


@router.get("/cases/{ref}/file.html")
async def case_file_page(
    uow: Uow,
    request: Request,
    ref: str,
    language: Spoken = Language.ENGLISH,
    as_of: AsOf = None,
) -> HTMLResponse:
    """With `as_of` the case as it stood by what was recorded until then."""
    page = _file(request, await printing.printed(uow, ref, as_of), language)
    return HTMLResponse(page, headers=PAGE_HEADERS)


@router.get("/cases/{ref}/file.pdf")
async def case_file_on_paper(
    uow: Uow,
    request: Request,
    ref: str,
    language: Spoken = Language.ENGLISH,
    as_of: AsOf = None,
) -> Response:
    page = _file(request, await printing.printed(uow, ref, as_of), language)
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
    found = await filing.chronology(uow, ref)
    words = RecordWords(language, found.zone, agencies=found.agency_names)
    page = _rendered(request, "chronology.html", language, words, file=found)
    return HTMLResponse(page, headers=PAGE_HEADERS)


def _file(request: Request, whole: Printed, language: Language) -> str:
    case = whole.file.case
    summary = {name: value for name in _SUMMARY if (value := getattr(case, name)) is not None}
    return _rendered(
        request,
        "file.html",
        language,
        RecordWords(language, whole.file.zone, whole.found, whole.file.agency_names),
        file=whole.file,
        as_of=whole.as_of,
        summary=summary,
        sections=_sections(whole.file, whole.criteria),
        subjects=whole.subjects,
        tracks=_tracks(case),
    )


def _rendered(
    request: Request, template: str, language: Language, words: RecordWords, **shown: object
) -> str:
    db: Database = request.app.state.db
    return _PAGES.get_template(template).render(
        w=wording(language),
        r=words,
        sandbox=db.clock.is_sandbox,
        **shown,
    )


def _tracks(case: CaseView) -> dict[str, str]:
    """Whom a follow-up asks."""
    return {each.follow_up_id: each.with_whom for each in case.plan.follow_ups} if case.plan else {}


def _sections(file: CaseFile, criteria: dict[str, str]) -> list[tuple[str, Any]]:
    """In reading order; criteria by the titles that the agency's pack gives them."""
    case = file.case.model_dump(include=set(SECTIONS), exclude_none=True)
    if registered := case.get("registration"):
        registered["criteria"] = [criteria.get(each, each) for each in registered["criteria"]]
    found = [(name, case[name]) for name in SECTIONS if name in case]
    if file.elsewhere is not None:
        found.append(("elsewhere", file.elsewhere.model_dump()))
    if file.feedback is not None:
        found.append(
            ("feedback", [each.model_dump(exclude_none=True) for each in file.feedback.items])
        )
    return found
