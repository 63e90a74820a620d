"""What the worker and the bridge have alike: settings, a way to Temporal, pages of their health."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from starlette.applications import Starlette
from temporalio.client import Client

from domain.errors import Unavailable
from infrastructure import telemetry, temporal
from infrastructure.clock import ClockPlanRefused
from infrastructure.health import Check, health_routes
from infrastructure.key_ring import SealError
from infrastructure.serving import CannotListenError, Pages, run_side_by_side
from infrastructure.settings import Settings, SettingsRefused, settings

CANNOT_START = 2
_REFUSALS = (SettingsRefused, ClockPlanRefused, SealError, CannotListenError)
_ASK_AGAIN_SECONDS = 0.5

log = structlog.get_logger(__name__)


@dataclass
class Process:
    """One of ours; `checks` is what its readiness asks."""

    settings: Settings
    checks: list[Check] = field(default_factory=list)
    _client: Client | None = None
    _connecting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def client(self) -> Client:
        """The way to Temporal, waited for as long as it takes."""
        async with self._connecting:
            while self._client is None:
                try:
                    self._client = await temporal.connect(self.settings)
                except Unavailable:
                    log.warning("temporal.away", address=self.settings.temporal_address)
                    await asyncio.sleep(_ASK_AGAIN_SECONDS)
        return self._client

    async def temporal_answers(self) -> bool:
        if self._client is None:
            return False
        return await self._client.service_client.check_health()


Work = Callable[[Process], Awaitable[None]]


def run_process(name: str, works: Mapping[str, Work]) -> int:
    """Answers the exit code: 0 stopped as asked, 1 something crashed, 2 it could not start."""
    try:
        known = settings()
        known = known.model_copy(update={"service_name": known.service_name or name})
        telemetry.configure(known)
        return asyncio.run(_run(Process(known), works))
    except _REFUSALS as refused:
        sys.stderr.write(f"{name} cannot start: {refused}\n")
        return CANNOT_START
    finally:
        telemetry.flush()


async def _run(process: Process, works: Mapping[str, Work]) -> int:
    temporal.data_converter(process.settings)  # a key that cannot be used is found now
    process.checks.append(Check("temporal", process.temporal_answers))
    return await run_side_by_side(
        {name: _bound(work, process) for name, work in works.items()}, _pages(process)
    )


def _bound(work: Work, process: Process) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await work(process)

    return run


def _pages(process: Process) -> Pages | None:
    known = process.settings
    if not known.metrics_port:
        return None
    app = Starlette(routes=health_routes(process.checks))
    return Pages(app, known.http_host, known.metrics_port)
