"""What a case plan must say before it is agreed, and what becomes of the one before it.

The goal is SMART, each part told; every action answers a need, a risk or a cause and falls due in the future;
child and family agree. Source: practice.md, step 4 and section 2.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain import consent
from domain.case import Case, demand_status, numbered
from domain.consent import Consent, Needed
from domain.errors import Malformed, Refusal
from domain.follow_up import Track
from domain.recording import demand_future, demand_past
from domain.vocabulary import Bearer, CaseStatus, Person

SMART = ("specific", "measurable", "achievable", "relevant")
FAMILY = frozenset({Person.MOTHER, Person.FATHER, Person.GUARDIAN, Person.FAMILY})


class GoalNotSmart(Malformed):
    """A goal is specific, measurable, achievable, relevant and time-bound, and each part is told."""

    code = "goal-not-smart"


class AnswersNothing(Malformed):
    """An action of a plan answers a need, a risk or a cause that the assessment found."""

    code = "answers-nothing"


class NotAgreed(Malformed):
    """A plan is made with the child and the family."""

    code = "plan-not-agreed"


class PlanEmpty(Malformed):
    """A plan has actions, and says how child and family are followed up."""

    code = "plan-empty"


class ActionOver(Refusal):
    """This action has been completed, or belongs to a plan that was replaced."""

    code = "action-over"


class ActionKind(StrEnum):
    """Where an action comes from."""

    PLANNED = "planned"
    URGENT = "urgent"
    SAFETY_PLAN_TEST = "safety-plan-test"


class ActionState(StrEnum):
    AGREED = "agreed"
    STARTED = "started"
    COMPLETED = "completed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does by `due_at` (UTC); its title is sealed elsewhere."""

    id: UUID
    kind: ActionKind
    responsible: Bearer
    due_at: datetime
    answers: tuple[str, ...] = ()
    consents_needed: tuple[Needed, ...] = ()
    state: ActionState = ActionState.AGREED
    started_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in (ActionState.AGREED, ActionState.STARTED)


@dataclass(frozen=True, slots=True)
class Goal:
    """The overall goal; `time_bound` is a date in the agency's zone."""

    parts: Mapping[str, str]
    time_bound: date
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agreed to the plan, and why the child was not among them if so."""

    agreed_with: frozenset[Person]
    child_not_included_because: str = ""


def agree(
    case: Case,
    goal: Goal,
    actions: Sequence[Action],
    tracks: Sequence[Track],
    agreement: Agreement,
    now: datetime,
    today: date,
) -> Case:
    """The next version of the plan; raises Malformed with the part that is wrong."""
    demand_status(case, CaseStatus.PLANNING, CaseStatus.ACTIVE)
    demand_smart(goal, today)
    _demand_agreement(agreement)
    if not actions:
        raise PlanEmpty("A plan has at least one action.", field="actions")
    if not tracks:
        raise PlanEmpty("Say how child and family are followed up.", field="follow_ups")
    known = found_in(case)
    for number, action in enumerate(actions):
        _demand_answers(action, known, f"actions.{number}.answers")
        demand_future(action.due_at, now, f"actions.{number}.due")
    for number, track in enumerate(tracks):
        demand_future(track.next_due, now, f"follow_ups.{number}.first_due")
    return replace(case, status=CaseStatus.ACTIVE, plan_version=case.plan_version + 1)


def demand_smart(goal: Goal, today: date) -> None:
    """Raises GoalNotSmart, naming the part that is missing."""
    for part in SMART:
        if not goal.parts.get(part, "").strip():
            raise GoalNotSmart(f"Say what makes the goal {part}.", field=f"goal.{part}")
    if goal.time_bound <= today:
        raise GoalNotSmart("The goal's date is still to come.", field="goal.time_bound")
    if not any(measure.strip() for measure in goal.measures):
        raise GoalNotSmart("Say what will show that the goal is reached.", field="goal.measures")


def found_in(case: Case) -> tuple[str, ...]:
    """What actions may answer: `need-1`, `risk-1`, `cause-1` of the latest assessment."""
    return (
        *numbered("need", case.needs),
        *numbered("risk", case.risks),
        *numbered("cause", case.causes),
    )


def unanswered(case: Case, actions: Iterable[Action]) -> tuple[str, ...]:
    """Needs and risks that no action answers: seen by everybody, counted, never hidden."""
    answered = {key for action in actions for key in action.answers}
    found = (*numbered("need", case.needs), *numbered("risk", case.risks))
    return tuple(key for key in found if key not in answered)


def untouched(case: Case, actions: Iterable[Action]) -> tuple[str, ...]:
    """Causes that no action addresses: what comes back after closure often has one of them."""
    answered = {key for action in actions for key in action.answers}
    return tuple(key for key in numbered("cause", case.causes) if key not in answered)


def start(action: Action, consents: Iterable[Consent], now: datetime) -> Action:
    """Raises ConsentMissing until everybody concerned has consented, ActionOver when it is done."""
    if action.state is not ActionState.AGREED:
        raise ActionOver("This action has been started already, or is over.")
    consent.demand(action.consents_needed, consents, now)
    return replace(action, state=ActionState.STARTED, started_at=now)


def complete(
    action: Action, consents: Iterable[Consent], done_at: datetime, now: datetime
) -> Action:
    """Raises ConsentMissing, ActionOver, and OccurredInFuture for a date still to come."""
    if not action.is_open:
        raise ActionOver
    demand_past(done_at, now, "done_at")
    consent.demand(action.consents_needed, consents, now)
    return replace(action, state=ActionState.COMPLETED, done_at=done_at)


def _demand_answers(action: Action, known: Sequence[str], field: str) -> None:
    if not action.answers or not set(action.answers) <= set(known):
        raise AnswersNothing(field=field, allowed=known)


def _demand_agreement(agreement: Agreement) -> None:
    if not agreement.agreed_with & (FAMILY | {Person.CHILD}):
        raise NotAgreed(
            field="agreed_with", allowed=sorted(str(each) for each in FAMILY | {Person.CHILD})
        )
    if (
        Person.CHILD not in agreement.agreed_with
        and not agreement.child_not_included_because.strip()
    ):
        raise NotAgreed("Say why the child did not take part.", field="child_not_included_because")
