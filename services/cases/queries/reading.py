"""One case, section by section, as the viewer may see it; each section read is audited."""

from collections import defaultdict
from typing import Any

from domain import disclosure, planning, reference
from domain.case import Case, Closure
from domain.errors import Hidden
from domain.vocabulary import Section
from infrastructure import deadlines
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.deadlines import DeadlineList, DeadlineView
from services.cases.schemas.plan import ActionView, FollowUpView
from services.cases.schemas.views import (
    CaseItem,
    CaseView,
    Chronology,
    ClosureSection,
    ClosureView,
    ConsentRecordView,
    FactView,
    NarrativeView,
    PlanView,
    RegistrationView,
)
from services.cases.store import cases, consents, facts, narratives, plans
from services.cases.store.cases import Sealed
from services.cases.store.narratives import Narrative, opened

READ = "read"


async def case(uow: UnitOfWork, typed: str) -> CaseView:
    """Raises Missing, and Hidden alike."""
    found, sealed = await _load(uow, typed)
    seen = _read(uow, found, frozenset(Section))
    key = await narratives.key_of(uow, found)
    told: dict[Section, list[Narrative]] = defaultdict(list)
    for each in await narratives.all_of(uow, found, uow.viewer, key):
        told[each.section].append(each)
    view: dict[str, Any] = item(found, seen).model_dump()
    if Section.IDENTITY in seen:
        view["identity"] = opened(key, found.ref, "identity", sealed.identity)
    if Section.REGISTRATION in seen:
        view["registration"] = _registration(found, sealed, key)
    if Section.ASSESSMENT in seen:
        view["assessment"] = _views(told[Section.ASSESSMENT])
    if Section.PLAN in seen:
        view["plan"] = await _plan(uow, found, told[Section.PLAN], key)
    if Section.CONTACTS in seen:
        view["contacts"] = _views(told[Section.CONTACTS])
    if Section.CONSENT in seen:
        view["consent"] = await _consents(uow, found)
    if Section.CLOSURE in seen:
        closures = await cases.closures_of(uow, found)
        view["closure"] = ClosureSection(
            closures=[_closure(each) for each in closures],
            narratives=_views(told[Section.CLOSURE]),
        )
    if Section.DEADLINES in seen:
        view["deadlines"] = await _deadlines(uow, found)
    return CaseView.model_validate(view)


async def deadlines_of(uow: UnitOfWork, typed: str) -> DeadlineList:
    """Duties in every state, earliest due first."""
    found, _ = await _load(uow, typed)
    _demand(uow, found, Section.DEADLINES)
    _read(uow, found, frozenset({Section.DEADLINES}))
    return DeadlineList(items=await _deadlines(uow, found))


async def chronology(uow: UnitOfWork, typed: str) -> Chronology:
    """What happened, when, and who recorded it, in sections that the viewer sees."""
    found, _ = await _load(uow, typed)
    uow.audit("read-chronology", found.ref)
    rows = await facts.chronology(uow, found, uow.viewer)
    return Chronology(
        items=[
            FactView(
                at=row.at,
                recorded_at=row.recorded_at,
                fact=row.name,
                recorded_by=row.recorded_by,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                codes=row.codes,
            )
            for row in rows
        ]
    )


def item(found: Case, seen: frozenset[Section]) -> CaseItem:
    """Who may see a case's duties may see who bears them; others see the reference and the status."""
    if Section.DEADLINES not in seen:
        return CaseItem(case_ref=found.ref, status=found.status, agency_id=found.agency_id)
    return CaseItem(
        case_ref=found.ref,
        status=found.status,
        agency_id=found.agency_id,
        team_id=found.team_id,
        caseworker_id=found.caseworker_id,
        supervisor_id=found.supervisor_id,
        risk=found.risk,
        policy=found.policy,
        identified_at=found.identified_at,
        registered_at=found.registered_at,
        plan_version=found.plan_version,
        times_reopened=found.times_reopened,
    )


async def _load(uow: UnitOfWork, typed: str) -> tuple[Case, Sealed]:
    ref = reference.read(typed)
    try:
        return await cases.read(uow, ref, uow.viewer)
    except Hidden:
        uow.audit(READ, ref, outcome="hidden")
        raise


def _read(uow: UnitOfWork, found: Case, wanted: frozenset[Section]) -> frozenset[Section]:
    seen = disclosure.visible_sections(uow.viewer, found.custody) & wanted
    for section in sorted(seen):
        uow.audit(READ, found.ref, section)
    return seen


def _demand(uow: UnitOfWork, found: Case, section: Section) -> None:
    try:
        disclosure.demand_sight(uow.viewer, found.custody, [section])
    except Hidden:
        uow.audit(READ, found.ref, section, outcome="hidden")
        raise


def _registration(found: Case, sealed: Sealed, key: CaseKey | None) -> RegistrationView:
    return RegistrationView(
        source=found.source,
        criteria=list(found.criteria),
        referrer_id=found.referrer_id,
        concerns=opened(key, found.ref, "concerns", sealed.concerns),
        expectations=opened(key, found.ref, "expectations", sealed.expectations),
    )


async def _plan(
    uow: UnitOfWork, found: Case, told: list[Narrative], key: CaseKey | None
) -> PlanView:
    actions = await plans.actions_of(uow, found, key)
    current = [action for action, _ in actions if action.state != planning.ActionState.REPLACED]
    return PlanView(
        version=found.plan_version,
        versions=_views(told),
        actions=[ActionView.of(action, title) for action, title in actions],
        follow_ups=[FollowUpView.of(track) for track in await plans.tracks_of(uow, found)],
        unanswered=list(planning.unanswered(found, current)) if found.plan_version else [],
    )


async def _consents(uow: UnitOfWork, found: Case) -> list[ConsentRecordView]:
    return [
        ConsentRecordView(
            consent_id=str(each.id),
            given_by=each.given_by,
            purpose=each.purpose,
            how=each.how,
            recorded_at=each.recorded_at,
            until=each.until,
            withdrawn_at=each.withdrawn_at,
            holds=each.holds_at(uow.now),
        )
        for each in await consents.all_of(uow, found)
    ]


async def _deadlines(uow: UnitOfWork, found: Case) -> list[DeadlineView]:
    pack = uow.packs.get(found.policy)
    return [
        DeadlineView.of(each, pack, uow.now) for each in await deadlines.all_for(uow, found.ref)
    ]


def _closure(each: Closure) -> ClosureView:
    return ClosureView(
        closure_id=str(each.id),
        state=each.state,
        ground=each.ground,
        settled_at=each.settled_at,
        requested_by=each.requested_by,
        requested_at=each.requested_at,
        passed_to_stand_in_at=each.passed_to_stand_in_at,
        decided_by=each.decided_by,
        closed_at=each.closed_at,
        looked_back_at=each.looked_back_at,
    )


def _views(told: list[Narrative]) -> list[NarrativeView]:
    return [
        NarrativeView(
            id=str(each.id),
            kind=each.kind,
            subject_id=each.subject_id,
            recorded_at=each.recorded_at,
            recorded_by=each.recorded_by,
            content=each.content,
        )
        for each in told
    ]
