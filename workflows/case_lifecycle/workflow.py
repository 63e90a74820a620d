"""A case from its referral to its archive, and again when it is reopened. Source: practice.md, section 1."""

from temporalio import workflow

from workflows.journey import Journey

with workflow.unsafe.imports_passed_through():
    from contracts.events import Event
    from contracts.events.cases import CaseReopened
    from workflows.case_lifecycle.messages import CaseState, Stage, stage_after


@workflow.defn
class CaseLifecycle(Journey[CaseState]):
    name = "case-lifecycle"

    @workflow.init
    def __init__(self, state: CaseState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _: CaseState) -> CaseState:
        await self.see_through(self.practice)
        return self._state

    async def practice(self) -> None:
        """Step by step; a closure that is declined or a case that is reopened leads back up."""
        while self._state.stage is not Stage.ARCHIVED or not self.nothing_open:
            await self.passed(Stage.REGISTRATION)  # identified; registration with consent is owed
            await self.passed(Stage.ASSESSMENT)  # immediate needs and safety
            await self.passed(Stage.UNDERSTANDING)  # comprehensive, best interests
            await self.passed(Stage.PLANNING)  # agreed with child and family
            await self.passed(Stage.CARRYING_OUT)  # actions, referrals, follow-ups, reviews
            await self.passed(Stage.CLOSING)  # asked for; somebody else decides
            await self.passed(Stage.LOOKING_BACK)  # do the gains hold?
            await self.until(lambda: self.nothing_open or self._state.stage is not Stage.ARCHIVED)

    async def passed(self, stage: Stage) -> None:
        """While the case stands at `stage`, its deadlines are watched and facts are taken."""
        await self.until(lambda: self._state.stage is not stage)

    def learn(self, event: Event) -> None:
        stage = stage_after(self._state.stage, event, is_first=not self._state.since)
        if isinstance(event, CaseReopened):
            self._state.times_reopened = event.times
        if stage is not self._state.stage or not self._state.since:
            self._state.stage = stage
            self._state.since[stage] = event.happened_at
