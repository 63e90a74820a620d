"""Records a history of every stage of every workflow on the real server: `python -m tests.workflows.record`.

Run once for a release, with its number; what it writes is replayed by test_replay for ever after. With
`mailbox` or `delivery` after the number, only of that workflow.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter

from infrastructure.clock import wall_now
from infrastructure.ids import new_id
from tests.stack.stacks import StackLoop, servers
from tests.workflows import test_case_lifecycle as case
from tests.workflows import test_closure as closure
from tests.workflows import test_mailbox as mailbox
from tests.workflows import test_periodic_review as review
from tests.workflows import test_referral_journey as referral
from tests.workflows.props import (
    RememberingBus,
    a_case_ref,
    a_deadline,
    deadline_acknowledged,
    deadline_cancelled,
    deadline_met,
    deadline_missed,
    deadline_set,
    eventually,
    fact,
    state_of,
    tell,
    worker_on,
)
from tests.workflows.quick import Quick, quick_world
from tests.workflows.test_delivery import Notifications, an_order, deliveries
from workflows.delivery.workflow import Delivery
from workflows.facts import Facts, FactSignal

FOLDER = Path(__file__).parent / "histories"


class Recorder:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    async def keep(self, name: str, handle: WorkflowHandle[Any, Any]) -> None:
        """The history so far; a query first, so that what was told has been taken."""
        if not name.endswith("ended") and not name.startswith(("delivery", "mailbox")):
            await state_of(handle)
        history = await handle.fetch_history()
        found = json.loads(history.to_json())
        kept = {"workflow_id": handle.id, "events": _without_frames(found["events"])}
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _without_frames(found: Any) -> Any:
    """Failures without their frames, which name the folders of the machine that recorded them."""
    if isinstance(found, list):
        return [_without_frames(each) for each in found]
    if isinstance(found, dict):
        return {key: _without_frames(value) for key, value in found.items() if key != "stackTrace"}
    return found


async def record(client: Client, folder: Path) -> None:
    keeper = Recorder(folder)
    for story in (_case, _reopened, _afresh, _troubles, _referral, _review, _closure):
        async with _world(client, afresh_after=20 if story is _afresh else 4000) as world:
            await story(keeper, world)
    await _delivery(keeper, client)
    await _mailbox(keeper, client)


@asynccontextmanager
async def _world(client: Client, afresh_after: int) -> AsyncIterator[Quick]:
    async with quick_world(client, RememberingBus(), continue_as_new_after=afresh_after) as world:
        yield world


async def _case(keeper: Recorder, world: Quick) -> None:
    at = world.start
    owed = a_deadline("initial-assessment", at)
    handle = await world.begin("case", a_case_ref(), deadline_set(owed))
    await eventually(lambda: world.bus.moments(owed))
    await tell(handle, deadline_acknowledged(owed, at))
    await keeper.keep("case-registration", handle)
    await tell(handle, case.registered(at), deadline_met(owed, at))
    await keeper.keep("case-assessment", handle)
    for event, stage in (
        (case.assessed, "understanding"),
        (case.understood, "planning"),
        (case.planned, "carrying-out"),
        (case.closing, "closing"),
        (case.closed, "looking-back"),
        (case.archived, "archived-ended"),
    ):
        await tell(handle, event(at))
        if event is case.archived:
            await handle.result()
        await keeper.keep(f"case-{stage}", handle)


async def _reopened(keeper: Recorder, world: Quick) -> None:
    at = world.start
    back = a_deadline("re-assessment", at)
    handle = await world.begin("case", a_case_ref(), case.registered(at), deadline_set(back))
    await tell(handle, case.archived(at))
    await tell(handle, case.reopened(at), deadline_cancelled(back, at))
    await keeper.keep("case-reopened", handle)


async def _afresh(keeper: Recorder, world: Quick) -> None:
    far = a_deadline("case-plan", world.start + timedelta(days=300))
    handle = await world.begin("case", a_case_ref(), case.registered(world.start))
    begun = (await handle.describe()).run_id
    await tell(handle, deadline_set(far))
    while (await handle.describe()).run_id == begun:
        await tell(handle, case.assessed(world.start))
        await state_of(handle)
    await keeper.keep("case-afresh", handle)
    first = world.client.get_workflow_handle(handle.id, run_id=begun)
    await keeper.keep("case-going-on-afresh-ended", first)


async def _troubles(keeper: Recorder, world: Quick) -> None:
    """The bus away, and a fact that cannot be read."""
    owed = a_deadline("re-assessment", world.start)
    world.bus.away = True
    handle = await world.begin("case", a_case_ref(), deadline_set(owed))
    await eventually(lambda: world.bus.refused > 1)
    world.bus.away = False
    nonsense = FactSignal(str(new_id()), "case.registered.v1", {})
    await handle.signal("facts", Facts((nonsense, fact(case.registered(world.start)))))
    await eventually(lambda: world.bus.moments(owed)[-1:] == ["rung-2"], within=60)
    await keeper.keep("case-troubles", handle)


async def _referral(keeper: Recorder, world: Quick) -> None:
    at, key = world.start, referral.KEY
    first, second = (a_deadline("referral-answer", at, subject_id=key) for _ in range(2))
    handle = await world.begin("referral", key, referral.requested(at, 1), deadline_set(first))
    await keeper.keep("referral-asked", handle)
    await tell(handle, referral.rejected(at, 1), deadline_met(first, at))
    await eventually(lambda: referral.fallbacks(world.bus))
    await keeper.keep("referral-declined", handle)
    await tell(handle, referral.requested(at, 2), deadline_set(second), deadline_missed(second))
    await eventually(lambda: len(referral.fallbacks(world.bus)) > 1)
    await keeper.keep("referral-silence", handle)
    await tell(handle, referral.completed(at), deadline_met(second, at))
    await handle.result()
    await keeper.keep("referral-ended", handle)


async def _review(keeper: Recorder, world: Quick) -> None:
    at, key = world.start, review.KEY
    owed = a_deadline("review", at, subject_id=key)
    convene_at = at + timedelta(days=1)
    handle = await world.begin(
        "review", key, review.scheduled(owed, convene_at), deadline_set(owed)
    )
    await keeper.keep("review-scheduled", handle)
    await eventually(lambda: world.bus.events)
    await tell(handle, review.convened(convene_at))
    await keeper.keep("review-convened", handle)
    await tell(handle, review.held(convene_at), deadline_met(owed, convene_at))
    await handle.result()
    await keeper.keep("review-ended", handle)


async def _closure(keeper: Recorder, world: Quick) -> None:
    at = world.start
    request, approval, back, file = (
        closure.owed(step, at) for step in ("closure-request", "closure-approval", "look-back", "archive")
    )  # fmt: skip
    handle = await world.begin("closure", closure.KEY, closure.achieved(at), deadline_set(request))
    await keeper.keep("closure-settling", handle)
    await tell(handle, case.closing(at), deadline_met(request, at), deadline_set(approval))
    await keeper.keep("closure-requested", handle)
    await tell(handle, deadline_missed(approval))
    await eventually(lambda: len(world.bus.events) > 0)
    await keeper.keep("closure-stand-in", handle)
    await tell(handle, case.closed(at), deadline_met(approval, at), deadline_set(back))
    await keeper.keep("closure-closed", handle)
    await tell(handle, closure.looked_back(at), deadline_met(back, at), deadline_set(file))
    await keeper.keep("closure-looked-back", handle)
    await tell(handle, deadline_met(file, at))
    await handle.result()
    await keeper.keep("closure-ended", handle)


async def _delivery(keeper: Recorder, client: Client) -> None:
    for name, service in {
        "delivered": Notifications(),
        "delivered-late": Notifications(503),
        "not-wanted": Notifications(404),
    }.items():
        order, queue = an_order(), f"delivery-{uuid4()}"
        async with worker_on(
            client, RememberingBus(), deliveries=deliveries(service), task_queue=queue
        ):
            handle = await client.start_workflow(
                Delivery.run, order, id=f"delivery/{order.notification_id}", task_queue=queue
            )
            await handle.result()
        await keeper.keep(f"delivery-{name}", handle)


async def _mailbox(keeper: Recorder, client: Client) -> None:
    """Sent at once in two batches; tried on; held in quiet hours while another is sent; never taken."""

    def late(service: mailbox.Service, _: str) -> dict[str, Any]:
        return {"state": "waiting" if len(service.asked) == 1 else "sent"}

    def quiet(service: mailbox.Service, _: str) -> dict[str, Any]:
        later = (wall_now() + timedelta(seconds=3)).isoformat()
        is_first = len(service.asked) == 1
        return {"state": "waiting", "not_before": later} if is_first else {"state": "sent"}

    for name, service, told in (
        ("sent", mailbox.Service(), mailbox.BATCH + 1),
        ("tried-on", mailbox.Service(late), 2),
        ("held", mailbox.Service(quiet), 1),
        ("not-wanted", mailbox.Service(None, 422), 1),
    ):
        key = queue = f"mailbox-{uuid4()}"
        async with worker_on(
            client, RememberingBus(), deliveries=service.deliveries(), task_queue=queue
        ):
            handle = await mailbox.put(client, mailbox.some_orders(told), queue, key)
            if name == "held":
                await eventually(lambda service=service: service.asked)
                await handle.signal("take", mailbox.some_orders(1))
            await handle.result()
        await keeper.keep(f"mailbox-{name}", handle)


async def record_one(client: Client, folder: Path, story: str) -> None:
    """Of one kind of workflow alone: what is recorded of the others stays as it is."""
    await {"delivery": _delivery, "mailbox": _mailbox}[story](Recorder(folder), client)


async def _main(address: str, release: str, story: str = "") -> None:
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    if story:
        await record_one(client, FOLDER / release, story)
    else:
        await record(client, FOLDER / release)


if __name__ == "__main__":
    loop = StackLoop()
    started = servers("embedded", loop)
    try:
        asyncio.run(_main(started.temporal_address(), *sys.argv[1:]))
    finally:
        started.close()
        loop.close()
