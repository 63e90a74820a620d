"""What became of each duty on past cases: the facts go once more through domain.deadlines, in the order recorded.

A date that a rhythm of the pack proposed is proposed anew (domain.redating); time granted is granted once more
(domain.time_granted); a case that was moved to another pack goes over with what it owes. Instants are UTC.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.deadlines import Consequences, Deadline, Fact, consequences
from domain.policy import Pack, StepRule, Unit
from domain.redating import Pace, pace, quickened, redated
from domain.repinning import REPINNED, as_consequences, moves
from domain.time_granted import Grant, duty_of, given
from domain.vocabulary import DeadlineState, Risk


@dataclass(frozen=True, slots=True)
class PastFact:
    """A fact, and the service whose duties it bears on (None: every one's).

    `rhythm` proposed its date; `grant` is what somebody granted by it.
    """

    fact: Fact
    owner: str | None = None
    rhythm: str | None = None
    grant: Grant | None = None


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
    pace: Pace | None
    moves: int = 0


@dataclass(slots=True)
class _Courses:
    """Every duty by the deadline that set it, and what stands, by case and owner."""

    all: dict[UUID, _Course] = field(default_factory=dict)
    of: dict[UUID, _Course] = field(default_factory=dict)  # by any deadline it had
    standing: dict[str, dict[str, dict[UUID, Deadline]]] = field(default_factory=dict)
    undated: list[Fact] = field(default_factory=list)
    packs: dict[str, Pack] = field(default_factory=dict)

    def happened(self, pack: Pack, past: PastFact) -> None:
        """A fact as it was recorded, and what it brings forward under this pack."""
        if past.grant is not None:
            self.grant(past.grant, past.fact, past.owner)
            return
        self.packs[pack.id] = pack
        if past.fact.name == REPINNED:
            self.repin(pack, past.fact, past.owner)
        fact, by = past.fact, pace(pack, past.rhythm, past.fact)
        self.follow(pack, redated(pack, by, fact, self.standing_on(fact)), past.owner, by)
        paced = [(each, self.of[each.id].pace) for each in self.standing_on(fact)]
        for brought, faster in quickened(pack, fact, paced):
            self.follow(pack, brought, past.owner, faster)

    def grant(self, grant: Grant, fact: Fact, owner: str | None) -> None:
        """More time for the duty that stands, or none of it any more."""
        for each, open_here in self.standing.get(fact.case_ref, {}).items():
            duty = duty_of(grant, fact, open_here.values()) if owner in (None, each) else None
            if duty is None:
                continue
            course, left = self.of[duty.id], given(grant, duty, fact)
            course.last, course.pace = left, None  # its date is from now on what people agreed on
            if left.state is DeadlineState.OPEN:
                course.moves, open_here[duty.id] = course.moves + 1, left
            else:
                del open_here[duty.id]

    def repin(self, pack: Pack, fact: Fact, owner: str | None) -> None:
        """What is owed under another pack than the one that the case follows from here on goes over to it."""
        for each, open_here in self.standing.get(fact.case_ref, {}).items():
            for duty in tuple(open_here.values()) if owner in (None, each) else ():
                if duty.policy != pack.id:
                    found = moves([duty], self.packs[duty.policy], pack, fact.risk, fact.id)
                    by = self.of[duty.id].pace
                    self._go_on(as_consequences(found, fact.at), open_here, by)

    def standing_on(self, fact: Fact) -> list[Deadline]:
        owners = self.standing.get(fact.case_ref, {})
        return [each for open_here in owners.values() for each in open_here.values()]

    def follow(self, pack: Pack, fact: Fact, owner: str | None, by: Pace | None) -> None:
        """What the fact means for the duties of this owner, or of every one."""
        if _lacks_date(pack, fact, owner):
            self.undated.append(fact)
            pack = _setting_nothing_undated(pack, fact)
        for each in _owners(pack, owner):
            open_here = self.standing.setdefault(fact.case_ref, {}).setdefault(each, {})
            found = consequences(pack, each, list(open_here.values()), fact)
            for fresh in self._go_on(found, open_here, by):
                self.all[fresh.id] = self.of[fresh.id] = _Course(fresh, fact.risk, fresh, by)
                open_here[fresh.id] = fresh

    def _go_on(
        self, found: Consequences, open_here: dict[UUID, Deadline], by: Pace | None
    ) -> list[Deadline]:
        """Ends and moves what stands; answers what is owed newly. A fact said twice sets nothing twice."""
        for ended in (*found.met, *found.cancelled):
            self.of[ended.id].last = ended
            del open_here[ended.id]
        followed = {each.successor_id: each for each in found.cancelled if each.successor_id}
        for moved in found.set:
            if moved.id in followed:
                course = self.of[moved.id] = self.of[followed[moved.id].id]
                course.last, course.moves, course.pace = moved, course.moves + 1, by
                open_here[moved.id] = moved
        return [each for each in found.set if each.id not in self.of]


def replay(pack_for: Callable[[Fact], Pack], facts: Iterable[PastFact], until: datetime) -> Replay:
    """Follows the facts in the order given, which is that of their recording."""
    courses = _Courses()
    rounds: Counter[tuple[str, str]] = Counter()
    for past in facts:
        fact = _numbered(past.fact, rounds)
        courses.happened(pack_for(fact), replace(past, fact=fact))
    return Replay(
        tuple(_duty(each, until) for each in courses.all.values()), tuple(courses.undated)
    )


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
