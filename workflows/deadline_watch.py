"""Waits for every moment of the deadlines given to it, side by side, and says when one has come.

One sleeper a deadline: a moment that cannot be said (the bus is away) waits by itself and holds up no
other. Whether a moment still matters is for the record's owner to decide. Source: design.md, Workflows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic.dataclasses import dataclass
from temporalio import workflow

from workflows import patience
from workflows.announcements import Saying, saying

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from contracts.events import Event
    from contracts.events.deadlines import (
        DeadlineAcknowledged,
        DeadlineCancelled,
        DeadlineEvent,
        DeadlineMet,
        DeadlineSet,
    )
    from contracts.events.timekeeping import DeadlineMomentReached
    from infrastructure.clock import ClockPlan

_RUNG = "rung-"


@dataclass
class Moment:
    """`at` is the case's instant, in UTC."""

    name: str
    at: datetime


@dataclass
class WatchedDeadline:
    """An open deadline; `said` counts the moments that are behind it."""

    id: str
    version: int
    owner: str
    step: str
    case_ref: str
    due_at: datetime
    moments: list[Moment]
    said: int = 0
    acknowledged: bool = False
    traceparent: str | None = None

    def ahead(self) -> list[Moment]:
        """What is still to be said; once acknowledged, nobody further up is told."""
        left = self.moments[self.said :]
        if not self.acknowledged:
            return left
        return [each for each in left if not each.name.startswith(_RUNG)]


class DeadlineWatch:
    """Keeps `deadlines`, a part of its workflow's state, and sleeps until their moments."""

    def __init__(
        self,
        deadlines: dict[str, WatchedDeadline],
        clock: ClockPlan | None,
        announce: Callable[[Saying], Awaitable[None]],
        report: Callable[[str, Exception], None],
    ) -> None:
        self.deadlines = deadlines
        self._clock = clock
        self._announce = announce
        self._report = report
        self._sleepers: dict[str, asyncio.Task[None]] = {}
        self._changed: set[str] = set()
        self._saying = 0

    @property
    def is_idle(self) -> bool:
        """Nothing is being said at the moment."""
        return self._saying == 0

    def resume(self) -> None:
        """Wakes a sleeper for each deadline that has none: after a start, or a fresh run."""
        for key in self.deadlines:
            self._wake(key)

    def take(self, event: Event, traceparent: str | None = None) -> None:
        """What an event of a deadline changes for its watch; the rest means nothing here."""
        match event:
            case DeadlineSet():
                self._set(event, traceparent)
            case DeadlineMet() | DeadlineCancelled():
                if self.deadlines.pop(_key(event), None) is not None:
                    self._changed.add(_key(event))
            case DeadlineAcknowledged() if _key(event) in self.deadlines:
                self.deadlines[_key(event)].acknowledged = True
                self._changed.add(_key(event))

    def wall_at(self, case: datetime) -> datetime:
        """Where a case's instant becomes the wall's: only here is a timer armed."""
        return self._clock.wall_at(case) if self._clock else case

    def case_now(self) -> datetime:
        return self._clock.case_at(workflow.now()) if self._clock else workflow.now()

    def has_come(self, at: datetime) -> bool:
        return self.wall_at(at) <= workflow.now()

    def _set(self, event: DeadlineSet, traceparent: str | None) -> None:
        # Said again (restated) for a deadline already watched: what was said stays said.
        if _key(event) in self.deadlines:
            return
        self.deadlines[_key(event)] = WatchedDeadline(
            id=str(event.deadline_id),
            version=event.version,
            owner=event.owner,
            step=event.step,
            case_ref=event.case_ref,
            due_at=event.due_at,
            moments=[Moment(each.name, each.at) for each in event.moments],
            traceparent=traceparent,
        )
        self._wake(_key(event))

    def _wake(self, key: str) -> None:
        sleeper = self._sleepers.get(key)
        if sleeper is None or sleeper.done():
            self._changed.discard(key)
            self._sleepers[key] = asyncio.create_task(self._keep(key))

    async def _keep(self, key: str) -> None:
        """One deadline, from its first moment to its last; a failure of ours only delays it."""
        while (deadline := self.deadlines.get(key)) and deadline.ahead():
            try:
                await self._until_next(key, deadline)
            except Exception as error:
                self._report(f"watch.{deadline.step}", error)
                await workflow.sleep(patience.AFTER_A_FAILURE)
        self._sleepers.pop(key, None)
        self._changed.discard(key)

    async def _until_next(self, key: str, deadline: WatchedDeadline) -> None:
        first = deadline.ahead()[0]
        if await self._sleep_until(first.at, key, f"{deadline.step}: {first.name}"):
            # After an outage several may be past: only the highest is said, the owner notes the rest.
            reached = [each for each in deadline.ahead() if self.has_come(each.at)]
            await self._say(deadline, reached[-1])

    async def _sleep_until(self, at: datetime, key: str, summary: str) -> bool:
        """Whether the moment has come; not, when the deadline was changed before."""
        wall = self.wall_at(at)
        while (left := wall - workflow.now()).total_seconds() > 0:
            try:
                await workflow.wait_condition(
                    lambda: key in self._changed, timeout=left, timeout_summary=summary
                )
            except TimeoutError:
                continue
            self._changed.discard(key)
            return False
        return True

    async def _say(self, deadline: WatchedDeadline, moment: Moment) -> None:
        number = deadline.moments.index(moment) + 1
        event = DeadlineMomentReached(
            case_ref=deadline.case_ref,
            at=moment.at,
            deadline_id=UUID(deadline.id),
            version=deadline.version,
            owner=deadline.owner,
            moment=moment.name,
        )
        said = saying(
            event,
            deadline.id,
            str(deadline.version),
            moment.name,
            subject=deadline.id,
            sequence=number,
            traceparent=deadline.traceparent,
        )
        self._saying += 1
        try:
            await self._announce(said)
        finally:
            self._saying -= 1
        deadline.said = number


def _key(event: DeadlineEvent) -> str:
    return f"{event.deadline_id}.{event.version}"
