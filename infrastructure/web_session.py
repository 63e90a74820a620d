"""A browser's session: the bearer token in a cookie that no script reads and no other site sends.

Reading needs the cookie alone. A POST needs, besides, to come from a page of ours: by the browser's own word
(Sec-Fetch-Site, or Origin), and by a form token that only such a page could show.
"""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from domain.errors import Unauthenticated

COOKIE = "throughline_session"
FORM_FIELD = "csrf"
FORM_TYPE = "application/x-www-form-urlencoded"
_READING = frozenset({"GET", "HEAD"})


async def token_of(request: Request) -> str:
    """The session's token, or empty; raises Unauthenticated for a POST that is not our own page's."""
    token = request.cookies.get(COOKIE, "")
    if not token or request.method in _READING:
        return token
    given = await form_value(request, FORM_FIELD)
    if not is_own_page(request) or not hmac.compare_digest(given, form_token(token)):
        raise Unauthenticated("This was not sent from a page of ours. Load the page and try again.")
    return token


def form_token(token: str) -> str:
    """What a form shows to be believed; follows from the cookie, which another site cannot read."""
    return hashlib.sha256(b"throughline form|" + token.encode()).hexdigest()


def is_own_page(request: Request) -> bool:
    """Whether the browser says that a page of this very origin sent the request."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    return urlsplit(origin).netloc == request.headers.get("host", "")


async def form_value(request: Request, name: str) -> str:
    """One field of a posted form, or empty."""
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        return ""
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    return form.get(name, [""])[0]


def begin(response: Response, token: str, *, secure: bool) -> None:
    """Ends with the browser, or when the token does."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")


def end(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
