"""Asks the notifications service to send, or to record that it could not be done."""

import httpx2
from opentelemetry.trace import SpanKind
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.errors import Unavailable
from infrastructure.auth import TokenSource
from infrastructure.telemetry import continue_from, current_traceparent
from workflows.delivery.messages import NOT_DONE, NOT_WANTED, DeliveryOrder
from workflows.measures import DELIVERY_TRIES

_NOT_WANTED = (404, 409)


class Deliveries:
    """Idempotent by the notification's id: the service sends none that is sent or given up."""

    def __init__(self, http: httpx2.AsyncClient, tokens: TokenSource, url: str) -> None:
        self._http = http
        self._tokens = tokens
        self._url = url.rstrip("/")

    @activity.defn(name="attempt-delivery")
    async def attempt(self, order: DeliveryOrder) -> None:
        await self._post(order, "attempts")

    @activity.defn(name="abandon-delivery")
    async def abandon(self, order: DeliveryOrder) -> None:
        await self._post(order, "abandonment")

    async def _post(self, order: DeliveryOrder, what: str) -> None:
        with continue_from(order.traceparent, f"delivery {what}", SpanKind.CLIENT):
            status = await self._answer(f"{self._url}/deliveries/{order.notification_id}/{what}")
        if status in _NOT_WANTED:
            DELIVERY_TRIES.labels("not-wanted").inc()
            raise ApplicationError(str(status), type=NOT_WANTED, non_retryable=True)
        if not httpx2.codes.is_success(status):
            DELIVERY_TRIES.labels("failed").inc()
            raise ApplicationError(str(status), type=NOT_DONE)
        DELIVERY_TRIES.labels("done").inc()

    async def _answer(self, url: str) -> int:
        """The status alone: what a service answers may be about people, and Temporal keeps failures."""
        try:
            headers = await self._tokens.headers()
            traceparent = current_traceparent()
            if traceparent:
                headers["traceparent"] = traceparent
            response = await self._http.post(url, headers=headers, json={})
        except (httpx2.HTTPError, Unavailable) as error:
            DELIVERY_TRIES.labels("unreachable").inc()
            raise ApplicationError(type(error).__name__, type=NOT_DONE) from None
        return response.status_code
