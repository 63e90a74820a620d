"""The outermost layer of every API: a name for each request, its span, its log line, its bounds.

FastAPI's own telemetry writes paths and query strings into spans, so it stays off; here the route's
template stands for the address.
"""

import re
import time
from collections.abc import Iterable

import structlog
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import Counter, Histogram
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import TooLarge
from infrastructure import problems
from infrastructure.health import PATHS
from infrastructure.ids import new_id
from infrastructure.telemetry import continue_from

MAX_BODY_BYTES = 1_048_576
# A sender that is still writing does not read; this much is taken off its hands before the answer.
_DRAINED_BYTES = 32 * MAX_BODY_BYTES
_OWN_PATHS = PATHS | {"/docs", "/openapi.json"}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")

REQUESTS = Counter("throughline_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "throughline_http_request_seconds", "Time until the answer was sent", ["method", "route"]
)

log = structlog.get_logger(__name__)


class Edge:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(_text(scope["headers"]))
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.match(given) else str(new_id())
        sent = _Sent(send, request_id)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            if scope["path"] in PATHS:
                await self._timed(scope, receive, sent, headers)
            else:
                await self._traced(scope, receive, sent, headers)

    async def _traced(
        self, scope: Scope, receive: Receive, sent: "_Sent", headers: dict[str, str]
    ) -> None:
        method = {"http.request.method": scope["method"]}
        parent = headers.get("traceparent")
        with continue_from(parent, scope["method"], SpanKind.SERVER, method) as span:
            await self._timed(scope, receive, sent, headers)
            route = _template(scope)
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.route": route, "http.response.status_code": sent.status})
            if sent.status >= 500:  # noqa: PLR2004  server errors begin here
                span.set_status(StatusCode.ERROR)

    async def _timed(
        self, scope: Scope, receive: Receive, sent: "_Sent", headers: dict[str, str]
    ) -> None:
        began = time.perf_counter()
        await self._answer(scope, receive, sent, headers)
        _record(scope["method"], _template(scope), sent.status, time.perf_counter() - began)

    async def _answer(
        self, scope: Scope, receive: Receive, sent: "_Sent", headers: dict[str, str]
    ) -> None:
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > MAX_BODY_BYTES:
            await _drain(receive)
            await problems.answer_to(TooLarge())(scope, receive, sent)
            return
        try:
            await self._app(scope, _bounded(receive), sent)
        except Exception:
            # The last resort: answered without a word of it, logged without a value of it.
            log.exception("request.failed", route=_template(scope))
            if not sent.status:
                await problems.internal()(scope, receive, sent)


class _Sent:
    """Passes the answer on, noting its status and naming the request."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send, self._request_id = send, request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message.get("headers", []),
                (b"x-request-id", self._request_id.encode()),
            ]
        await self._send(message)


def _bounded(receive: Receive) -> Receive:
    """For bodies that come in pieces and do not say how long they are."""
    taken = 0

    async def receive_bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MAX_BODY_BYTES:
            await _drain(receive, taken)
            # FastAPI turns whatever else is raised while it reads a body into a 400.
            raise HTTPException(TooLarge.status)
        return message

    return receive_bounded


async def _drain(receive: Receive, taken: int = 0) -> None:
    while taken < _DRAINED_BYTES:
        message = await receive()
        taken += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return


def _record(method: str, route: str, status: int, seconds: float) -> None:
    method = method if method in _METHODS else "other"
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(method, route).observe(seconds)
    level = log.debug if route in PATHS else log.info
    level(
        "request.answered",
        method=method,
        route=route,
        status=status,
        duration_ms=round(seconds * 1000, 1),
    )


def _template(scope: Scope) -> str:
    """`/cases/{ref}`; what matches no route is not repeated, since anything may stand in it."""
    found = getattr(scope.get("route"), "path", None)
    return str(found or (scope["path"] if scope["path"] in _OWN_PATHS else "unmatched"))


def _text(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
