"""What became of each duty on past cases: the facts go once more through domain.deadlines, in the order recorded.

Extensions, pauses and waivers are no facts of a pack, and are not replayed. Instants are UTC.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.deadlines import Deadline, Fact, consequences
from domain.policy import Pack, StepRule, Unit
from domain.vocabulary import DeadlineState, Risk


@dataclass(frozen=True, slots=True)
class PastFact:
    """A fact, and the service whose duties it bears on; None: every service's."""

    fact: Fact
    owner: str | None = None


class Outcome(StrEnum):
    """What became of a duty by the end of the time looked at."""

    IN_TIME = "in time"
    LATE = "late"
    NEVER = "never"  # its due instant passed and nobody met it
    DROPPED = "dropped"  # before it was due
    AHEAD = "ahead"  # not due yet


MISSED = frozenset({Outcome.LATE, Outcome.NEVER})


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty from the fact that set it to its end, through every move. Instants are UTC."""

    id: UUID
    case_ref: str
    step: str
    risk: Risk  # when it was set
    anchored_at: datetime
    due_at: datetime  # the last it had
    outcome: Outcome
    settled_at: datetime | None
    moves: int

    @property
    def is_missed(self) -> bool:
        return self.outcome in MISSED


@dataclass(frozen=True, slots=True)
class Replay:
    """Every duty that the facts set, in that order, and the facts that lacked an agreed date."""

    duties: tuple[Duty, ...]
    undated: tuple[Fact, ...] = ()


@dataclass(slots=True)
class _Course:
    """A duty as it goes: the deadline that set it, the one that stands for it now."""

    first: Deadline
    risk: Risk
    last: Deadline
    moves: int = 0


def replay(pack_for: Callable[[Fact], Pack], facts: Iterable[PastFact], until: datetime) -> Replay:
    """Follows the facts in the order given, which is that of their recording."""
    courses: dict[UUID, _Course] = {}
    course_of: dict[UUID, _Course] = {}
    standing: dict[tuple[str, str], dict[UUID, Deadline]] = {}
    undated: list[Fact] = []
    rounds: Counter[tuple[str, str]] = Counter()
    for past in facts:
        fact = _numbered(past.fact, rounds)
        pack = pack_for(fact)
        if _lacks_date(pack, fact, past.owner):
            undated.append(fact)
            pack = _setting_nothing_undated(pack, fact)
        for owner in _owners(pack, past.owner):
            open_here = standing.setdefault((fact.case_ref, owner), {})
            found = consequences(pack, owner, list(open_here.values()), fact)
            for ended in (*found.met, *found.cancelled):
                course_of[ended.id].last = ended
                del open_here[ended.id]
            followed = {each.successor_id: each for each in found.cancelled if each.successor_id}
            for fresh in found.set:
                if fresh.id in course_of:  # a fact said twice sets nothing twice
                    continue
                if fresh.id in followed:
                    course = course_of[followed[fresh.id].id]
                    course.last, course.moves = fresh, course.moves + 1
                else:
                    course = courses[fresh.id] = _Course(fresh, fact.risk, fresh)
                course_of[fresh.id] = course
                open_here[fresh.id] = fresh
    return Replay(tuple(_duty(each, until) for each in courses.values()), tuple(undated))


def _numbered(fact: Fact, rounds: "Counter[tuple[str, str]]") -> Fact:
    """Which time this fact comes on its case; a case that is reopened begins anew."""
    if fact.name == "case.reopened":
        for key in [key for key in rounds if key[0] == fact.case_ref]:
            del rounds[key]
    rounds[fact.case_ref, fact.name] += 1
    return replace(fact, number=rounds[fact.case_ref, fact.name])


def _duty(course: _Course, until: datetime) -> Duty:
    last = course.last
    return Duty(
        id=course.first.id,
        case_ref=last.case_ref,
        step=last.step,
        risk=course.risk,
        anchored_at=course.first.anchored_at,
        due_at=last.due_at,
        outcome=_outcome(last, until),
        settled_at=last.settled_at,
        moves=course.moves,
    )


def _outcome(deadline: Deadline, until: datetime) -> Outcome:
    match deadline.state:
        case DeadlineState.MET:
            return Outcome.IN_TIME
        case DeadlineState.MET_LATE:
            return Outcome.LATE
        case DeadlineState.OPEN:
            return Outcome.NEVER if deadline.due_at < until else Outcome.AHEAD
        case _:
            ended = deadline.settled_at or until
            return Outcome.NEVER if deadline.due_at < ended else Outcome.DROPPED


def _owners(pack: Pack, owner: str | None) -> Sequence[str]:
    return (owner,) if owner else sorted({rule.owner for rule in pack.steps.values()})


def _sets_undated(rule: StepRule, fact: Fact) -> bool:
    return fact.name in rule.anchors and rule.limit(fact.risk).unit is Unit.AS_AGREED


def _lacks_date(pack: Pack, fact: Fact, owner: str | None) -> bool:
    return fact.agreed_due is None and any(
        _sets_undated(rule, fact) and owner in (None, rule.owner) for rule in pack.steps.values()
    )


def _setting_nothing_undated(pack: Pack, fact: Fact) -> Pack:
    """The pack without what this fact would set by a date that nobody agreed on."""
    steps = {
        key: replace(rule, anchors=()) if _sets_undated(rule, fact) else rule
        for key, rule in pack.steps.items()
    }
    return replace(pack, steps=steps)
