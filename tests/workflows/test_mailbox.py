"""A mailbox in time: batches, what is held in quiet hours, what is tried on, and given up after a day."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from temporalio.common import WorkflowIDReusePolicy

from infrastructure.clock import wall_now
from tests.workflows.props import RememberingBus, worker_on
from tests.workflows.skipping import skipping_world
from tests.workflows.test_delivery import Tokens
from workflows.delivery.activities import Deliveries
from workflows.delivery.mailbox import BATCH, Mailbox
from workflows.delivery.messages import MailboxState, Order, Orders
from workflows.journey import Terms


class Service:
    """Stands where the notifications service would answer: sends all, unless told otherwise."""

    def __init__(
        self, answer: Callable[["Service", str], dict[str, Any]] | None = None, *statuses: int
    ) -> None:
        self._answer = answer or (lambda _service, _id: {"state": "sent"})
        self._statuses = list(statuses)
        self.asked: list[tuple[str, list[str]]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        ids = json.loads(request.content)["notification_ids"]
        self.asked.append((request.url.path.rsplit("/", 1)[1], ids))
        if self._statuses:
            return httpx2.Response(self._statuses.pop(0), json={})
        found = [
            {"notification_id": each, "not_before": None} | self._answer(self, each) for each in ids
        ]
        return httpx2.Response(200, json={"deliveries": found})

    def deliveries(self, tokens: Tokens | None = None) -> Deliveries:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        return Deliveries(http, tokens or Tokens(), "http://notifications.test")


def some_orders(number: int) -> Orders:
    return Orders(tuple(Order(str(uuid4())) for _ in range(number)))


def ids(orders: Orders) -> list[str]:
    return [each.notification_id for each in orders.orders]


async def put(client: Any, orders: Orders, queue: str, key: str, terms: Terms | None = None) -> Any:
    """As the bridge does."""
    return await client.start_workflow(
        Mailbox.run,
        MailboxState(key, terms or Terms()),
        id=f"mailbox/{key}",
        task_queue=queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal="take",
        start_signal_args=[orders],
    )


async def _deliver(client: Any, service: Service, *told: Orders, tokens: Tokens | None = None):
    key = queue = f"mailbox-{uuid4()}"
    async with worker_on(
        client, RememberingBus(), deliveries=service.deliveries(tokens), task_queue=queue
    ):
        for orders in told:
            handle = await put(client, orders, queue, key)
        await handle.result()


async def test_what_comes_together_leaves_together_and_the_box_ends(temporal):
    service, orders = Service(), some_orders(BATCH + 1)
    await _deliver(temporal, service, orders)
    assert [len(asked) for _, asked in service.asked] == [BATCH, 1]
    assert [each for _, asked in service.asked for each in asked] == ids(orders)


async def test_an_empty_box_begins_again_with_the_next_message(temporal):
    service, first, second = Service(), some_orders(1), some_orders(1)
    key = queue = f"mailbox-{uuid4()}"
    async with worker_on(
        temporal, RememberingBus(), deliveries=service.deliveries(), task_queue=queue
    ):
        for orders in (first, second):
            await (await put(temporal, orders, queue, key)).result()
    assert [asked for _, asked in service.asked] == [ids(first), ids(second)]


async def test_what_the_server_is_away_for_is_tried_on_while_the_rest_has_left(temporal):
    tried: list[str] = []

    def first_is_late(_: Service, notification_id: str) -> dict[str, Any]:
        is_late = notification_id == late and tried.count(late) == 0
        tried.append(notification_id)
        return {"state": "waiting" if is_late else "sent"}

    orders = some_orders(2)
    late = ids(orders)[0]
    service = Service(first_is_late)
    await _deliver(temporal, service, orders)
    assert [asked for _, asked in service.asked] == [ids(orders), [late]]


@pytest.mark.parametrize("trouble", [Service(None, 503), Service()])
async def test_a_service_or_an_issuer_that_is_away_is_asked_again(temporal, trouble):
    refused = 0 if trouble._statuses else 1
    orders = some_orders(1)
    await _deliver(temporal, trouble, orders, tokens=Tokens(refused=refused))
    assert trouble.asked[-1] == ("attempts", ids(orders))


async def test_what_the_service_never_takes_is_not_tried_again(temporal):
    service = Service(None, 422)
    await _deliver(temporal, service, some_orders(1))
    assert len(service.asked) == 1


async def test_what_is_held_waits_and_holds_up_no_other():
    until: dict[str, datetime] = {}

    def held_at_first(service: Service, notification_id: str) -> dict[str, Any]:
        asked = sum(notification_id in each for _, each in service.asked)
        if notification_id in until and asked == 1:
            return {"state": "waiting", "not_before": until[notification_id].isoformat()}
        return {"state": "sent"}

    service, quiet, urgent = Service(held_at_first), some_orders(1), some_orders(1)
    async with skipping_world(RememberingBus(), deliveries=service.deliveries()) as world:
        begun = await world.now()
        until[ids(quiet)[0]] = begun + timedelta(hours=9)
        handle = await put(world.env.client, quiet, "tests", "00")
        await handle.query(Mailbox.state)
        await handle.signal(Mailbox.take, urgent)
        await handle.result()
        ended = (await handle.describe()).close_time
    assert [each for _, each in service.asked] == [ids(quiet), ids(urgent), ids(quiet)]
    assert ended - begun >= timedelta(hours=9)


async def test_after_a_day_it_is_given_up_on_the_record():
    service, orders = Service(lambda *_: {"state": "waiting"}), some_orders(1)
    async with skipping_world(RememberingBus(), deliveries=service.deliveries()) as world:
        handle = await put(world.env.client, orders, "tests", "00")
        await handle.result()
        about = await handle.describe()
    assert service.asked[-1] == ("abandonment", ids(orders))
    assert 20 <= len(service.asked) <= 40
    assert timedelta(hours=22) <= about.close_time - about.start_time <= timedelta(hours=25)


async def test_a_long_history_goes_on_afresh_with_what_is_held(temporal):
    later = wall_now() + timedelta(hours=1)
    service = Service(lambda *_: {"state": "waiting", "not_before": later.isoformat()})
    key = queue = f"mailbox-{uuid4()}"
    async with worker_on(
        temporal, RememberingBus(), deliveries=service.deliveries(), task_queue=queue
    ):
        terms = Terms(continue_as_new_after=20)
        handle = await put(temporal, some_orders(1), queue, key, terms)
        begun = (await handle.describe()).run_id
        current = temporal.get_workflow_handle(handle.id)
        put_in = 1
        while (await current.describe()).run_id == begun:
            await current.signal(Mailbox.take, some_orders(1))
            put_in += 1
            await current.query(Mailbox.state)
        async with asyncio.timeout(30):  # it only ends a test that has failed
            while len((await current.query(Mailbox.state)).orders) < put_in:  # noqa: ASYNC110  it sends no event
                await asyncio.sleep(0.05)
        await current.terminate()
