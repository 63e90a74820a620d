"""One case's record in memory: the rules decide, and what follows is kept with the instant it was known.

What a service keeps in tables (infrastructure.deadlines) is kept here in dictionaries; the rules are the
platform's own. The lifecycle's state machine (tests/correctness) and the simulator play on the same record.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.events import Event
from contracts.events.deadlines import (
    DeadlineAcknowledged,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoment,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.timekeeping import DeadlineMomentReached
from domain import announcing
from domain import deadlines as rules
from domain.announcing import Announcement, AnnouncementKind
from domain.case import Case
from domain.deadlines import Deadline, Fact
from domain.extending import waive
from domain.policy import Pack
from domain.vocabulary import DeadlineState, SubjectType

_OWNERS: dict[str, dict[str, tuple[str, ...]]] = {}


@dataclass(slots=True)
class Kept:
    """A deadline as it stands, and what became of its moments: when each was said, or passed over."""

    deadline: Deadline
    owner: str
    known_at: datetime
    settled_known_at: datetime | None = None
    acknowledged_at: datetime | None = None
    said: dict[str, datetime] = field(default_factory=dict)
    announced: list[tuple[AnnouncementKind, str, datetime]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.deadline.state is DeadlineState.OPEN


@dataclass
class Record:
    """`tell` is the bus; `history` only ever grows."""

    pack: Pack
    case: Case
    tell: Callable[[list[Event]], None] = lambda _: None
    kept: dict[UUID, Kept] = field(default_factory=dict)
    history: list[tuple[datetime, str]] = field(default_factory=list)
    _standing: dict[UUID, Kept] = field(default_factory=dict)
    _facts: int = 0

    @property
    def standing(self) -> list[Kept]:
        return list(self._standing.values())

    def follow(
        self,
        name: str,
        now: datetime,
        subject: tuple[SubjectType, str] | None = None,
        *,
        at: datetime | None = None,
        agreed_due: datetime | None = None,
    ) -> list[Deadline]:
        """A fact on the record; answers the duties that it sets."""
        self.history.append((now, name))
        self._facts += 1
        kind, subject_id = subject or (SubjectType.CASE, self.case.ref)
        fact = Fact(
            id=UUID(int=self._facts),
            name=name,
            at=at or now,
            case_ref=self.case.ref,
            agency_id=self.case.agency_id,
            policy=self.pack.id,
            risk=self.case.risk,
            subject_type=kind,
            subject_id=subject_id,
            people=self.case.people,
            agreed_due=agreed_due,
        )
        said: list[Event] = []
        fresh: list[Deadline] = []
        for owner in _owners(self.pack, name):
            fresh += self._follow(owner, fact, now, said)
        if said:
            self.tell(said)
        return fresh

    def reached(self, event: DeadlineMomentReached, now: datetime) -> Announcement | None:
        """The clock says that a moment has come; the record says what that means, as a service does."""
        kept = self.kept[event.deadline_id]
        told = announcing.announcement(kept.deadline, kept.said, max(now, event.at))
        if told is None:
            return None
        for moment in (*told.skipped, told.moment):
            kept.said.setdefault(moment, now)
        if told.kind is not None:
            kept.announced.append((told.kind, told.moment, now))
            self.history.append((now, f"{kept.deadline.step} {told.kind} {told.moment}"))
        return told

    def acknowledge(self, deadline_id: UUID, by: str, now: datetime) -> None:
        kept = self.kept[deadline_id]
        taken = rules.acknowledge(kept.deadline, by, now)
        if taken != kept.deadline:
            kept.deadline, kept.acknowledged_at = taken, now
            self.history.append((now, f"{taken.step} acknowledged"))
            facts = _facts(kept, now)
            self.tell([DeadlineAcknowledged(acknowledged_by=by, **facts)])

    def succeed(self, old_id: UUID, fresh: Deadline, now: datetime, why: str) -> None:
        """The same duty with another due instant: the old deadline stays, with its successor's id."""
        old = self._standing.pop(old_id)
        old.deadline = rules.cancel(old.deadline, now, successor=fresh.id)
        old.settled_known_at = now
        kept = Kept(fresh, old.owner, now)
        self.kept[fresh.id] = self._standing[fresh.id] = kept
        self.history.append((now, f"{fresh.step} {why}"))
        self.tell([_cancelled(old, now, why), _set(kept)])

    def waive(self, deadline_id: UUID, now: datetime) -> None:
        """Somebody with authority lets the duty go."""
        kept = self._standing.pop(deadline_id)
        kept.deadline, kept.settled_known_at = waive(kept.deadline, now), now
        self.history.append((now, f"{kept.deadline.step} waived"))
        facts = _facts(kept, now)
        self.tell([DeadlineWaived(reason="other", successor_id=None, approved_by="sam", **facts)])

    def _follow(
        self, owner: str, fact: Fact, now: datetime, said: list[Event]
    ) -> Iterable[Deadline]:
        mine = [each.deadline for each in self._standing.values() if each.owner == owner]
        found = rules.consequences(self.pack, owner, mine, fact)
        for ended in (*found.met, *found.cancelled):
            kept = self._standing.pop(ended.id)
            kept.deadline, kept.settled_known_at = ended, now
            self.history.append((now, f"{ended.step} {ended.state}"))
            said.append(_ended(kept, fact))
        for deadline in found.set:
            kept = Kept(deadline, owner, now)
            self.kept[deadline.id] = self._standing[deadline.id] = kept
            self.history.append((now, f"{deadline.step} set"))
            said.append(_set(kept))
        return found.set


def _owners(pack: Pack, fact: str) -> tuple[str, ...]:
    """Which services have a duty that the fact concerns."""
    found = _OWNERS.get(pack.id)
    if found is None:
        found = _OWNERS[pack.id] = _owners_by_fact(pack)
    return found.get(fact, ())


def _owners_by_fact(pack: Pack) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for rule in pack.steps.values():
        for name in (*rule.anchors, *rule.met_by, *rule.cancelled_by, *rule.moved_by):
            found.setdefault(name, {})[rule.owner] = None
    return {name: tuple(owners) for name, owners in found.items()}


def _set(kept: Kept) -> DeadlineSet:
    deadline = kept.deadline
    return DeadlineSet(
        anchor=deadline.anchor,
        anchored_at=deadline.anchored_at,
        policy=deadline.policy,
        moments=tuple(DeadlineMoment(name=each.name, at=each.at) for each in deadline.moments),
        **_facts(kept, deadline.anchored_at),
    )


def _ended(kept: Kept, fact: Fact) -> Event:
    if kept.deadline.state is DeadlineState.CANCELLED:
        return _cancelled(kept, fact.at, fact.name)
    late = kept.deadline.state is DeadlineState.MET_LATE
    return DeadlineMet(met_at=fact.at, late=late, **_facts(kept, fact.at))


def _cancelled(kept: Kept, at: datetime, why: str) -> Event:
    successor = kept.deadline.successor_id
    return DeadlineCancelled(reason=why, successor_id=successor, **_facts(kept, at))


def _facts(kept: Kept, at: datetime) -> dict[str, Any]:
    deadline = kept.deadline
    return {
        "case_ref": deadline.case_ref,
        "at": at,
        "deadline_id": deadline.id,
        "version": deadline.version,
        "owner": kept.owner,
        "subject_type": deadline.subject_type,
        "subject_id": deadline.subject_id,
        "step": deadline.step,
        "agency_id": deadline.responsible.agency_id,
        "responsible": deadline.responsible.role,
        "person_id": deadline.responsible.person_id,
        "due_at": deadline.due_at,
    }
