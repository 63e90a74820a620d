"""A delivery in time: sent at once, tried again, not wanted, given up after a day."""

from datetime import timedelta
from uuid import uuid4

import httpx2
import pytest

from domain.errors import Unavailable
from tests.workflows.props import CASE, RememberingBus, worker_on
from tests.workflows.skipping import skipping_world
from workflows.delivery.activities import Deliveries
from workflows.delivery.messages import DeliveryOrder, Outcome
from workflows.delivery.workflow import Delivery


class Tokens:
    """Stands where the issuer would give the worker its token."""

    def __init__(self, refused: int = 0) -> None:
        self._refused = refused

    async def headers(self) -> dict[str, str]:
        if self._refused > 0:
            self._refused -= 1
            raise Unavailable("The issuer did not give this process a token.")
        return {"Authorization": "Bearer of-the-worker"}


class Notifications:
    """Stands where the notifications service would answer; keeps what it was asked."""

    def __init__(self, *answers: int, then: int = 204) -> None:
        self._answers = list(answers)
        self._then = then
        self.asked: list[tuple[str, str]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append((request.url.path, request.headers["authorization"]))
        is_attempt = request.url.path.endswith("/attempts")
        if not is_attempt:
            return httpx2.Response(204)
        return httpx2.Response(self._answers.pop(0) if self._answers else self._then)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


def deliveries(service: Notifications, tokens: Tokens | None = None) -> Deliveries:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(service))
    return Deliveries(http, tokens or Tokens(), "http://notifications.test/")


def an_order() -> DeliveryOrder:
    return DeliveryOrder(str(uuid4()), CASE)


async def _deliver(client, service: Notifications, tokens: Tokens | None = None):
    order, queue = an_order(), f"delivery-{uuid4()}"
    async with worker_on(
        client, RememberingBus(), deliveries=deliveries(service, tokens), task_queue=queue
    ):
        outcome = await client.execute_workflow(
            Delivery.run, order, id=f"delivery/{order.notification_id}", task_queue=queue
        )
    return order, outcome


async def test_mail_that_leaves_at_once_takes_one_attempt_with_the_workers_token(temporal):
    service = Notifications()
    order, outcome = await _deliver(temporal, service)
    assert outcome is Outcome.DELIVERED
    assert service.asked == [
        (f"/deliveries/{order.notification_id}/attempts", "Bearer of-the-worker")
    ]


async def test_what_does_not_leave_at_first_is_tried_again(temporal):
    service = Notifications(503)
    _, outcome = await _deliver(temporal, service)
    assert outcome is Outcome.DELIVERED
    assert len(service.asked) == 2
    service = Notifications()
    _, outcome = await _deliver(temporal, service, Tokens(refused=1))
    assert outcome is Outcome.DELIVERED


@pytest.mark.parametrize("answers", [(404,), (409,), (503, 409)])
async def test_what_is_not_wanted_is_not_tried_again(temporal, answers):
    service = Notifications(*answers)
    _, outcome = await _deliver(temporal, service)
    assert outcome is Outcome.NOT_WANTED
    assert len(service.asked) == len(answers)


async def test_after_a_day_it_is_given_up_on_the_record():
    service = Notifications(then=503)
    order = an_order()
    async with skipping_world(RememberingBus(), deliveries=deliveries(service)) as world:
        handle = await world.env.client.start_workflow(
            Delivery.run, order, id=f"delivery/{order.notification_id}", task_queue="tests"
        )
        outcome = await handle.result()
        about = await handle.describe()
    assert outcome is Outcome.GIVEN_UP
    assert service.paths()[-1] == f"/deliveries/{order.notification_id}/abandonment"
    assert service.paths().count(service.paths()[-1]) == 1
    # 5 s doubling to an hour: ten tries in the first hour and a half, then one an hour.
    assert 20 <= len(service.asked) <= 40
    assert timedelta(hours=22) <= about.close_time - about.start_time <= timedelta(hours=25)
