"""A review: convened in time for invitations to arrive, then awaited. Source: practice.md, step 6."""

from temporalio import workflow

from workflows.journey import Journey

with workflow.unsafe.imports_passed_through():
    from contracts.events import Event
    from contracts.events.reviews import (
        ReviewCancelled,
        ReviewConvened,
        ReviewHeld,
        ReviewScheduled,
    )
    from contracts.events.timekeeping import ReviewConveningDue
    from workflows.periodic_review.messages import ReviewState


@workflow.defn
class PeriodicReview(Journey[ReviewState]):
    name = "periodic-review"

    @workflow.init
    def __init__(self, state: ReviewState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _: ReviewState) -> ReviewState:
        await self.see_through(self.practice)
        return self._state

    async def practice(self) -> None:
        await self.until(lambda: self._state.convene_at is not None or self.has_ended)
        await self.until(lambda: self.needs_no_convening, at=self._state.convene_at)
        if not self.needs_no_convening:
            await self.call_for_convening()
        await self.until(lambda: self.has_ended)

    @property
    def has_ended(self) -> bool:
        return self._state.ended and self.nothing_open

    @property
    def needs_no_convening(self) -> bool:
        return self._state.convened or self._state.convening_called or self._state.ended

    async def call_for_convening(self) -> None:
        due = ReviewConveningDue(
            case_ref=self._state.case_ref,
            at=self._state.convene_at or self.watch.case_now(),
            review_id=self.subject_id,
        )
        await self.say(due)
        self._state.convening_called = True

    def learn(self, event: Event) -> None:
        match event:
            case ReviewScheduled():
                self._state.convene_at = event.convene_at
            case ReviewConvened():
                self._state.convened = True
            case ReviewHeld() | ReviewCancelled():
                self._state.ended = True
