"""The workflows of one case on virtual time: the bridge's table says who is told, DeadlineWatch waits.

A worker that is down fires nothing until it is back; then every run goes on from its state alone, as after
continue-as-new or on another machine.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bench.simulate.clockwork import Clockwork
from contracts.events import Event
from contracts.events.timekeeping import DeadlineMomentReached
from workflows.announcements import Saying
from workflows.bridge_table import told_by
from workflows.deadline_watch import DeadlineWatch, WatchedDeadline

Hear = Callable[[DeadlineMomentReached, datetime], None]


@dataclass
class Run:
    """A run of one workflow: its loop, and its watch over its part of the state."""

    loop: Clockwork
    watch: DeadlineWatch


@dataclass
class Watchers:
    """`hear` is the owner's consumer; `ids` are the events on the bus, by which it knows a repetition."""

    now: datetime
    down: tuple[datetime, datetime] | None = None
    hear: Hear = lambda *_: None
    runs: dict[str, Run] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    _kept_back: list[list[Event]] = field(default_factory=list)

    def tell(self, events: list[Event]) -> None:
        """One command's events, one signal a workflow, as the bridge carries them; kept while it is down."""
        if self.down is not None and self.down[0] <= self.now < self.down[1]:
            self._kept_back.append(events)
            return
        told: dict[str, list[Event]] = {}
        for event in events:
            for address, _ in told_by(event):
                told.setdefault(address.workflow_id, []).append(event)
        for workflow_id, facts in told.items():
            run = self.runs.get(workflow_id) or self._begin(workflow_id, {})
            run.loop.at = self.now
            self.counts["signals"] += 1
            run.loop.run(partial(_take, run.watch, facts))
            if not run.watch.deadlines and not workflow_id.startswith("case/"):
                self._end(workflow_id)

    def next_moment(self) -> datetime | None:
        """When the clock next has something to do; not while the worker is down."""
        timers = [at for run in self.runs.values() if (at := run.loop.next_timer()) is not None]
        if self._kept_back and self.down is not None:
            timers.append(self.down[1])
        return while_up(min(timers), self.down) if timers else None

    def go_on(self, now: datetime) -> None:
        self.now = now
        if self.down is not None and now >= self.down[1]:
            self.down = None
            self.begin_afresh()
            kept_back, self._kept_back = self._kept_back, []
            for events in kept_back:
                self.tell(events)
        for run in list(self.runs.values()):
            if (at := run.loop.next_timer()) is not None and at <= now:
                run.loop.go_on(now)

    def begin_afresh(self) -> None:
        """Every run is given up, and another goes on from its state."""
        for workflow_id, run in list(self.runs.items()):
            self._count(run)
            self._begin(workflow_id, run.watch.deadlines)
            self.counts["fresh"] += 1

    def end(self) -> None:
        for workflow_id in list(self.runs):
            self._end(workflow_id)

    def _begin(self, workflow_id: str, deadlines: dict[str, WatchedDeadline]) -> Run:
        loop = Clockwork(self.now)
        watch = DeadlineWatch(deadlines, None, self._announce, self._report)
        self.runs[workflow_id] = Run(loop, watch)
        self.counts["runs"] += 1
        loop.run(watch.resume)
        return self.runs[workflow_id]

    def _end(self, workflow_id: str) -> None:
        self._count(self.runs.pop(workflow_id))
        self.counts["ended"] += 1

    def _count(self, run: Run) -> None:
        self.counts["armed"] += run.loop.armed
        self.counts["fired"] += run.loop.fired
        self.counts["revoked"] += run.loop.revoked
        self.failures += [repr(each) for each in run.loop.failures]

    async def _announce(self, said: Saying) -> None:
        self.counts["announcements"] += 1
        if said.event_id in self.ids:
            self.counts["repeated"] += 1  # the inbox drops it
            return
        self.ids.add(said.event_id)
        event = DeadlineMomentReached.model_validate(said.event)
        self.hear(event, self.now)

    def _report(self, where: str, error: Exception) -> None:
        raise SystemExit(f"The watch itself has failed at {where}: {error!r}") from error


def _take(watch: DeadlineWatch, facts: list[Event]) -> None:
    for event in facts:
        watch.take(event)


def while_up(at: datetime, down: tuple[datetime, datetime] | None) -> datetime:
    """When what is due at `at` can be done: then, or once the worker is back."""
    return down[1] if down is not None and down[0] <= at < down[1] else at
