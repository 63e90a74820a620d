"""Signing in and out with a browser: a form takes a token and sets the session's cookie."""

import re
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote

from fastapi import HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment

from domain.errors import Unauthenticated
from infrastructure import web_session
from infrastructure.auth import TokenVerifier, viewer
from infrastructure.routes import Router

# Only a path of our own: never another host, never a query that could carry something.
_OWN_PATH = re.compile(r"^/[a-z0-9][A-Za-z0-9./-]{0,100}$|^/$")
_SEE_OTHER = 303
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
router = Router(tags=["pages"], include_in_schema=False)
_FORM = Environment(autoescape=True).from_string("""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Throughline: sign in</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}
textarea{width:100%;box-sizing:border-box;font:0.8rem monospace}button{font:inherit;padding:.4rem 1.2rem}</style>
<h1>Sign in</h1>
{% if refused %}<p role="alert">The token was not accepted: it may have run out.</p>{% endif %}
<form method="post" action="/session" autocomplete="off">
<p><label for="token">Your token</label><textarea id="token" name="token" rows="6" required></textarea></p>
<input type="hidden" name="next" value="{{ next }}"><button>Sign in</button></form></html>
""")


def browsers_go_to(page: str) -> Callable[[Request], None]:
    """A dependency: whoever asks for HTML at a JSON address is led to its page."""

    def lead(request: Request) -> None:
        accepted = request.headers.get("accept", "")
        if "text/html" in accepted and "authorization" not in request.headers:
            raise HTTPException(_SEE_OTHER, headers={"Location": page})

    return lead


async def signed_in(request: Request) -> None:
    """A dependency of pages: whoever has no valid session is led to the form, and back afterwards."""
    try:
        await viewer(request)
    except Unauthenticated:
        if "authorization" in request.headers or request.method != "GET":
            raise
        wanted = quote(request.url.path, safe="/")
        raise HTTPException(_SEE_OTHER, headers={"Location": f"/session?next={wanted}"}) from None


@router.get("/session")
async def sign_in_form(next_page: Annotated[str, Query(alias="next")] = "/") -> HTMLResponse:
    return _form(next_page)


@router.post("/session")
async def sign_in(request: Request) -> Response:
    """Takes the token in the body, never in an address."""
    if not web_session.is_own_page(request):
        raise Unauthenticated("This was not sent from a page of ours.")
    tokens: TokenVerifier = request.app.state.tokens
    token = (await web_session.form_value(request, "token")).strip()
    next_page = await web_session.form_value(request, "next")
    try:
        await tokens.verify(token)
    except Unauthenticated:
        return _form(next_page, refused=True)
    answer = RedirectResponse(_own(next_page), _SEE_OTHER)
    web_session.begin(answer, token, secure=request.url.scheme == "https")
    return answer


@router.post("/session/end")
async def sign_out(request: Request) -> Response:
    if not web_session.is_own_page(request):
        raise Unauthenticated("This was not sent from a page of ours.")
    answer = RedirectResponse("/session", _SEE_OTHER)
    web_session.end(answer)
    return answer


def _form(next_page: str, *, refused: bool = False) -> HTMLResponse:
    page = _FORM.render(next=_own(next_page), refused=refused)
    return HTMLResponse(page, 401 if refused else 200, headers=PAGE_HEADERS)


def _own(path: str) -> str:
    return path if _OWN_PATH.match(path) and "//" not in path else "/"
