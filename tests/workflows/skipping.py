"""A server whose time skips: one an environment, one workflow under way in each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import WorkflowRunner

from contracts.events import Event
from deploy.embedded.temporal_test_server import test_server_wrapper
from tests.workflows.props import RememberingBus, begin, state_of, tell, working
from workflows.journey import Terms
from workflows.sandbox import sandboxed

MINUTE = timedelta(minutes=1)
START_WITHIN = timedelta(seconds=60)  # the SDK's five are too few on a busy machine


class Skipping:
    def __init__(self, env: WorkflowEnvironment, bus: RememberingBus) -> None:
        self.env = env
        self.bus = bus
        self._handles: list[WorkflowHandle[Any, Any]] = []

    async def begin(
        self, kind: str, key: str, *events: Event, terms: Terms | None = None
    ) -> WorkflowHandle[Any, Any]:
        handle = await begin(self.env.client, kind, key, *events, terms=terms)
        self._handles.append(handle)
        await state_of(handle)
        return handle

    async def now(self) -> datetime:
        return await self.env.get_current_time()

    async def until(self, instant: datetime) -> None:
        """Skips to an instant, and waits until what it brought is dealt with."""
        left = instant - await self.now()
        if left > timedelta():
            await self.env.sleep(left)
        for handle in self._handles:
            await state_of(handle)

    async def tell(self, handle: WorkflowHandle[Any, Any], *events: Event) -> Any:
        """Tells facts; answers the state once they are taken."""
        await tell(handle, *events)
        return await state_of(handle)

    async def end(self) -> None:
        for handle in self._handles:
            try:
                await handle.terminate()
            except RPCError:
                continue  # it has ended by itself


@asynccontextmanager
async def skipping_world(
    bus: RememberingBus, runner: WorkflowRunner | None = None, **given: Any
) -> AsyncIterator[Skipping]:
    async with (
        await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(test_server_wrapper()),
            data_converter=pydantic_data_converter,
            test_server_startup_timeout=START_WITHIN,
        ) as env,
        working(env.client, bus, runner=runner or sandboxed(), **given),
    ):
        world = Skipping(env, bus)
        yield world
        await world.end()
