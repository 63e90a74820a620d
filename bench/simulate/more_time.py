"""People who cannot be in time ask for it: an extension, a pause and its early end, or that a duty be let go.

Each is approved by somebody else and goes through domain.extending; a refusal is counted and changes nothing.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from bench.simulate.record import Record
from domain import extending
from domain.deadlines import Deadline
from domain.extending import Kind, Request, Why

DAY = timedelta(days=1)
_KINDS = (Kind.EXTENSION, Kind.PAUSE, Kind.WAIVER)
_WEIGHTS = (50, 42, 8)
Wish = Callable[[datetime], None]


class MoreTime:
    """For the duties of one record; `granted` by the deadline that it led to, newest first."""

    def __init__(
        self,
        record: Record,
        chance: Random,
        at: Callable[[datetime, Wish], None],
        noted: Callable[[list[Deadline]], None],
    ) -> None:
        self.record, self.chance, self._at, self._noted = record, chance, at, noted
        self.granted: dict[UUID, list[Request]] = {}
        self.counts: Counter[str] = Counter()

    def maybe_needed(self, duty: Deadline) -> None:
        """Now and then, somewhere between the beginning of the duty and a little after its end."""
        often = 0.25 if self.record.pack.steps[duty.step].pause_limit else 0.015
        if self.chance.random() < often:
            when = duty.anchored_at + (duty.due_at - duty.anchored_at) * self.chance.uniform(0, 1.1)
            kind = self.chance.choices(_KINDS, _WEIGHTS)[0]
            self._at(when, lambda now: self.ask(duty.id, kind, now))

    def ask(self, deadline_id: UUID, kind: Kind, now: datetime) -> None:
        """Raises what domain.extending raises."""
        kept, granted = self.record.kept[deadline_id], self.granted.get(deadline_id, [])
        duty = kept.deadline
        if not kept.is_open:
            return
        until = None if kind is Kind.WAIVER else self._until(duty, kind, now)
        extending.demand_askable(duty, self.record.pack, kind, until, now, granted)
        request_id = UUID(int=self.chance.getrandbits(128), version=4)
        asked = Request(request_id, duty.id, duty.case_ref, kind, Why.OTHER, "carol", now, until)
        decided = extending.decide(asked, "sam", now, approved=True)
        if kind is Kind.WAIVER:
            self.counts[kind] += 1
            self.record.waive(deadline_id, now)
            return
        _, fresh = extending.grant(decided, duty, self.record.pack, now)
        self._follow(kept.deadline, fresh, [decided, *granted], now, f"deadline.{kind}")
        if kind is Kind.PAUSE and until is not None and self.chance.random() < 0.5:
            back = now + (until - now) * self.chance.random()
            self._at(back, lambda then: self.go_on(fresh.id, then))

    def go_on(self, deadline_id: UUID, now: datetime) -> None:
        """Work goes on before the pause ends."""
        kept = self.record.kept[deadline_id]
        if not kept.is_open:
            return
        pause, *earlier = self.granted[deadline_id]
        _, fresh = extending.resume(pause, kept.deadline, self.record.pack, now)
        ended = replace(pause, until=now)
        self._follow(kept.deadline, fresh, [ended, *earlier], now, "deadline.resumed")

    def _follow(
        self, duty: Deadline, fresh: Deadline, granted: list[Request], now: datetime, why: str
    ) -> None:
        self.counts[why.removeprefix("deadline.")] += 1
        self.granted[fresh.id] = granted
        self.record.succeed(duty.id, fresh, now, why)
        self._noted([fresh])

    def _until(self, duty: Deadline, kind: Kind, now: datetime) -> datetime:
        begun = max(duty.due_at, now) if kind is Kind.EXTENSION else now
        return begun + DAY * self.chance.uniform(0.1, 20)
