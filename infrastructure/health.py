"""Live, ready and metrics pages, the same for every process, whether or not it serves an API."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_PATIENCE_SECONDS = 2.0
PATHS = frozenset({"/live", "/ready", "/metrics"})


@dataclass(frozen=True, slots=True)
class Check:
    """A dependency by name; `probe` raises, or answers False, when it is missing.

    What is not `needed` (Kafka, for a command) leaves the process ready, but degraded.
    """

    name: str
    probe: Callable[[], Awaitable[object]]
    needed: bool = True


def health_routes(checks: Sequence[Check]) -> list[Route]:
    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        found = await asyncio.gather(*(_outcome(check) for check in checks))
        outcomes = {check.name: outcome for check, outcome in zip(checks, found, strict=True)}
        missing = [check for check in checks if outcomes[check.name] != "ok"]
        if any(check.needed for check in missing):
            return JSONResponse({"status": "not-ready", "checks": outcomes}, status_code=503)
        return JSONResponse({"status": "degraded" if missing else "ready", "checks": outcomes})

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/live", live), Route("/ready", ready), Route("/metrics", metrics)]


async def _outcome(check: Check) -> str:
    """`ok`, or the kind of failure; never its message, which may name hosts and passwords."""
    try:
        found = await asyncio.wait_for(check.probe(), _PATIENCE_SECONDS)
    except Exception as error:  # any failure of a probe means the same: it is missing
        return f"missing ({type(error).__name__})"
    return "missing" if found is False else "ok"
