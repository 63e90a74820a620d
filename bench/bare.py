"""The machine's own limit for a deadline: a workflow of one timer and one activity, nothing of ours around it.

`python -m bench.bare ADDRESS COUNT DUE...`: writes each one's lateness in seconds, as a JSON list. With one
DUE (Unix time) all fire then; with several, each its own.
"""

import asyncio
import json
import sys
import time
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

QUEUE = "bench-bare"


@activity.defn
async def note(due: float) -> float:
    return time.time() - due


@workflow.defn
class Bare:
    @workflow.run
    async def run(self, due: float) -> float:
        await workflow.sleep(max(0.0, due - workflow.time()))
        return await workflow.execute_activity(
            note, due, start_to_close_timeout=timedelta(seconds=10)
        )


async def run(address: str, dues: list[float]) -> list[float]:
    client = await Client.connect(address)
    at_once = asyncio.Semaphore(32)
    batch = f"bare-{time.time_ns()}"

    async def start(number: int, due: float) -> None:
        async with at_once:
            await client.start_workflow(Bare.run, due, id=f"{batch}-{number}", task_queue=QUEUE)

    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare],
        activities=[note],
        workflow_runner=UnsandboxedWorkflowRunner(),
        # As our own worker.
        max_cached_workflows=6000,
        max_concurrent_workflow_tasks=40,
        max_concurrent_activities=100,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=60),
    )
    async with worker:
        async with asyncio.TaskGroup() as group:
            for number, due in enumerate(dues):
                group.create_task(start(number, due))
        if time.time() > min(dues):
            raise SystemExit("The workflows were not all started in time.")
        return [
            await client.get_workflow_handle_for(Bare.run, f"{batch}-{number}").result()
            for number in range(len(dues))
        ]


if __name__ == "__main__":
    count, dues = int(sys.argv[2]), [float(each) for each in sys.argv[3:]]
    sys.stdout.write(
        json.dumps(asyncio.run(run(sys.argv[1], dues * (count if len(dues) == 1 else 1))))
    )
