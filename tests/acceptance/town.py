"""Every service and every workflow in this process, on one Postgres and one server whose time skips."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import asyncpg
import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from deploy.embedded.temporal_test_server import test_server_wrapper
from deploy.migrations.bootstrap import service_url
from domain.vocabulary import Role
from infrastructure.settings import Settings
from services.agencies.app import service as agencies
from services.cases.app import service as cases
from services.notifications.app import service as notifications
from services.operations.app import service as operations
from services.referrals.app import service as referrals
from services.reviews.app import service as reviews
from tests.acceptance.skipped_time import SkippedTime
from tests.acceptance.wire import Wire
from tests.services.served import Served, a_token, serve
from tests.stack.databases import PASSWORD, TestDatabase
from workflows.bridge.carrier import Carrier
from workflows.delivery.activities import Deliveries
from workflows.journey import Terms
from workflows.worker import new_worker

SERVICES = (cases, agencies, referrals, reviews, notifications, operations)
NAMES = tuple(service.name for service in SERVICES)
TASK_QUEUE = "stories"
START_WITHIN = timedelta(seconds=60)  # the SDK's five are too few on a busy machine
SECOND = timedelta(seconds=1)
MOST_SECONDS = 20  # a busy machine's; every one of them is a second of the case too


@dataclass
class PostOffice:
    """An SMTP server that keeps every mail as it came."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _s: SMTP, _n: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope.original_content or b"")
        return "250 OK"


class Streets(httpx2.AsyncBaseTransport):
    """The way to every service by its name as host; what an answer has said is carried before it is given."""

    def __init__(self, services: Mapping[str, Served]) -> None:
        self._services = services
        self.wire: Wire | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "issuer":
            return _token(json.loads(request.content))
        service = self._services[request.url.host]
        answer = await service.client._transport.handle_async_request(request)
        if self.wire is not None and request.method != "GET":
            await self.wire.carry()
        return answer


def _token(claims: Any) -> httpx2.Response:
    roles = (Role(role) for role in claims["roles"])
    token = a_token(claims["sub"], claims["agency"], *roles, team=claims["team"])
    return httpx2.Response(200, json={"access_token": token})


class OwnToken:
    """The worker's."""

    async def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {a_token('system-worker', 'throughline', Role.SYSTEM)}"}


@dataclass
class Town:
    """`urls` are the services' by name; `time` goes on only when it is told to."""

    client: httpx2.AsyncClient
    time: SkippedTime
    wire: Wire
    office: PostOffice
    urls: Mapping[str, str] = field(
        default_factory=lambda: {name: f"http://{name}" for name in (*NAMES, "issuer")}
    )

    async def until(self, case: datetime) -> None:
        """Skips to an instant of the case; when it returns, what that has brought is dealt with."""
        while (quarter := self.time.quarter()) < case:
            await self.time.until(quarter + SECOND)
            await self.wire.stir()
        await self.time.until(case)
        await self.settle()

    async def settle(self) -> None:
        """The server skips no time while a task of a workflow is under way: a second that is skipped is quiet."""
        for _ in range(MOST_SECONDS):
            began = monotonic()
            await self.time.pass_by(SECOND)
            is_skipped = monotonic() - began < SECOND.total_seconds()
            await self.wire.carry()
            if is_skipped:
                return


@asynccontextmanager
async def town(
    begins: datetime,
    service_database: Callable[..., TestDatabase],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Town]:
    """Open for people from `begins` (case time, UTC); ends with the test, all workflows with it."""
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=str(test_server_wrapper()),
                data_converter=pydantic_data_converter,
                test_server_startup_timeout=START_WITHIN,
            )
        )
        time = await SkippedTime.beginning(env, begins)
        office = await stack.enter_async_context(_post_office())
        database = service_database(*NAMES)
        options = {"smtp_port": office.port, "public_url": "https://throughline.example"}
        services: dict[str, Served] = {}
        for service in SERVICES:
            url = service_url(database.admin_url, service.name, PASSWORD, database.name)
            own = TestDatabase(database.name, service.name, url, database.admin_url)
            served = await stack.enter_async_context(serve(service, own, monkeypatch, **options))
            served.db.clock = time
            services[service.name] = served
        streets = Streets(services)
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=streets))
        outboxes = await asyncpg.connect(database.admin_url)
        stack.push_async_callback(outboxes.close)
        wire = Wire(services, outboxes, Carrier(env.client, TASK_QUEUE, Terms(time.plan)), time)
        streets.wire = wire
        stack.push_async_callback(wire.end_workflows)
        worker = new_worker(
            env.client,
            Settings(temporal_task_queue=TASK_QUEUE),
            wire,
            Deliveries(client, OwnToken(), "http://notifications"),
        )
        await stack.enter_async_context(worker)
        yield Town(client, time, wire, office)


@asynccontextmanager
async def _post_office() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, loop=loop), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()
