"""The family's own page: a link and a code open it, no script, nothing from another host, and it prints well."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain import statement
from domain.errors import Unauthenticated
from domain.statement import Language, LinkLocked, LinkOver, Outcome, TooMuchFeedback
from domain.vocabulary import FeedbackKind
from infrastructure import web_session
from infrastructure.db import Database
from infrastructure.http import Router
from infrastructure.session_pages import PAGE_HEADERS
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import visiting
from services.cases.commands.visiting import VISITOR, Visit
from services.cases.queries import stating
from services.cases.web.wording import wording

router = Router(tags=["pages"], include_in_schema=False)
COOKIE = "throughline_statement"
LONGEST = 4000
_SEE_OTHER = 303
_HEADERS = {**PAGE_HEADERS, "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}
_OVER = {LinkOver: ("over", 404), LinkLocked: ("locked", 423)}
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/statement/{link_id}")
async def read_statement(
    request: Request, link_id: str, said: Annotated[bool, Query()] = False
) -> Response:
    """The statement, for a browser that gave the code a short while ago; for any other the question for it."""
    try:
        async with _database(request).transaction(VISITOR) as uow:
            found = await visiting.visit(uow, link_id)
            if not visiting.is_open(found, request.cookies.get(COOKIE, "")):
                return _ask_for_code(request, found)
            return await _statement(request, uow, found, thanks=said)
    except (LinkOver, LinkLocked) as over:
        return _ended(over)


@router.post("/statement/{link_id}")
async def give_code(request: Request, link_id: str) -> Response:
    _demand_own_page(request)
    code = await web_session.form_value(request, "code")
    try:
        async with _database(request).transaction(VISITOR) as uow:
            found, letting_in = await visiting.give_code(uow, link_id, code)
    except (LinkOver, LinkLocked) as over:
        return _ended(over)
    if found.link.locked_at is not None:
        return _ended(LinkLocked())
    if letting_in is None:
        return _ask_for_code(request, found, wrong=True)
    answer = RedirectResponse(_address(link_id), _SEE_OTHER, headers=_HEADERS)
    answer.set_cookie(
        COOKIE,
        letting_in,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path=_address(link_id),
    )
    return answer


@router.post("/statement/{link_id}/feedback")
async def give_feedback(request: Request, link_id: str) -> Response:
    """Kept once it is sent; the page that follows may be loaded again without sending twice."""
    _demand_own_page(request)
    kind = FeedbackKind.COMMENT
    with suppress(ValueError):
        kind = FeedbackKind(await web_session.form_value(request, "kind"))
    words = (await web_session.form_value(request, "words")).strip()
    try:
        async with _database(request).transaction(VISITOR) as uow:
            found = await visiting.visit(uow, link_id, lock=True)
            if not visiting.is_open(found, request.cookies.get(COOKIE, "")):
                return _ask_for_code(request, found)
            if problem := _problem(words):
                return await _statement(request, uow, found, problem=problem, typed=words)
            await visiting.say(uow, found, kind, words)
    except TooMuchFeedback:
        async with _database(request).transaction(VISITOR) as uow:
            found = await visiting.visit(uow, link_id)
            return await _statement(request, uow, found, problem="too_much", typed=words)
    except (LinkOver, LinkLocked) as over:
        return _ended(over)
    return RedirectResponse(f"{_address(link_id)}?said=true", _SEE_OTHER, headers=_HEADERS)


@router.post("/statement/{link_id}/end")
async def close_statement(request: Request, link_id: str) -> Response:
    """For a borrowed telephone: the code is asked for again."""
    _demand_own_page(request)
    answer = RedirectResponse(_address(link_id), _SEE_OTHER, headers=_HEADERS)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path=_address(link_id))
    return answer


async def _statement(
    request: Request,
    uow: UnitOfWork,
    found: Visit,
    *,
    thanks: bool = False,
    problem: str = "",
    typed: str = "",
) -> Response:
    told = await stating.statement_for(uow, found.link, found.case, found.key)
    visiting.seen(uow, found)
    page = _PAGES.get_template("statement.html").render(
        w=wording(found.link.language),
        s=told,
        link_id=found.link.id,
        reader=found.link.for_whom.value,
        overdue=sum(line.outcome is Outcome.OVERDUE for line in told.owed),
        kinds=[
            each for each in FeedbackKind if not (told.has_died and each is FeedbackKind.RETURN)
        ],
        awaits=statement.awaits_answer,
        longest=LONGEST,
        thanks=thanks,
        problem=problem,
        typed=typed[:LONGEST],
        sandbox=_is_sandbox(request),
    )
    return HTMLResponse(page, 422 if problem else 200, headers=_HEADERS)


def _ask_for_code(request: Request, found: Visit, *, wrong: bool = False) -> Response:
    page = _PAGES.get_template("code.html").render(
        w=wording(found.link.language),
        link_id=found.link.id,
        wrong=wrong,
        sandbox=_is_sandbox(request),
    )
    return HTMLResponse(page, 403 if wrong else 200, headers=_HEADERS)


def _ended(over: LinkOver | LinkLocked) -> Response:
    """In every language: whose link it was is not said any more."""
    why, status = _OVER[type(over)]
    page = _PAGES.get_template("over.html").render(why=why, wordings=map(wording, Language))
    return HTMLResponse(page, status, headers=_HEADERS)


def _problem(words: str) -> str:
    if not words:
        return "empty"
    return "too_long" if len(words) > LONGEST else ""


def _demand_own_page(request: Request) -> None:
    if not web_session.is_own_page(request):
        raise Unauthenticated("This was not sent from a page of ours.")


def _address(link_id: str) -> str:
    return f"/statement/{link_id}"


def _is_sandbox(request: Request) -> bool:
    return bool(_database(request).clock.is_sandbox)


def _database(request: Request) -> Database:
    db: Database = request.app.state.db
    return db
