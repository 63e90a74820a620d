"""The real server under a sandbox clock: a day of the case passes in half a second of the wall."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle

from infrastructure.clock import ClockPlan, wall_now
from tests.workflows.props import RememberingBus, begin, worker_on
from workflows.journey import Terms

DAY = timedelta(seconds=0.5)
_AHEAD = timedelta(seconds=0.3)  # so that what is anchored at the start is not past when it arrives


@dataclass
class Quick:
    """`start` is the case's instant at which its clock begins to run."""

    client: Client
    bus: RememberingBus
    task_queue: str
    clock: ClockPlan
    start: datetime
    continue_as_new_after: int = 4000

    @property
    def terms(self) -> Terms:
        return Terms(clock=self.clock, continue_as_new_after=self.continue_as_new_after)

    async def begin(self, kind: str, key: str, *events: Any) -> WorkflowHandle[Any, Any]:
        return await begin(
            self.client, kind, key, *events, terms=self.terms, task_queue=self.task_queue
        )

    def worker(self) -> Any:
        return worker_on(self.client, self.bus, task_queue=self.task_queue)


def quick_clock() -> tuple[ClockPlan, datetime]:
    wall = wall_now()
    start = wall + _AHEAD
    return ClockPlan(
        ((wall, wall), (start, start), (start + DAY, start + timedelta(days=1)))
    ), start


@asynccontextmanager
async def quick_world(
    client: Client, bus: RememberingBus, *, continue_as_new_after: int = 4000, working: bool = True
) -> AsyncIterator[Quick]:
    """Ends every workflow of its own queue; `working`: with a worker from the start."""
    clock, start = quick_clock()
    world = Quick(client, bus, f"quick-{uuid4()}", clock, start, continue_as_new_after)
    try:
        if working:
            async with world.worker():
                yield world
        else:
            yield world
    finally:
        await _end(world)


async def _end(world: Quick) -> None:
    query = f'TaskQueue = "{world.task_queue}" AND ExecutionStatus = "Running"'
    running = [each async for each in world.client.list_workflows(query)]
    await asyncio.gather(
        *(world.client.get_workflow_handle(each.id).terminate() for each in running)
    )
