"""The family's statement put together, and its links and feedback for those who look after the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import closure, disclosure, reference, statement
from domain.case import Case
from domain.disclosure import Viewer
from domain.erasing import ERASED
from domain.errors import Hidden
from domain.planning import Action, ActionKind
from domain.statement import Link, Outcome, Promise
from domain.vocabulary import Role, Section
from infrastructure import deadlines
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.statement import FeedbackList, FeedbackView, LinkList, LinkView
from services.cases.store import cases, directory, elsewhere, narratives, plans, statements
from services.cases.store.narratives import Narrative
from services.cases.store.statements import Feedback

_DONE = frozenset({Outcome.KEPT, Outcome.KEPT_LATE, Outcome.ENDED})


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One promise; `step` names our wording, `words` are those in which an action was agreed.

    `with_whom` is asked in a follow-up; `agency_id` is that of a provider, `at_hour` whether it is agreed for an
    hour of its day.
    """

    step: str
    words: str | None
    with_whom: str | None
    by: str
    agency_id: str | None
    at_hour: bool
    due_at: datetime
    outcome: Outcome
    settled_at: datetime | None
    first_due: datetime | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting ahead to which child and family are asked."""

    kind: str
    meets_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Statement:
    """Everything on the family's page; instants are UTC, `zone` is the agency's, `names` are those of agencies."""

    case_ref: str
    agency_id: str
    status: str
    zone: str
    at: datetime
    valid_until: datetime
    has_died: bool
    goal: str | None
    owed: list[Line]
    done: list[Line]
    meetings: list[Meeting]
    contact: str | None
    how_to_come_back: str | None
    said: list[Feedback]
    names: dict[str, str]

    def called(self, agency_id: str) -> str:
        """By its code where no name is known."""
        return self.names.get(agency_id, agency_id)


async def statement_for(uow: UnitOfWork, link: Link, case: Case, key: CaseKey) -> Statement:
    """For whoever was let in by the link's code. What was said by another person's link is not shown."""
    actions = {
        str(action.id): (action, title) for action, title in await plans.actions_of(uow, case, key)
    }
    asked = {str(each.id): each.with_whom.value for each in await plans.tracks_of(uow, case)}
    known = await directory.ask(uow, case.agency_id)
    pack = uow.packs.get(case.policy)
    told = await statements.feedback_of(uow, case, key)
    others = {each.id for each in told if each.given_by is not link.for_whom}
    hidden = link.withheld | others
    duties = [*await deadlines.all_for(uow, case.ref), *await elsewhere.duties_of(uow, case.ref)]
    promised = statement.promises(duties, hidden, uow.now)
    has_died = closure.has_died(case)
    if has_died:
        promised = statement.left_after_death(promised)
    lines = [
        _line(promise, actions.get(promise.subject_id), asked.get(promise.subject_id))
        for promise in promised
    ]
    goal, come_back = await _words(uow, case, key)
    return Statement(
        case_ref=case.ref,
        agency_id=case.agency_id,
        status=case.status.value,
        zone=known.agency.zone if known.agency else pack.calendar.zone,
        at=uow.now,
        valid_until=link.expires_at,
        has_died=has_died,
        goal=None if has_died else goal,
        owed=[line for line in lines if line.outcome not in _DONE],
        done=[line for line in lines if line.outcome in _DONE],
        meetings=[
            Meeting(each.kind, each.meets_at)
            for each in await elsewhere.under_way_of(uow, case.ref)
            if each.kind in statement.MEETINGS and each.id not in hidden
            if each.meets_at and each.meets_at >= uow.now and not has_died
        ],
        contact=await statements.contact_of(uow, link, key),
        how_to_come_back=come_back,
        said=[each for each in told if each.id not in others],
        names=await directory.names_of(
            uow, {case.agency_id, *(line.agency_id for line in lines if line.agency_id)}
        ),
    )


async def links_of(uow: UnitOfWork, typed: str) -> LinkList:
    """Every link given out, without its code; raises Missing."""
    case = await _case(uow, typed, "list-statement-links")
    return LinkList(
        items=[
            LinkView(
                link_id=str(each.id),
                language=each.language,
                for_whom=each.for_whom,
                issued_at=each.issued_at,
                issued_by=each.issued_by,
                expires_at=each.expires_at,
                revoked_at=each.revoked_at,
                locked_at=each.locked_at,
                opened_at=each.opened_at,
            )
            for each in await statements.all_of(uow, case)
        ]
    )


async def feedback_on(uow: UnitOfWork, typed: str) -> FeedbackList:
    """What child and family have said, in order; raises Missing."""
    case = await _case(uow, typed, "read-feedback")
    key = await narratives.key_of(uow, case)
    return FeedbackList(
        items=[
            FeedbackView(
                feedback_id=str(each.id),
                kind=each.kind,
                given_by=each.given_by,
                received_at=each.received_at,
                words=each.words if key else ERASED,
                answered_at=each.answered_at,
                answered_by=each.answered_by,
                answer=each.answer if key or each.answered_at is None else ERASED,
            )
            for each in await statements.feedback_of(uow, case, key)
        ]
    )


async def _case(uow: UnitOfWork, typed: str, action: str) -> Case:
    """Of those who see the contacts with a family; others learn nothing, and it is noted."""
    ref = reference.read(typed)
    try:
        case, _ = await cases.read(uow, ref, uow.viewer)
        disclosure.demand_sight(uow.viewer, case.custody, [Section.CONTACTS])
    except Hidden:
        uow.audit(action, ref, Section.CONTACTS, outcome="hidden")
        raise
    uow.audit(action, ref, Section.CONTACTS)
    return case


def _line(
    promise: Promise, agreed: tuple[Action, str | None] | None, with_whom: str | None
) -> Line:
    """An action is done by whom the plan names; every other duty by whoever bears it."""
    action, title = agreed or (None, None)
    is_test = action is not None and action.kind is ActionKind.SAFETY_PLAN_TEST
    return Line(
        step="safety-plan-test" if is_test else promise.step,
        words=None if is_test else title,
        with_whom=with_whom,
        by=action.responsible.value if action else promise.role,
        agency_id=promise.agency_id if promise.role == Role.PROVIDER.value else None,
        at_hour=promise.step in statement.TO_THE_HOUR,
        due_at=promise.due_at,
        outcome=promise.outcome,
        settled_at=promise.settled_at,
        first_due=promise.first_due,
    )


async def _words(uow: UnitOfWork, case: Case, key: CaseKey) -> tuple[str | None, str | None]:
    """The goal of the newest plan, and how to come back as it was said when the case was to close."""
    told = await narratives.all_of(uow, case, _giver(case), key)
    goal = _last(told, "plan").get("goal", {}).get("specific")
    return goal, _last(told, "closure-request").get("how_to_come_back") or None


def _giver(case: Case) -> Viewer:
    """A statement is given out by whoever looks after the case, and shows no more than she may see."""
    roles = frozenset({Role.CASEWORKER})
    return Viewer(case.caseworker_id or "", case.agency_id, case.team_id, roles)


def _last(told: Sequence[Narrative], kind: str) -> dict[str, Any]:
    found = [each.content for each in told if each.kind == kind and each.content]
    return found[-1] if found else {}
