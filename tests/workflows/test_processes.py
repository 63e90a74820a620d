"""The worker and the bridge as processes: their pages, their end on request, and a kill at any moment."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer

from contracts.envelope import Envelope
from contracts.events.timekeeping import DeadlineMomentReached
from deploy.embedded.ports import free_port
from infrastructure.bus import Bus
from infrastructure.clock import ClockPlan, wall_now
from infrastructure.cloudevents import read
from infrastructure.ids import new_id
from infrastructure.settings import Settings
from tests.workflows.props import a_case_ref, a_deadline, deadline_set

pytestmark = pytest.mark.slow
KEYS = "test:" + base64.b64encode(b"k" * 32).decode()


@dataclass
class Running:
    process: asyncio.subprocess.Process
    port: int

    async def page(self, path: str) -> httpx2.Response:
        async with httpx2.AsyncClient() as http:
            return await http.get(f"http://127.0.0.1:{self.port}{path}")

    async def ready(self) -> None:
        async with asyncio.timeout(60):
            while True:
                assert self.process.returncode is None
                try:
                    if (await self.page("/ready")).json()["status"] == "ready":
                        return
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@dataclass
class Land:
    """Where the processes run; `env` is what they are given."""

    env: dict[str, str]
    settings: Settings
    stack: AsyncExitStack
    said: list[Envelope] = field(default_factory=list)

    async def start(self, name: str) -> Running:
        port = free_port()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workflows", name,
            env={**os.environ, **self.env, "THROUGHLINE_METRICS_PORT": str(port)},
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        running = Running(process, port)
        self.stack.push_async_callback(running.kill)
        return running

    async def until_said(self, *moments: str) -> None:
        """Any of them: a slow machine passes some over for a higher one."""
        async with asyncio.timeout(60):
            while not {each.event.moment for each in self.said} & set(moments):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@pytest.fixture
async def land(kafka_bootstrap, temporal_address, topic_prefix) -> AsyncIterator[Land]:
    wall = wall_now()
    begins = wall + timedelta(seconds=1)
    # A day of the case takes three seconds: time enough to kill a process between two moments.
    plan = ClockPlan(
        (
            (wall, wall),
            (begins, begins),
            (begins + timedelta(seconds=3), begins + timedelta(days=1)),
        )
    )
    given = {
        "kafka_bootstrap": kafka_bootstrap,
        "topic_prefix": topic_prefix,
        "temporal_address": temporal_address,
        "temporal_task_queue": f"processes-{uuid4()}",
        "payload_keys": KEYS,
        "clock_plan": plan.to_json(),
        "sticky_seconds": "5",
    }
    env = {f"THROUGHLINE_{name.upper()}": text for name, text in given.items()}
    async with AsyncExitStack() as stack:
        yield Land(env, Settings(**given), stack)


@asynccontextmanager
async def listening(land: Land) -> AsyncIterator[None]:
    """Keeps what is said on `timekeeping`."""
    consumer = AIOKafkaConsumer(
        land.settings.topic("timekeeping"),
        bootstrap_servers=land.settings.kafka_bootstrap,
        group_id=land.settings.topic("listener"),
        auto_offset_reset="earliest",
    )
    await consumer.start()

    async def listen() -> None:
        async for record in consumer:
            land.said.append(read(record.headers, record.key, record.value))

    hearing = asyncio.create_task(listen())
    try:
        yield
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        await consumer.stop()


async def test_a_killed_worker_and_a_killed_bridge_lose_no_moment(land):
    bus = Bus(land.settings)
    land.stack.push_async_callback(bus.close)
    bridge, worker = await asyncio.gather(land.start("bridge"), land.start("worker"))
    await asyncio.gather(bridge.ready(), worker.ready())
    start = ClockPlan.from_json(land.settings.clock_plan).case_at(wall_now())
    owed = a_deadline("re-assessment", start)
    event = deadline_set(owed).model_copy(update={"case_ref": a_case_ref()})
    async with listening(land):
        await bridge.kill()
        await bus.publish(
            Envelope(new_id(), event.type, "cases", event.key, event.at, 1, event), "cases"
        )
        await land.start("bridge")
        await land.until_said(*(moment.name for moment in owed.moments))
        await worker.kill()
        await (await land.start("worker")).ready()
        await land.until_said("rung-2")
    said = {each.id: each.event for each in land.said}
    assert all(isinstance(each, DeadlineMomentReached) for each in said.values())
    moments = [each.moment for each in said.values()]
    assert len(moments) == len(set(moments))
    assert moments == [each.name for each in owed.moments if each.name in moments]


async def test_pages_say_how_a_process_is_and_it_ends_when_asked(land):
    for name in ("worker", "bridge"):
        running = await land.start(name)
        await running.ready()
        assert (await running.page("/live")).status_code == 200
        assert "bridge_errands" in (await running.page("/metrics")).text or name == "worker"
        running.process.terminate()
        async with asyncio.timeout(20):
            assert await running.process.wait() == 0


async def test_a_process_that_cannot_start_says_why(land):
    broken = {**os.environ, **land.env, "THROUGHLINE_PAYLOAD_KEYS": "not a key"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workflows", "worker", env=broken, stderr=asyncio.subprocess.PIPE
    )
    _, words = await process.communicate()
    assert process.returncode == 2
    assert b"worker cannot start: " in words
