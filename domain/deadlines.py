"""Every duty is a deadline: what a fact sets, meets, moves and cancels, and what its clock may announce.

The due instant is fixed when the deadline is set. When a fact moves a duty, the old deadline is cancelled
with its successor's id. Overdue is `open` and past due: computed, never stored. Instants are UTC.
Source: design.md, Deadlines; practice.md, section 4.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid5

from domain.calendars import WorkCalendar
from domain.errors import Malformed
from domain.policy import Pack, Reminder, StepRule, Unit
from domain.vocabulary import DeadlineState, Risk, Role, SubjectType

NAMESPACE = UUID("6f1d3a52-0c55-5b0e-9a41-7468726f7567")
OPENED, DUE = "opened", "due"
_RISING = (Risk.UNKNOWN, Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.IMMINENT)


@dataclass(frozen=True, slots=True)
class Responsible:
    """The duty bearer: an agency and a role, and the person where one is named."""

    agency_id: str
    role: Role
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant at which the clock has something to say: opened, reminder-N, due, rung-N."""

    name: str
    at: datetime
    role: Role | None = None  # whom a rung tells


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, as far as deadlines depend on it; `name` as packs write it."""

    id: UUID
    name: str
    at: datetime
    case_ref: str
    agency_id: str
    policy: str
    risk: Risk = Risk.UNKNOWN
    subject_type: SubjectType = SubjectType.CASE
    subject_id: str = ""
    people: Mapping[Role, str] = field(default_factory=dict)
    agreed_due: datetime | None = None
    bearer: Role | None = None  # who owes it, where people agreed on that; None: as the pack says
    number: int = 0  # which round of what comes again, from 1; 0: rounds are not counted
    marks: frozenset[str] = frozenset()  # codes that packs look at, such as the ground of a closure


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty with its instants; a row in its owner's schema."""

    id: UUID
    case_ref: str
    subject_type: SubjectType
    subject_id: str
    step: str
    responsible: Responsible
    anchor: str
    anchor_id: UUID
    anchored_at: datetime
    rule: str
    policy: str
    calendar: str
    due_at: datetime
    moments: tuple[Moment, ...]
    version: int = 1
    state: DeadlineState = DeadlineState.OPEN
    settled_at: datetime | None = None  # met, waived or cancelled
    successor_id: UUID | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None

    def is_overdue(self, now: datetime) -> bool:
        return self.state is DeadlineState.OPEN and self.due_at < now


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a fact; each deadline as it stands afterwards.

    `reasons` are owed already, and unchanged: the fact is one more reason for them.
    """

    set: tuple[Deadline, ...] = ()
    met: tuple[Deadline, ...] = ()
    cancelled: tuple[Deadline, ...] = ()
    reasons: tuple[Deadline, ...] = ()


def consequences(
    pack: Pack, owner: str, open_deadlines: Iterable[Deadline], fact: Fact
) -> Consequences:
    """What a fact means for this owner's duties on the case; raises Malformed without an agreed date."""
    standing = [item for item in open_deadlines if item.state is DeadlineState.OPEN]
    met, cancelled, created, reasons = [], [], [], []
    for deadline in standing:
        rule = pack.steps.get(deadline.step)
        if rule is None or not _concerns(fact, deadline):
            continue
        if fact.name in rule.met_by:
            met.append(meet(deadline, fact.at))
        elif fact.name in rule.cancelled_by:
            cancelled.append(cancel(deadline, fact.at))
        elif fact.name in rule.moved_by and (moved := _moved(deadline, rule, pack, fact)):
            cancelled.append(cancel(deadline, fact.at, successor=moved.id))
            created.append(moved)
        elif _goes_on(rule, fact):
            reasons.append(deadline)
    owed = {each.step for each in (*created, *reasons)}
    for rule in pack.steps.values():
        if rule.owner != owner or (_goes_on(rule, fact) and rule.key in owed):
            continue
        if fact.name in rule.anchors and fact.marks.isdisjoint(rule.unless):
            created.append(_set(rule, pack, fact))
    return Consequences(tuple(created), tuple(met), tuple(cancelled), tuple(reasons))


def meet(deadline: Deadline, at: datetime) -> Deadline:
    """Done at `at`: in time when not after the due instant."""
    state = DeadlineState.MET if at <= deadline.due_at else DeadlineState.MET_LATE
    return replace(deadline, state=state, settled_at=at)


def cancel(deadline: Deadline, at: datetime, successor: UUID | None = None) -> Deadline:
    return replace(deadline, state=DeadlineState.CANCELLED, settled_at=at, successor_id=successor)


def acknowledge(deadline: Deadline, by: str, at: datetime) -> Deadline:
    """Somebody has taken it up; the ladder stops. The first to do so stays on the record."""
    if deadline.acknowledged_by is not None or deadline.state is not DeadlineState.OPEN:
        return deadline
    return replace(deadline, acknowledged_by=by, acknowledged_at=at)


def now_borne_by(
    bearer: Responsible,
    people: Mapping[Role, str],
    agencies: tuple[str, str] | None = None,
    former: Mapping[Role, str] | None = None,
) -> Responsible:
    """Whose duty it is once these people have the case; `agencies`: it went from the first to the second.

    What a provider owes stays with it, whoever has the case. Within an agency what somebody else than the `former`
    people owes by name stays hers; from one agency to another all goes over. None: nobody knows who they were.
    """
    before, after = agencies or (bearer.agency_id, bearer.agency_id)
    if bearer.agency_id != before or bearer.role is Role.PROVIDER:
        return bearer
    if before != after:
        return Responsible(after, bearer.role, people.get(bearer.role))
    if former is not None and bearer.person_id not in (None, former.get(bearer.role)):
        return bearer
    return replace(bearer, person_id=people.get(bearer.role, bearer.person_id))


def moments(
    rule: StepRule, anchored_at: datetime, due_at: datetime, work: WorkCalendar
) -> tuple[Moment, ...]:
    """Every instant of a deadline in order; a reminder outside its span is left out."""
    found: list[Moment] = []
    if rule.opens is not None:
        found.append(Moment(OPENED, rule.opens.after(anchored_at, work)))
    instants = {_remind_at(item, anchored_at, due_at, work) for item in rule.reminders}
    inside = sorted(at for at in instants if anchored_at < at < due_at)
    found += [Moment(f"reminder-{number}", at) for number, at in enumerate(inside, start=1)]
    found.sort(key=lambda item: item.at)
    return (*found, *_rungs(rule, due_at, work))


def _rungs(rule: StepRule, due_at: datetime, work: WorkCalendar) -> tuple[Moment, ...]:
    """The breach at the due instant itself, whomever it tells, then every later rung in order of time."""
    ladder = sorted(
        ((rung.after.after(due_at, work), rung.role) for rung in rule.ladder),
        key=lambda item: item[0],
    )
    at_breach = ladder[0][1] if ladder and ladder[0][0] == due_at else None
    later = ladder[1:] if at_breach else ladder
    return (
        Moment(DUE, due_at, at_breach),
        *(Moment(f"rung-{number}", at, role) for number, (at, role) in enumerate(later, start=1)),
    )


def _remind_at(
    reminder: Reminder, anchored_at: datetime, due_at: datetime, work: WorkCalendar
) -> datetime:
    if reminder.lead is not None:
        return reminder.lead.before(due_at, work)
    return (anchored_at + (due_at - anchored_at) / 2).astimezone(UTC)


def _set(rule: StepRule, pack: Pack, fact: Fact) -> Deadline:
    limit = rule.limit(fact.risk, fact.number)
    if limit.unit is Unit.AS_AGREED:
        if fact.agreed_due is None:
            raise Malformed(f"{rule.title}: a date agreed with people is needed.", field="due")
        due_at = fact.agreed_due.astimezone(UTC)
    else:
        due_at = limit.after(fact.at, pack.calendar)
    subject_id = fact.case_ref if rule.subject is SubjectType.CASE else fact.subject_id
    bearer = fact.bearer or rule.responsible
    return Deadline(
        id=uuid5(NAMESPACE, f"{fact.id}|{rule.key}|{subject_id}"),
        case_ref=fact.case_ref,
        subject_type=rule.subject,
        subject_id=subject_id,
        step=rule.key,
        responsible=Responsible(fact.agency_id, bearer, fact.people.get(bearer)),
        anchor=fact.name,
        anchor_id=fact.id,
        anchored_at=fact.at,
        rule=f"{limit} from {fact.name}",
        policy=pack.id,
        calendar=pack.calendar.version,
        due_at=due_at,
        moments=moments(rule, fact.at, due_at, pack.calendar),
    )


def _moved(deadline: Deadline, rule: StepRule, pack: Pack, fact: Fact) -> Deadline | None:
    """The successor when the fact moves the duty: earlier, or to whatever date people agreed on.

    A limit never gives more time by itself than the deadline had.
    """
    as_agreed = rule.limit(fact.risk).unit is Unit.AS_AGREED
    if as_agreed and fact.agreed_due is None:
        return None
    fresh = _set(rule, pack, fact)
    stays = fresh.due_at == deadline.due_at if as_agreed else fresh.due_at >= deadline.due_at
    if stays:
        return None
    return replace(
        fresh,
        subject_id=deadline.subject_id,
        responsible=deadline.responsible,
        id=uuid5(NAMESPACE, f"{fact.id}|{rule.key}|{deadline.id}"),
        version=deadline.version + 1,
    )


def _goes_on(rule: StepRule, fact: Fact) -> bool:
    """A fact that both sets and moves a step adds to what is owed: no second duty beside one that stands."""
    return fact.name in rule.anchors and fact.name in rule.moved_by


def _concerns(fact: Fact, deadline: Deadline) -> bool:
    """Facts and duties about the whole case concern each other; the rest only on the same subject."""
    if fact.case_ref != deadline.case_ref:
        return False
    if SubjectType.CASE in (fact.subject_type, deadline.subject_type):
        return True
    return (fact.subject_type, fact.subject_id) == (deadline.subject_type, deadline.subject_id)


def is_rise(before: Risk, after: Risk) -> bool:
    return _RISING.index(after) > _RISING.index(before)


def earliest(deadlines: Sequence[Deadline]) -> Deadline | None:
    """The duty that falls due first, if any is open."""
    standing = [item for item in deadlines if item.state is DeadlineState.OPEN]
    return min(standing, key=lambda item: item.due_at, default=None)
