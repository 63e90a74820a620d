"""The worker: runs every workflow and its activities. `python -m workflows worker`."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx2
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from infrastructure.auth import TokenSource
from infrastructure.bus import Bus
from infrastructure.clock import clock_from
from infrastructure.health import Check
from infrastructure.settings import Settings
from workflows.announcements import Announcer, Publisher
from workflows.case_lifecycle.workflow import CaseLifecycle
from workflows.closure.workflow import Closure
from workflows.complaints import Complaints
from workflows.delivery.activities import Deliveries
from workflows.delivery.mailbox import Mailbox
from workflows.delivery.workflow import Delivery
from workflows.guard import Guard
from workflows.periodic_review.workflow import PeriodicReview
from workflows.process import Process
from workflows.referral_journey.workflow import ReferralJourney
from workflows.stuck_watch import StuckWatch, WatchedRunner

# Delivery begins no more: it is here for those under way and for the recorded ones.
WORKFLOWS: Sequence[type] = (
    CaseLifecycle, ReferralJourney, PeriodicReview, Closure, Mailbox, Delivery,
)  # fmt: skip

# Above the cases under way: a case that is not kept is replayed from its history at every moment.
CACHED_WORKFLOWS = 6000
# Two cores: more tasks at once only wait for each other.
TASKS = 40
LOCAL_TRIES = 400
TRIES = 100
STOP_WITHIN = timedelta(seconds=2)


def new_worker(
    client: Client,
    settings: Settings,
    bus: Publisher,
    deliveries: Deliveries,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """See docs/decisions/0202 for the runner; tests run the sandboxed one."""
    activities: list[Any] = [
        Announcer(bus).announce,
        deliveries.attempt_all,
        deliveries.abandon_all,
        deliveries.attempt,
        deliveries.abandon,
    ]
    return Worker(
        client,
        task_queue=settings.temporal_task_queue,
        workflows=WORKFLOWS,
        activities=activities,
        interceptors=[Guard()],
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=TASKS,
        max_concurrent_local_activities=LOCAL_TRIES,
        max_concurrent_activities=TRIES,
        # What was handed to a killed worker is silent for so long (tests/faults: with five minutes, five
        # minutes); a backlog that outlasts it is handed out again without its cache, and doubles itself.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=settings.sticky_seconds),
        graceful_shutdown_timeout=STOP_WITHIN,
    )


async def work(process: Process) -> None:
    """Until cancelled; the SDK itself outlives Temporal being away."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx2.AsyncClient(timeout=httpx2.Timeout(20.0)))
        bus, tokens = Bus(process.settings), TokenSource(process.settings)
        stack.push_async_callback(bus.close)
        stack.push_async_callback(tokens.close)
        process.checks.append(Check("kafka", bus.answers, needed=False))
        stuck = StuckWatch()
        worker = new_worker(
            await process.client(),
            process.settings,
            bus,
            Deliveries(http, tokens, process.settings.notifications_url),
            WatchedRunner(UnsandboxedWorkflowRunner(), stuck),
        )
        watching = asyncio.create_task(stuck.run(Complaints(bus, clock_from(process.settings))))
        stack.callback(watching.cancel)
        await worker.run()
