"""A closure: settling, request, approval by somebody else, look back, archive. Source: practice.md, step 7."""

from temporalio import workflow

from workflows.journey import Journey

with workflow.unsafe.imports_passed_through():
    from contracts.events import Event
    from contracts.events.cases import (
        CaseClosed,
        ClosureDeclined,
        ClosureRequested,
        GoalsAchieved,
        LookBackRecorded,
    )
    from contracts.events.deadlines import (
        DeadlineCancelled,
        DeadlineMet,
        DeadlineMissed,
        DeadlineSet,
    )
    from contracts.events.timekeeping import ClosureStandInDue
    from workflows.closure.messages import OWED, STANDS, ClosureState, Phase
    from workflows.steps import Step


@workflow.defn
class Closure(Journey[ClosureState]):
    name = "closure"

    @workflow.init
    def __init__(self, state: ClosureState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _: ClosureState) -> ClosureState:
        await self.see_through(self.practice)
        return self._state

    async def practice(self) -> None:
        """The gate is a person's; the clock only says when it opens and when a stand-in must come."""
        while not self.has_ended:
            await self.passed(Phase.SETTLING)  # closure may not be asked for before it has opened
            await self.decided()
            await self.passed(Phase.CLOSED)  # the look back is owed
            await self.passed(Phase.LOOKED_BACK)  # the archive is owed
            await self.until(lambda: self.has_ended or self._state.phase is Phase.REQUESTED)

    async def passed(self, phase: Phase) -> None:
        await self.until(lambda: self._state.phase is not phase)

    async def decided(self) -> None:
        while self._state.phase is Phase.REQUESTED:
            await self.until(
                lambda: self._state.phase is not Phase.REQUESTED or self.is_stand_in_owed
            )
            if self.is_stand_in_owed:
                await self.call_stand_in()

    @property
    def has_ended(self) -> bool:
        return self._state.phase in (Phase.DECLINED, Phase.ENDED) and self.nothing_open

    @property
    def is_stand_in_owed(self) -> bool:
        waiting = self._state.phase is Phase.REQUESTED
        return waiting and self._state.approval_missed > self._state.stand_in_called

    async def call_stand_in(self) -> None:
        request = self._state.approval_missed
        due = ClosureStandInDue(
            case_ref=self._state.case_ref,
            at=self.watch.case_now(),
            closure_id=self.subject_id,
        )
        await self.say(due, str(request), sequence=request)
        self._state.stand_in_called = request

    def learn(self, event: Event) -> None:
        match event:
            case GoalsAchieved():
                self._enter(Phase.SETTLING, event)
            case ClosureRequested():
                self._state.requests += 1
                self._enter(Phase.REQUESTED, event)
            case ClosureDeclined():
                self._enter(Phase.DECLINED, event)
            case CaseClosed():
                self._enter(Phase.CLOSED, event)
            case LookBackRecorded():
                self._enter(Phase.LOOKED_BACK, event)
            case DeadlineMissed(step=Step.CLOSURE_APPROVAL):
                self._state.approval_missed = max(self._state.requests, 1)
            case DeadlineMet(step=Step.ARCHIVE):
                self._enter(Phase.ENDED, event)
            case DeadlineCancelled(successor_id=None) if OWED.get(self._state.phase) == event.step:
                self._enter(Phase.ENDED, event)
            case DeadlineSet(restated=True) if event.step in STANDS and not self._state.since:
                self._enter(STANDS[Step(event.step)], event)

    def _enter(self, phase: Phase, event: Event) -> None:
        self._state.phase = phase
        self._state.since[phase] = event.happened_at
