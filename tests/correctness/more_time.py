"""Pauses and extensions of a duty for the oracle: what people ask for, what we answer, what walking finds.

The oracle keeps the spans in which the clock stood and reckons every due instant anew from where the duty
began; domain.extending goes from one due instant to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from domain import extending
from domain.calendars import WorkCalendar
from domain.deadlines import Deadline
from domain.errors import DomainError
from domain.extending import Kind, Request, RequestState, Why
from domain.policy import Pack, StepRule
from tests.correctness import day_by_day

Moments = list[tuple[str, datetime]]
Answer = (
    str | tuple[datetime, Moments]
)  # the code of a refusal, or the due instant and every moment


@dataclass(frozen=True)
class Wish:
    """At `now` somebody asks for a pause or more time `until`, or says that work goes on."""

    kind: Kind | None  # None: work goes on
    now: datetime
    until: datetime


def answered(duty: Deadline, pack: Pack, wishes: Sequence[Wish]) -> list[Answer]:
    """By the rules, each approved at once by somebody else."""
    found: list[Answer] = []
    granted: list[Request] = []
    for number, wish in enumerate(wishes):
        try:
            duty, granted = _granted(duty, pack, granted, wish, number)
            found.append((duty.due_at, [(each.name, each.at) for each in duty.moments]))
        except DomainError as refused:
            found.append(refused.code)
    return found


def _granted(
    duty: Deadline, pack: Pack, granted: list[Request], wish: Wish, number: int
) -> tuple[Deadline, list[Request]]:
    if wish.kind is None:
        if not granted or granted[0].kind is not Kind.PAUSE:
            raise extending.NotPaused
        _, after = extending.resume(granted[0], duty, pack, wish.now)
        return after, [replace(granted[0], until=wish.now), *granted[1:]]
    extending.demand_askable(duty, pack, wish.kind, wish.until, wish.now, granted)
    asked = Request(
        UUID(int=number), duty.id, duty.case_ref, wish.kind, Why.OTHER, "amal", wish.now, wish.until
    )
    decided = extending.decide(asked, "sami", wish.now, approved=True)
    assert decided.state is RequestState.APPROVED
    _, after = extending.grant(decided, duty, pack, wish.now)
    return after, [decided, *granted]


@dataclass
class WalkedDuty:
    """The same by walking: from where on time counts, to which instant, and where the clock stood."""

    rule: StepRule
    work: WorkCalendar
    anchored_at: datetime
    begun: datetime
    agreed: datetime
    due_at: datetime
    stands: list[day_by_day.Span]
    stood: list[day_by_day.Span]  # before more time was given

    @classmethod
    def set_at(cls, rule: StepRule, start: datetime, due_at: datetime, work: WorkCalendar):
        return cls(rule, work, start, start, due_at, due_at, [], [])

    def answer(self, wish: Wish) -> Answer:
        refused = self._refused(wish)
        if refused:
            return refused
        silent = wish.now
        if wish.kind is Kind.EXTENSION:
            self.stood += self.stands
            self.begun, self.agreed, self.stands = wish.now, wish.until, []
        elif wish.kind is Kind.PAUSE:
            self.stands.append((wish.now, wish.until))
            silent = wish.until
        else:
            self.stands[-1] = (self.stands[-1][0], wish.now)
        self.due_at = day_by_day.goes_on_until(self.begun, self.agreed, self.stands)
        told = day_by_day.moments_of(self.rule, self.anchored_at, self.due_at, self.work)
        return self.due_at, [(name, at) for name, at in told if at > silent]

    def _refused(self, wish: Wish) -> str | None:
        stands = bool(self.stands) and self.stands[-1][1] > wish.now
        if wish.kind is None:
            return None if stands else "not-paused"
        if wish.kind is Kind.EXTENSION:
            return None if wish.until > self.due_at and wish.until > wish.now else "malformed"
        limit = self.rule.pause_limit
        if limit is None:
            return "pause-not-allowed"
        if stands:
            return "already-paused"
        if wish.now > self.due_at:
            return "due-passed"
        used = sum((last - first for first, last in [*self.stood, *self.stands]), timedelta())
        latest = day_by_day.end_of(limit, wish.now, self.work) - used
        return None if wish.now < wish.until <= latest else "malformed"
