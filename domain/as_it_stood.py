"""The case as it stood at a past instant, by what was recorded until then.

What happened earlier and was written down later was not known yet, and is left out. Nothing is stored for this:
the record of facts is replayed. Source: practice.md, section 6 (who knew what when).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.case import Case, Closure, ClosureState
from domain.consent import Consent
from domain.deadlines import Deadline
from domain.errors import Missing
from domain.follow_up import Track
from domain.planning import Action, ActionKind, ActionState
from domain.vocabulary import CaseStatus, DeadlineState, Ground, Risk

HANDED_OVER = "handed-over"
_ENDS_PLAN = frozenset({"plan.replaced", "case.reopened"})
_ENDS_ACTION = {kind: frozenset({"case.reopened"}) for kind in ActionKind}
_ENDS_ACTION[ActionKind.PLANNED] = _ENDS_PLAN
_AGREED = frozenset({"action.agreed", "urgent-action.agreed"})
_PEOPLE = ("agency_id", "team_id", "caseworker_id", "supervisor_id")
_CARRIES = {
    "case.identified": ("agency_id", "team_id", "policy"),
    "case.registered": (*_PEOPLE, "policy"),
    "case.assigned": _PEOPLE,
    "case.repinned": ("policy",),
    "plan.agreed": ("plan_version",),
}
_LEADS_TO = {
    "case.refused": CaseStatus.REFUSED,
    "intake.joined": CaseStatus.JOINED,
    "case.registered": CaseStatus.REGISTERED,
    "initial-assessment.recorded": CaseStatus.ASSESSING,
    "plan.agreed": CaseStatus.ACTIVE,
    "closure.requested": CaseStatus.CLOSING,
    "case.closed": CaseStatus.CLOSED,
    "case.archived": CaseStatus.ARCHIVED,
    "case.erased": CaseStatus.ARCHIVED,
    "case.reopened": CaseStatus.REGISTERED,
}
_SETS_RISK = {
    "initial-assessment.recorded": "risk",
    "risk.changed": "after",
    "case.reopened": "risk",
}
_SETS_VISIT = frozenset({"follow-up.agreed", "follow-up.continued", "follow-up.quickened"})


@dataclass(frozen=True, slots=True)
class Known:
    """A line of the chronology: `at` is when it became true, `recorded_at` when it was known (UTC)."""

    id: UUID
    name: str
    at: datetime
    recorded_at: datetime
    recorded_by: str
    subject_id: str
    codes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a deadline's history; `because` names the fact, `at` is when that became true (UTC)."""

    deadline_id: UUID
    change: str
    because: str
    at: datetime


def until(facts: Iterable[Known], instant: datetime) -> list[Known]:
    """Raises Missing when nothing was known yet."""
    known = [each for each in facts if each.recorded_at <= instant]
    if not known:
        raise Missing
    return known


def case(now: Case, facts: Sequence[Known], instant: datetime) -> Case:
    """Status, risk, people, pack and plan version as they were; raises Missing before the first fact."""
    stood = replace(
        now,
        status=CaseStatus.IDENTIFIED,
        risk=_presumed(now, facts),
        caseworker_id=None,
        supervisor_id=None,
        registered_at=None,
        plan_version=0,
        times_reopened=0,
        closure=None,
    )
    for each in until(facts, instant):
        stood = _after(stood, each)
    return stood


def closures(facts: Iterable[Known]) -> list[Closure]:
    """Every way towards the end that had begun."""
    found: dict[UUID, Closure] = {}
    for each in facts:
        begin = _CLOSURES.get(each.name)
        if begin is not None:
            key = UUID(each.codes["closure_id"])
            found[key] = begin(found.get(key, Closure(key, ClosureState.REQUESTED)), each)
    return list(found.values())


def actions(now: Iterable[Action], facts: Sequence[Known]) -> list[Action]:
    """Those agreed on by then, as far as they had come."""
    return [stood for each in now if (stood := _action(each, facts)) is not None]


def tracks(
    now: Iterable[Track], facts: Sequence[Known], deadlines: Iterable[Deadline]
) -> list[Track]:
    """Lines of follow-ups agreed on by then; the date that stood is the one their last deadline was set for."""
    due = {each.anchor_id: each.due_at for each in deadlines}
    return [stood for each in now if (stood := _track(each, facts, due)) is not None]


def consents(now: Iterable[Consent], instant: datetime) -> list[Consent]:
    return [
        replace(each, withdrawn_at=_if_past(each.withdrawn_at, instant))
        for each in now
        if each.recorded_at <= instant
    ]


def deadlines(
    now: Sequence[Deadline],
    changes: Sequence[Change],
    facts: Sequence[Known],
    stood: Case,
    instant: datetime,
) -> list[Deadline]:
    """Duties set by then, each in the state it had and with whoever bore it; `facts` are all, also later ones."""
    settled = {each.id: _settled(each, changes, facts) for each in now}
    recorded = {each.id: each.recorded_at for each in facts}
    set_with = {
        each.successor_id: settled[each.id] for each in now if each.successor_id is not None
    }
    found = []
    for each in now:
        set_at = set_with.get(each.id) or recorded.get(each.anchor_id, each.anchored_at)
        if set_at <= instant:
            found.append(_deadline(each, settled[each.id], changes, stood, instant))
    return found


def _presumed(now: Case, facts: Sequence[Known]) -> Risk:
    """The risk at identification stands in the registration that followed; else it is still the same."""
    return next(
        (Risk(each.codes["risk"]) for each in facts if each.name == "case.registered"), now.risk
    )


def _after(stood: Case, fact: Known) -> Case:
    changed: dict[str, Any] = {
        name: fact.codes[name] for name in _CARRIES.get(fact.name, ()) if name in fact.codes
    }
    if fact.name in _LEADS_TO:
        changed["status"] = _LEADS_TO[fact.name]
    if fact.name in _SETS_RISK:
        changed["risk"] = Risk(fact.codes[_SETS_RISK[fact.name]])
    match fact.name:
        case "case.registered":
            changed["registered_at"] = fact.at
        case "comprehensive-assessment.recorded" if stood.status is not CaseStatus.ACTIVE:
            changed["status"] = CaseStatus.PLANNING
        case "closure.requested":
            way = UUID(fact.codes["closure_id"])
            changed["closure"] = Closure(way, ClosureState.REQUESTED, status_before=stood.status)
        case "closure.declined" if stood.closure is not None:
            changed = {"status": stood.closure.status_before, "closure": None}
        case "case.reopened":
            changed |= {"times_reopened": fact.codes["times"], "closure": None}
    return replace(stood, **changed)


_CLOSURES: dict[str, Callable[[Closure, Known], Closure]] = {
    "goals.achieved": lambda way, fact: replace(
        way,
        state=ClosureState.SETTLING,
        settled_at=datetime.fromisoformat(fact.codes["settled_at"]),
    ),
    "gains.lost": lambda way, _: replace(way, state=ClosureState.LOST),
    "closure.requested": lambda way, fact: replace(
        way,
        state=ClosureState.REQUESTED,
        ground=Ground(fact.codes["ground"]),
        requested_by=fact.codes["requested_by"],
        requested_at=fact.at,
    ),
    "closure.passed-to-stand-in": lambda way, fact: replace(way, passed_to_stand_in_at=fact.at),
    "closure.declined": lambda way, fact: replace(
        way, state=ClosureState.DECLINED, decided_by=fact.recorded_by
    ),
    "case.closed": lambda way, fact: replace(
        way, state=ClosureState.CLOSED, decided_by=fact.codes["approved_by"], closed_at=fact.at
    ),
    "look-back.recorded": lambda way, fact: replace(way, looked_back_at=fact.at),
    "look-back.unanswered": lambda way, fact: replace(way, looked_back_at=fact.at),
    "retention.set": lambda way, fact: replace(
        way, erase_at=datetime.fromisoformat(fact.codes["until"])
    ),
}


def _action(now: Action, facts: Sequence[Known]) -> Action | None:
    stood: Action | None = None
    for each in facts:
        if stood is None:
            if each.name in _AGREED and each.subject_id == str(now.id):
                stood = replace(now, state=ActionState.AGREED, started_at=None, done_at=None)
        elif each.subject_id == str(now.id) and each.name == "action.started":
            stood = replace(stood, state=ActionState.STARTED, started_at=each.at)
        elif each.subject_id == str(now.id) and each.name == "action.completed":
            stood = replace(stood, state=ActionState.COMPLETED, done_at=each.at)
        elif each.name in _ENDS_ACTION[stood.kind] and stood.is_open:
            stood = replace(stood, state=ActionState.REPLACED)
    return stood


def _track(now: Track, facts: Sequence[Known], due: Mapping[UUID, datetime]) -> Track | None:
    stood: Track | None = None
    for each in facts:
        is_own = each.subject_id == str(now.id)
        if is_own and each.name in _SETS_VISIT:
            begun = stood or replace(now, last_at=None, replaced=False)
            stood = replace(begun, next_due=due.get(each.id, begun.next_due))
            if each.name == "follow-up.continued":
                stood = replace(stood, last_at=each.at)
        elif each.name in _ENDS_PLAN and stood is not None:
            stood = replace(stood, replaced=True)
    return stood


def _settled(
    deadline: Deadline, changes: Iterable[Change], facts: Sequence[Known]
) -> datetime | None:
    """When it became known that the duty was met or dropped; None while it is open."""
    if deadline.state is DeadlineState.OPEN:
        return None
    ends = {str(state) for state in DeadlineState} | {"moved"}
    for each in changes:
        if each.deadline_id == deadline.id and each.change in ends:
            told = [f.recorded_at for f in facts if f.name == each.because and f.at == each.at]
            return max(told, default=each.at)
    return deadline.settled_at


def _deadline(
    now: Deadline,
    settled: datetime | None,
    changes: Iterable[Change],
    stood: Case,
    instant: datetime,
) -> Deadline:
    found = now
    if settled is not None and settled > instant:
        found = replace(found, state=DeadlineState.OPEN, settled_at=None, successor_id=None)
    if _if_past(now.acknowledged_at, instant) is None:
        found = replace(found, acknowledged_by=None, acknowledged_at=None)
    mine = [each for each in changes if each.deadline_id == now.id]
    if any(each.change == HANDED_OVER and each.at > instant for each in mine):
        bearer = now.responsible
        person = stood.people.get(bearer.role, bearer.person_id)
        found = replace(
            found, responsible=replace(bearer, agency_id=stood.agency_id, person_id=person)
        )
    return found


def _if_past(at: datetime | None, instant: datetime) -> datetime | None:
    return at if at is not None and at <= instant else None
