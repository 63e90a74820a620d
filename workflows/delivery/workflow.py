"""A notification on its way by itself, as it was until mailboxes came: for those under way and recorded."""

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    is_cancelled_exception,
)

from workflows import patience

with workflow.unsafe.imports_passed_through():
    from workflows.delivery.activities import Deliveries
    from workflows.delivery.messages import NOT_WANTED, DeliveryOrder, Outcome


@workflow.defn
class Delivery:
    @workflow.run
    async def run(self, order: DeliveryOrder) -> Outcome:
        try:
            return await self.deliver(order)
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            if _is_not_wanted(error):
                return Outcome.NOT_WANTED
        return await self.give_up(order)

    async def deliver(self, order: DeliveryOrder) -> Outcome:
        """Nearly all mail leaves at once; what does not is tried for a day."""
        try:
            await workflow.execute_local_activity_method(
                Deliveries.attempt, order, **patience.FIRST_TRY
            )
        except FailureError as error:
            if is_cancelled_exception(error) or _is_not_wanted(error):
                raise
            await workflow.execute_activity_method(Deliveries.attempt, order, **patience.DELIVERY)
        return Outcome.DELIVERED

    async def give_up(self, order: DeliveryOrder) -> Outcome:
        try:
            await workflow.execute_activity_method(
                Deliveries.abandon, order, **patience.ABANDONMENT
            )
        except FailureError as error:
            if not _is_not_wanted(error):
                raise
            return Outcome.NOT_WANTED
        return Outcome.GIVEN_UP


def _is_not_wanted(error: FailureError) -> bool:
    """A local activity fails as what it raised, the server's with that as its cause."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return isinstance(cause, ApplicationError) and cause.type == NOT_WANTED
