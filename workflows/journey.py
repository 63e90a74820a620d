"""What every long workflow does alike: takes each fact once, watches its deadlines, goes on afresh.

Versioning, from the first release: recorded histories (tests/workflows/histories) are replayed against
every change. A change that alters which timers, activities or waits follow from the same history goes
behind `workflow.patched("what-changed")`, its old branch kept until the last run begun before it has
ended or gone on afresh (at most a quarter of a year), then `deprecate_patch`. That includes the repair of
a handler that has failed: its report is in the history. New facts, new fields with a default and new
deadlines need no patch.
"""

from collections.abc import Callable, Coroutine
from dataclasses import field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic.dataclasses import dataclass
from temporalio import workflow

from workflows import announcements, patience
from workflows.announcements import saying
from workflows.deadline_watch import DeadlineWatch, WatchedDeadline
from workflows.facts import Facts, FactSignal, remember

with workflow.unsafe.imports_passed_through():
    import asyncio
    from uuid import UUID

    from contracts.events import Event
    from contracts.events.timekeeping import WorkflowProblemReported
    from infrastructure.clock import ClockPlan

_LONGEST_CODE = 64


@dataclass
class Terms:
    """What the settings of the process that starts a workflow have to say to it."""

    clock: ClockPlan | None = None
    continue_as_new_after: int = 4000


@dataclass
class Problem:
    """A failure of ours; `code` says where and of what kind, never more."""

    code: str
    at: datetime
    reported: bool = False  # on the bus


@dataclass
class JourneyState:
    """All a workflow knows, in absolute instants of the case: its input, and what it hands on afresh."""

    key: str
    case_ref: str
    terms: Terms = field(default_factory=Terms)
    deadlines: dict[str, WatchedDeadline] = field(default_factory=dict)
    handled: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    traceparent: str | None = None  # of the last fact: what the clock brings continues its trace


State = TypeVar("State", bound=JourneyState)


class Journey(Generic[State]):
    """The part of a workflow that is not the practice; a subclass says what facts mean to it."""

    name = ""

    def __init__(self, state: State) -> None:
        self._state = state
        self.watch = DeadlineWatch(
            state.deadlines, state.terms.clock, announcements.announce, self.note_failure
        )
        self._reports: dict[str, asyncio.Task[None]] = {}

    @workflow.query
    def state(self) -> Any:
        return self._state

    @workflow.signal
    def facts(self, told: Facts) -> None:
        """Facts from the bus. A failure over one of them keeps neither the others nor a deadline."""
        for fact in told.facts:
            if remember(self._state.handled, fact.event_id):
                self._take(fact)

    def learn(self, event: Event) -> None:
        """What a fact means to this workflow, beyond its deadlines."""

    @property
    def subject_id(self) -> UUID:
        return UUID(self._state.key)

    @property
    def nothing_open(self) -> bool:
        return not self._state.deadlines

    async def until(self, reached: Callable[[], bool], at: datetime | None = None) -> None:
        """Waits for facts, or for an instant of the case; goes on afresh meanwhile when it is time."""
        while not reached() and not (at and self.watch.has_come(at)):
            if self._is_long():
                await self._go_on_afresh()
            await self._wait(lambda: reached() or self._is_long(), at)

    async def say(self, event: Event, *named: str, sequence: int = 1) -> None:
        """Announces what the clock has brought about this workflow's own subject, once."""
        await announcements.announce(
            saying(
                event,
                event.type,
                self._state.key,
                *named,
                subject=self._state.key,
                sequence=sequence,
                traceparent=self._state.traceparent,
            )
        )

    def note_failure(self, where: str, error: BaseException) -> None:
        """Keeps a failure of ours in the state and reports it, each kind once a run; never raises."""
        workflow.logger.error("workflow.failure: %s", where, exc_info=error)
        code = f"{where}.{type(error).__name__}".lower()[:_LONGEST_CODE]
        if any(known.code == code for known in self._state.problems):
            return
        problem = Problem(code, self.watch.case_now())
        self._state.problems.append(problem)
        self._report(problem)

    async def see_through(self, practice: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs the practice; should it fail, its deadlines are watched on and it is tried again."""
        self.watch.resume()
        for problem in self._state.problems:
            self._report(problem)
        while True:
            try:
                return await practice()
            except Exception as error:
                self.note_failure("practice", error)
            await workflow.sleep(patience.AFTER_A_FAILURE)
            if self._is_long():
                await self._go_on_afresh()

    def _take(self, fact: FactSignal) -> None:
        try:
            event = fact.read()
        except Exception as error:
            self.note_failure(f"read.{fact.type}", error)
            return
        self._state.traceparent = fact.traceparent or self._state.traceparent
        for means in (self._take_deadline, self.learn):
            try:
                means(event)
            except Exception as error:
                self.note_failure(f"take.{fact.type}", error)

    def _take_deadline(self, event: Event) -> None:
        self.watch.take(event, self._state.traceparent)

    async def _wait(self, awake: Callable[[], bool], at: datetime | None) -> None:
        if at is None:
            await workflow.wait_condition(awake)
            return
        try:
            left = self.watch.wall_at(at) - workflow.now()
            await workflow.wait_condition(awake, timeout=left)
        except TimeoutError:
            return

    def _is_long(self) -> bool:
        """A quarter has begun since this run did, or its history has grown: time to go on afresh."""
        about = workflow.info()
        enough = self._state.terms.continue_as_new_after + 3 * len(self._state.deadlines)
        return (
            about.get_current_history_length() >= enough  # each deadline arms a timer in every run
            or about.is_continue_as_new_suggested()
            or _quarter(about.start_time) != _quarter(workflow.now())
        )

    async def _go_on_afresh(self) -> None:
        """Ends this run for a new one, in a task of its own: what was just said is then on the history."""
        idle = False
        while not idle:
            await workflow.wait_condition(self._is_idle)
            await workflow.sleep(patience.BEFORE_GOING_ON)
            idle = self._is_idle()
        self._state.problems.clear()
        workflow.continue_as_new(self._state)

    def _is_idle(self) -> bool:
        return workflow.all_handlers_finished() and self.watch.is_idle and not self._reports

    def _report(self, problem: Problem) -> None:
        if not problem.reported and problem.code not in self._reports:
            self._reports[problem.code] = asyncio.create_task(self._say_problem(problem))

    async def _say_problem(self, problem: Problem) -> None:
        event = WorkflowProblemReported(
            case_ref=self._state.case_ref,
            at=problem.at,
            workflow=self.name,
            workflow_key=self._state.key,
            problem=problem.code,
        )
        number = self._state.problems.index(problem) + 1
        await self.say(event, self.name, problem.code, problem.at.isoformat(), sequence=number)
        problem.reported = True
        del self._reports[problem.code]


def _quarter(instant: datetime) -> tuple[int, int]:
    return instant.year, (instant.month - 1) // 3
