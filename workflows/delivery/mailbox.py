"""Messages on their way, many to one workflow: sent in batches, held in quiet hours, tried for a day.

The bridge gives every recipient one of a few mailboxes, so that what it costs follows from the time that
passes and not from the number of messages (docs/decisions/0330). Whom, where and when to write is the
service's to decide.
"""

from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    is_cancelled_exception,
)

from workflows import patience

with workflow.unsafe.imports_passed_through():
    import asyncio

    from workflows.delivery.activities import Deliveries
    from workflows.delivery.messages import (
        NOT_WANTED,
        Attempted,
        Batch,
        MailboxState,
        Order,
        Orders,
    )

BATCH = 50


@workflow.defn
class Mailbox:
    @workflow.init
    def __init__(self, state: MailboxState) -> None:
        self._state = state
        self._insisting: dict[str, asyncio.Task[None]] = {}
        self._count = 0

    @workflow.run
    async def run(self, _: MailboxState) -> None:
        """Until nothing is left; the next message begins it anew."""
        while not self._is_empty():
            if due := self._due():
                await self._attempt(due[:BATCH])
            elif self._is_long() and not self._insisting:
                workflow.continue_as_new(self._state)
            else:
                await self._rest()

    @workflow.signal
    def take(self, told: Orders) -> None:
        known = {each.notification_id for each in self._state.orders}
        self._state.orders += [each for each in told.orders if each.notification_id not in known]

    @workflow.query
    def state(self) -> MailboxState:
        return self._state

    async def _attempt(self, orders: list[Order]) -> None:
        """Nearly all leave at once; what a server is not there for is tried on by itself."""
        self._leave(orders)
        try:
            done: Attempted = await workflow.execute_local_activity_method(
                Deliveries.attempt_all, _batch(orders), **patience.FIRST_TRY
            )
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            done = Attempted() if _is_not_wanted(error) else Attempted(_ids(orders))
        self._hold(orders, done)
        if waiting := [each for each in orders if each.notification_id in done.waiting]:
            self._count += 1
            name = str(self._count)
            self._insisting[name] = asyncio.create_task(self._insist(name, waiting))

    async def _insist(self, name: str, orders: list[Order]) -> None:
        """The server's patience: longer and longer pauses for a day, then given up on the record."""
        try:
            done: Attempted = await workflow.execute_activity_method(
                Deliveries.attempt_all, _batch(orders, insist=True), **patience.DELIVERY
            )
            self._hold(orders, done)
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            if not _is_not_wanted(error):
                await self._give_up(orders)
        finally:
            del self._insisting[name]

    async def _give_up(self, orders: list[Order]) -> None:
        try:
            await workflow.execute_activity_method(
                Deliveries.abandon_all, _batch(orders), **patience.ABANDONMENT
            )
        except FailureError as error:
            if not _is_not_wanted(error):
                raise

    async def _rest(self) -> None:
        """Until an order comes, one is no longer held, or a server was insisted with to the end."""
        held = [at for each in self._state.orders if (at := self._wall(each)) is not None]
        left = min(held) - workflow.now() if held else None
        if left is not None and left.total_seconds() <= 0:
            return
        insisting, waiting = len(self._insisting), len(self._state.orders)

        def something_came() -> bool:
            changed = (len(self._insisting), len(self._state.orders)) != (insisting, waiting)
            return changed or bool(self._due()) or self._is_empty()

        try:
            await workflow.wait_condition(something_came, timeout=left)
        except TimeoutError:
            return

    def _due(self) -> list[Order]:
        now = workflow.now()
        return [each for each in self._state.orders if (self._wall(each) or now) <= now]

    def _leave(self, orders: Iterable[Order]) -> None:
        gone = {each.notification_id for each in orders}
        self._state.orders = [
            each for each in self._state.orders if each.notification_id not in gone
        ]

    def _hold(self, orders: Iterable[Order], done: Attempted) -> None:
        self._state.orders += [
            Order(each.notification_id, each.traceparent, done.held[each.notification_id])
            for each in orders
            if each.notification_id in done.held
        ]

    def _wall(self, order: Order) -> datetime | None:
        """When it may be sent, by the wall's clock; None: at once."""
        if order.not_before is None:
            return None
        clock = self._state.terms.clock
        return clock.wall_at(order.not_before) if clock else order.not_before

    def _is_empty(self) -> bool:
        return not self._state.orders and not self._insisting

    def _is_long(self) -> bool:
        about = workflow.info()
        enough = self._state.terms.continue_as_new_after
        return about.get_current_history_length() >= enough or about.is_continue_as_new_suggested()


def _batch(orders: list[Order], *, insist: bool = False) -> Batch:
    """One trace stands for the batch: that of its first message."""
    return Batch(_ids(orders), orders[0].traceparent, insist)


def _ids(orders: list[Order]) -> tuple[str, ...]:
    return tuple(each.notification_id for each in orders)


def _is_not_wanted(error: FailureError) -> bool:
    """A local activity fails as what it raised, the server's with that as its cause."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return isinstance(cause, ApplicationError) and cause.type == NOT_WANTED
