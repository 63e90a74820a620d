"""Asks the notifications service to send, or to record that it could not be done."""

from typing import Any

import httpx2
from opentelemetry.trace import SpanKind
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.errors import Unavailable
from infrastructure.auth import TokenSource
from infrastructure.telemetry import continue_from, current_traceparent
from workflows.delivery.messages import NOT_DONE, NOT_WANTED, Attempted, Batch, DeliveryOrder
from workflows.measures import DELIVERY_TRIES

_NOT_WANTED = (404, 409)
_NEVER_BETTER = (400, 413, 422)
_WAITING = "waiting"


class Deliveries:
    """Idempotent by the notifications' ids: the service sends none that is sent or given up."""

    def __init__(self, http: httpx2.AsyncClient, tokens: TokenSource, url: str) -> None:
        self._http = http
        self._tokens = tokens
        self._url = url.rstrip("/")

    @activity.defn(name="attempt-deliveries")
    async def attempt_all(self, batch: Batch) -> Attempted:
        with continue_from(batch.traceparent, "deliveries attempts", SpanKind.CLIENT):
            found = await self._ask("attempts", batch)
        waiting = [each for each in found if each["state"] == _WAITING]
        held = {
            each["notification_id"]: each["not_before"] for each in waiting if each["not_before"]
        }
        left = tuple(each["notification_id"] for each in waiting if not each["not_before"])
        if left and batch.insist:
            DELIVERY_TRIES.labels("failed").inc()
            raise ApplicationError(f"{len(left)} waiting", type=NOT_DONE)
        DELIVERY_TRIES.labels("failed" if left else "done").inc()
        return Attempted(left, held)

    @activity.defn(name="abandon-deliveries")
    async def abandon_all(self, batch: Batch) -> None:
        with continue_from(batch.traceparent, "deliveries abandonment", SpanKind.CLIENT):
            await self._ask("abandonment", batch)

    @activity.defn(name="attempt-delivery")
    async def attempt(self, order: DeliveryOrder) -> None:
        await self._post(order, "attempts")

    @activity.defn(name="abandon-delivery")
    async def abandon(self, order: DeliveryOrder) -> None:
        await self._post(order, "abandonment")

    async def _ask(self, what: str, batch: Batch) -> list[dict[str, Any]]:
        """Where each stands: ids, states and instants, and nothing else of what the service answers."""
        body = {"notification_ids": list(batch.notification_ids)}
        response = await self._answer(f"{self._url}/deliveries/{what}", body)
        if response.status_code in _NEVER_BETTER:
            DELIVERY_TRIES.labels("not-wanted").inc()
            raise ApplicationError(str(response.status_code), type=NOT_WANTED, non_retryable=True)
        if not httpx2.codes.is_success(response.status_code):
            DELIVERY_TRIES.labels("failed").inc()
            raise ApplicationError(str(response.status_code), type=NOT_DONE)
        found: list[dict[str, Any]] = response.json()["deliveries"]
        return found

    async def _post(self, order: DeliveryOrder, what: str) -> None:
        with continue_from(order.traceparent, f"delivery {what}", SpanKind.CLIENT):
            url = f"{self._url}/deliveries/{order.notification_id}/{what}"
            status = (await self._answer(url, {})).status_code
        if status in _NOT_WANTED:
            DELIVERY_TRIES.labels("not-wanted").inc()
            raise ApplicationError(str(status), type=NOT_WANTED, non_retryable=True)
        if not httpx2.codes.is_success(status):
            DELIVERY_TRIES.labels("failed").inc()
            raise ApplicationError(str(status), type=NOT_DONE)
        DELIVERY_TRIES.labels("done").inc()

    async def _answer(self, url: str, body: dict[str, Any]) -> httpx2.Response:
        """What a service answers may be about people, and Temporal keeps failures: none of it goes into one."""
        try:
            headers = await self._tokens.headers()
            traceparent = current_traceparent()
            if traceparent:
                headers["traceparent"] = traceparent
            return await self._http.post(url, headers=headers, json=body)
        except (httpx2.HTTPError, Unavailable) as error:
            DELIVERY_TRIES.labels("unreachable").inc()
            raise ApplicationError(type(error).__name__, type=NOT_DONE) from None
