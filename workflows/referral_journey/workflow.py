"""A referral, chased from provider to provider until help has arrived. Source: practice.md, step 5."""

from temporalio import workflow

from workflows.journey import Journey

with workflow.unsafe.imports_passed_through():
    from contracts.events import Event
    from contracts.events.deadlines import DeadlineCancelled, DeadlineMet, DeadlineMissed
    from contracts.events.referrals import (
        ReferralCancelled,
        ReferralCompleted,
        ReferralEnteredInError,
        ReferralFailed,
        ReferralRejected,
        ReferralRequested,
    )
    from contracts.events.timekeeping import ReferralFallbackDue
    from domain.vocabulary import RejectionReason
    from workflows.referral_journey.messages import ReferralState
    from workflows.steps import Step


@workflow.defn
class ReferralJourney(Journey[ReferralState]):
    name = "referral-journey"

    @workflow.init
    def __init__(self, state: ReferralState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _: ReferralState) -> ReferralState:
        await self.see_through(self.practice)
        return self._state

    async def practice(self) -> None:
        """Whenever a provider declines or keeps silent, the next is due; until the referral has ended."""
        while not self.has_ended:
            await self.until(lambda: self.has_ended or self.is_fallback_owed)
            if self.is_fallback_owed:
                await self.call_for_fallback()

    @property
    def has_ended(self) -> bool:
        return self._state.ended and self.nothing_open

    @property
    def is_fallback_owed(self) -> bool:
        return self._state.because != "" and not self._state.ended

    async def call_for_fallback(self) -> None:
        attempt, because = self._state.attempt, self._state.because
        due = ReferralFallbackDue(
            case_ref=self._state.case_ref,
            at=self.watch.case_now(),
            referral_id=self.subject_id,
            attempt=attempt,
            because=because,
        )
        await self.say(due, str(attempt), sequence=attempt)
        self._state.called_after.append(attempt)
        if self._state.attempt == attempt:
            self._state.because = ""

    def learn(self, event: Event) -> None:
        match event:
            case ReferralRequested() if event.attempt > self._state.attempt:
                self._state.attempt, self._state.because = event.attempt, ""
            case ReferralRejected():
                self._decline(event.attempt, event.reason)
            case DeadlineMissed(step=Step.REFERRAL_ANSWER):
                self._decline(self._state.attempt, RejectionReason.SILENCE)
            case ReferralCompleted() | ReferralCancelled():
                self._state.ended = True
            case ReferralFailed() | ReferralEnteredInError():
                self._state.ended = True
            case DeadlineMet(step=Step.UNMET_NEED) | DeadlineCancelled(step=Step.UNMET_NEED):
                self._state.ended = True

    def _decline(self, attempt: int, because: RejectionReason) -> None:
        if attempt >= self._state.attempt and attempt not in self._state.called_after:
            self._state.attempt, self._state.because = attempt, because.value
