"""Pages of a provider without an account: a link and a code open them, no script, nothing from another host."""

import hmac
from pathlib import Path
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from domain.errors import Malformed, Refusal, Unauthenticated
from domain.provider_link import CodeNeeded, ReferralLinkLocked, ReferralLinkOver
from domain.statement import Language
from domain.vocabulary import DeadlineState, ReferralState, RejectionReason
from infrastructure import web_session
from infrastructure.db import Database
from infrastructure.http import Router
from infrastructure.session_pages import PAGE_HEADERS
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.commands import visiting
from services.referrals.commands.visiting import VISITOR, Visit
from services.referrals.queries import reading
from services.referrals.web import spoken
from services.referrals.web.spoken import Word
from services.referrals.web.wording import wording

router = Router(tags=["pages"], include_in_schema=False)
COOKIE = "throughline_referral"
_SEE_OTHER = 303
_HEADERS = {**PAGE_HEADERS, "X-Robots-Tag": "noindex"}
_OVER = {ReferralLinkOver: ("over", 404), ReferralLinkLocked: ("locked", 423)}
_OFFERED: dict[ReferralState, tuple[Word, ...]] = {
    ReferralState.REQUESTED: (Word.ACKNOWLEDGE, Word.ACCEPT, Word.REJECT),
    ReferralState.ACCEPTED: (Word.BOOK, Word.SERVE),
    ReferralState.IN_PROGRESS: (Word.BOOK, Word.SERVE),
    ReferralState.ON_HOLD: (Word.RESUME,),
}
_REASONS = [each.value for each in RejectionReason if each is not RejectionReason.SILENCE]
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@router.get("/r/{token}")
async def read_by_link(
    request: Request, token: str, said: Annotated[bool, Query()] = False
) -> Response:
    """The referral, for a browser that gave the code a short while ago; for any other the question for it."""
    return await _shown(request, token, thanks=said)


@router.post("/r/{token}")
async def give_code(request: Request, token: str) -> Response:
    _demand_own_page(request)
    code = await web_session.form_value(request, "code")
    try:
        async with _database(request).transaction(VISITOR) as uow:
            who = await visiting.who_comes(uow, token)
        async with _database(request).transaction(who) as uow:
            found, letting_in = await visiting.give_code(uow, token, code)
    except (ReferralLinkOver, ReferralLinkLocked) as over:
        return _ended(over)
    if found.link.locked_at is not None:
        return _ended(ReferralLinkLocked())
    if letting_in is None:
        return _ask_for_code(request, found, token, wrong=True)
    answer = _back(token)
    answer.set_cookie(
        COOKIE,
        letting_in,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path=_address(token),
    )
    return answer


@router.post("/r/{token}/end")
async def leave(request: Request, token: str) -> Response:
    """For a borrowed computer: the code is asked for again."""
    _demand_own_page(request)
    answer = _back(token)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path=_address(token))
    return answer


@router.post("/r/{token}/{word}")
async def say_by_link(request: Request, token: str, word: Word) -> Response:
    """Kept once it is sent; the page that follows may be loaded again without sending twice."""
    await _demand_own_form(request)
    form = {
        name: await web_session.form_value(request, name) for name in spoken.FIELDS.get(word, ())
    }
    given = request.cookies.get(COOKIE, "")
    try:
        async with _database(request).transaction(VISITOR) as uow:
            who = await visiting.who_comes(uow, token)
        async with _database(request).transaction(who) as uow:
            found = await visiting.demand_open(uow, token, given)
            await spoken.say(uow, found.link.referral_id, word, form, _zone(uow, found))
    except CodeNeeded:
        return _back(token)
    except (ReferralLinkOver, ReferralLinkLocked) as over:
        return _ended(over)
    except (Refusal, Malformed) as refused:
        return await _shown(request, token, problem=refused)
    if word is Word.REJECT:
        return _ended(None)
    return _back(token, said=True)


async def _shown(
    request: Request,
    token: str,
    *,
    thanks: bool = False,
    problem: Refusal | Malformed | None = None,
) -> Response:
    try:
        return await _referral(request, token, thanks=thanks, problem=problem)
    except (ReferralLinkOver, ReferralLinkLocked) as over:
        return _ended(over)


async def _referral(
    request: Request,
    token: str,
    *,
    thanks: bool,
    problem: Refusal | Malformed | None,
) -> Response:
    """Raises ReferralLinkOver, ReferralLinkLocked."""
    given = request.cookies.get(COOKIE, "")
    async with _database(request).transaction(VISITOR) as uow:
        who = await visiting.who_comes(uow, token)
    async with _database(request).transaction(who) as uow:
        found = await visiting.visit(uow, token)
        if not visiting.is_open(found, given):
            return _ask_for_code(request, found, token)
        view = await reading.read(uow, found.link.referral_id)
        zone = _zone(uow, found)
    offered = _OFFERED.get(view.state, ())
    if view.acknowledged_at is not None:
        offered = tuple(each for each in offered if each is not Word.ACKNOWLEDGE)
    if view.service_given_at is not None:
        offered = ()
    page = _PAGES.get_template("referral.html").render(
        w=wording(found.link.language),
        r=view,
        token=token,
        csrf=web_session.form_token(given),
        zone=zone,
        owed=[each for each in view.deadlines if each.state is DeadlineState.OPEN],
        offered=[each.value for each in offered],
        reasons=_REASONS,
        longest=spoken.LONGEST,
        valid_until=found.link.expires_at,
        thanks=thanks,
        problem=_problem(found, problem),
        sandbox=_is_sandbox(request),
    )
    return HTMLResponse(page, problem.status if problem else 200, headers=_HEADERS)


def _ask_for_code(request: Request, found: Visit, token: str, *, wrong: bool = False) -> Response:
    """Nothing on it says what the referral is about."""
    page = _PAGES.get_template("code.html").render(
        w=wording(found.link.language), token=token, wrong=wrong, sandbox=_is_sandbox(request)
    )
    return HTMLResponse(page, 403 if wrong else 200, headers=_HEADERS)


def _ended(over: ReferralLinkOver | ReferralLinkLocked | None) -> Response:
    """In every language: whose link it was is not said any more. None: the provider has just declined."""
    why, status = _OVER[type(over)] if over else ("declined", 200)
    page = _PAGES.get_template("over.html").render(why=why, wordings=map(wording, Language))
    return HTMLResponse(page, status, headers=_HEADERS)


def _problem(found: Visit, refused: Refusal | Malformed | None) -> str:
    """In the page's language; which field it was is said by its own sentence."""
    if refused is None:
        return ""
    words = wording(found.link.language)
    key = f"problem.{refused.field if isinstance(refused, Malformed) else refused.code}"
    return words.say(key if words.has(key) else "problem.other")


def _zone(uow: UnitOfWork, found: Visit) -> str:
    return uow.packs.get(found.opened.case.policy).calendar.zone


async def _demand_own_form(request: Request) -> None:
    """Beside the browser's word, what only a page of this session could show."""
    _demand_own_page(request)
    shown = await web_session.form_value(request, web_session.FORM_FIELD)
    if not hmac.compare_digest(shown, web_session.form_token(request.cookies.get(COOKIE, ""))):
        raise Unauthenticated("This was not sent from a page of ours. Load the page and try again.")


def _demand_own_page(request: Request) -> None:
    if not web_session.is_own_page(request):
        raise Unauthenticated("This was not sent from a page of ours.")


def _back(token: str, *, said: bool = False) -> RedirectResponse:
    query = "?said=true" if said else ""
    return RedirectResponse(f"{_address(token)}{query}", _SEE_OTHER, headers=_HEADERS)


def _address(token: str) -> str:
    return f"/r/{token}"


def _is_sandbox(request: Request) -> bool:
    return bool(_database(request).clock.is_sandbox)


def _database(request: Request) -> Database:
    db: Database = request.app.state.db
    return db
