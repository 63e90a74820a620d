"""A policy pack tried on the past: which deadlines would have moved, been met or been missed.

It supposes that people would have done the same at the same instants; dates that people agreed on stay theirs.
Source: practice.md, section 6, line 8.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.deadlines import Fact
from domain.errors import Malformed
from domain.policy import Pack
from domain.replaying import Duty, Outcome, PastFact, replay
from domain.vocabulary import Risk

_Key = tuple[str, Risk | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """One duty before and after; one side is None where only the other pack asks for it."""

    before: Duty | None
    after: Duty | None

    @property
    def either(self) -> Duty:
        duty = self.after or self.before
        if duty is None:
            raise LookupError("A change needs a duty on one side.")
        return duty

    @property
    def is_earlier(self) -> bool:
        return bool(self.before and self.after and self.after.due_at < self.before.due_at)

    @property
    def is_later(self) -> bool:
        return bool(self.before and self.after and self.after.due_at > self.before.due_at)

    @property
    def is_newly_missed(self) -> bool:
        return bool(self.before and self.after and self.after.is_missed > self.before.is_missed)

    @property
    def is_no_longer_missed(self) -> bool:
        return bool(self.before and self.after and self.after.is_missed < self.before.is_missed)

    @property
    def is_nothing(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Trial:
    """Every duty of both packs, matched by the fact that set it."""

    changes: tuple[Changed, ...]
    undated: tuple[Fact, ...] = ()

    @property
    def changed(self) -> tuple[Changed, ...]:
        return tuple(each for each in self.changes if not each.is_nothing)


def try_pack(
    facts: Sequence[PastFact],
    before: Callable[[Fact], Pack],
    after: Pack,
    until: datetime | None = None,
) -> Trial:
    """Compares what was with what would have been; `until` is the last fact's instant unless given.

    Raises Malformed without a fact.
    """
    if not facts:
        raise Malformed("There is no fact to try the pack on.", field="facts")
    end = until or max(past.fact.at for past in facts)
    was = {duty.id: duty for duty in replay(before, facts, end).duties}
    again = replay(lambda _: after, facts, end)
    would_be = {duty.id: duty for duty in again.duties}
    ids = list(dict.fromkeys([*was, *would_be]))
    changes = tuple(Changed(was.get(each), would_be.get(each)) for each in ids)
    return Trial(changes, again.undated)


@dataclass(frozen=True, slots=True)
class Tally:
    """The changes of one step at one risk, counted."""

    step: str
    risk: Risk | None  # None: every risk
    changes: tuple[Changed, ...]

    def before(self, *outcomes: Outcome) -> int:
        return sum(bool(each.before and each.before.outcome in outcomes) for each in self.changes)

    def after(self, *outcomes: Outcome) -> int:
        return sum(bool(each.after and each.after.outcome in outcomes) for each in self.changes)

    @property
    def earlier(self) -> int:
        return sum(each.is_earlier for each in self.changes)

    @property
    def later(self) -> int:
        return sum(each.is_later for each in self.changes)

    @property
    def newly_missed(self) -> int:
        return sum(each.is_newly_missed for each in self.changes)

    @property
    def no_longer_missed(self) -> int:
        return sum(each.is_no_longer_missed for each in self.changes)

    @property
    def added(self) -> int:
        return sum(each.before is None for each in self.changes)

    @property
    def gone(self) -> int:
        return sum(each.after is None for each in self.changes)


def by_step(trial: Trial, order: Iterable[str]) -> tuple[Tally, ...]:
    """A tally a step, in the order of the pack; steps without a duty are left out."""
    found = _grouped(trial, lambda duty: (duty.step, None))
    keys = list(dict.fromkeys([*((step, None) for step in order), *found]))
    return tuple(Tally(*key, tuple(found[key])) for key in keys if key in found)


def by_step_and_risk(trial: Trial, order: Iterable[str]) -> tuple[Tally, ...]:
    """A tally a step and risk, the gravest first; the risk is that at which the duty was set."""
    found = _grouped(trial, lambda duty: (duty.step, duty.risk))
    risks = list(reversed(Risk))
    steps = list(dict.fromkeys([*order, *(step for step, _ in found)]))
    return tuple(
        Tally(step, risk, tuple(found[step, risk]))
        for step in steps
        for risk in risks
        if (step, risk) in found
    )


def _grouped(trial: Trial, key: Callable[[Duty], _Key]) -> dict[_Key, list[Changed]]:
    found: dict[_Key, list[Changed]] = {}
    for each in trial.changes:
        found.setdefault(key(each.either), []).append(each)
    return found
