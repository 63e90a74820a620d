"""One case, section by section, as the viewer may see it; each section read is audited."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import disclosure, joining, planning, reference, registration
from domain.case import Case, Closure
from domain.consent import Consent
from domain.deadlines import Deadline
from domain.errors import Hidden
from domain.follow_up import Track
from domain.policy import Pack
from domain.vocabulary import Section
from infrastructure import deadlines
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries import erased
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


@dataclass(frozen=True, slots=True, repr=False)
class Record:
    """Everything that a view of one case is made from, at `at` (UTC)."""

    case: Case
    sealed: Sealed
    key: CaseKey | None
    told: list[Narrative]
    actions: list[tuple[planning.Action, str | None]]
    tracks: list[Track]
    consents: list[Consent]
    closures: list[Closure]
    deadlines: list[Deadline]
    at: datetime


async def case(uow: UnitOfWork, typed: str) -> CaseView:
    """Raises Missing, and Hidden alike."""
    found, sealed = await load(uow, typed, READ)
    seen = audit_read(uow, found, READ)
    return view(await record(uow, found, sealed), seen, uow.packs.get(found.policy))


async def record(uow: UnitOfWork, found: Case, sealed: Sealed) -> Record:
    """As it stands now, with the words that the viewer may see."""
    key = await narratives.key_of(uow, found)
    return Record(
        case=found,
        sealed=sealed,
        key=key,
        told=await narratives.all_of(uow, found, uow.viewer, key),
        actions=await plans.actions_of(uow, found, key),
        tracks=await plans.tracks_of(uow, found),
        consents=await consents.all_of(uow, found),
        closures=await cases.closures_of(uow, found),
        deadlines=await deadlines.all_for(uow, found.ref),
        at=uow.now,
    )


def view(whole: Record, seen: frozenset[Section], pack: Pack) -> CaseView:
    """The sections seen of it; one that is hidden is not there at all."""
    found, key = whole.case, whole.key
    told: dict[Section, list[Narrative]] = defaultdict(list)
    for each in whole.told:
        told[each.section].append(each)
    shown: dict[str, Any] = item(found, seen).model_dump()
    shown["reason"], shown["advice"] = registration.refusal(found) or (None, None)
    if Section.IDENTITY in seen:
        shown["identity"] = opened(key, found.ref, "identity", whole.sealed.identity)
    if Section.REGISTRATION in seen:
        shown["registration"] = _registration(found, whole.sealed, key, told[Section.REGISTRATION])
    if Section.ASSESSMENT in seen:
        shown["assessment"] = _views(told[Section.ASSESSMENT])
    if Section.PLAN in seen:
        shown["plan"] = _plan(whole, told[Section.PLAN])
    if Section.CONTACTS in seen:
        shown["contacts"] = _views(told[Section.CONTACTS])
    if Section.CONSENT in seen:
        shown["consent"] = _consents(whole)
    if Section.CLOSURE in seen:
        shown["closure"] = ClosureSection(
            closures=[_closure(each) for each in whole.closures],
            narratives=_views(told[Section.CLOSURE]),
        )
    if Section.DEADLINES in seen:
        shown["deadlines"] = [DeadlineView.of(each, pack, whole.at) for each in whole.deadlines]
    complete = CaseView.model_validate(shown)
    return erased.marked(complete, seen) if key is None else complete


async def deadlines_of(uow: UnitOfWork, typed: str) -> DeadlineList:
    """Duties in every state, earliest due first."""
    found, _ = await load(uow, typed, READ)
    _demand(uow, found, Section.DEADLINES)
    uow.audit(READ, found.ref, Section.DEADLINES)
    return DeadlineList(items=await _deadlines(uow, found))


async def chronology(uow: UnitOfWork, typed: str) -> Chronology:
    """What happened, when it was known, and who recorded it, in sections that the viewer sees."""
    found, _ = await load(uow, typed, READ)
    uow.audit("read-chronology", found.ref)
    return await lines_of(uow, found)


async def lines_of(uow: UnitOfWork, found: Case) -> Chronology:
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
            for row in await facts.chronology(uow, found, uow.viewer)
        ]
    )


def item(found: Case, seen: frozenset[Section]) -> CaseItem:
    """Who may see a case's duties may see who bears them; others see the reference and the status."""
    if Section.DEADLINES not in seen:
        status = joining.told_status(found)
        return CaseItem(case_ref=found.ref, status=status, agency_id=found.agency_id)
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
        erased_at=found.erased_at,
        joined_to=found.joined_to,
    )


async def load(uow: UnitOfWork, typed: str, action: str) -> tuple[Case, Sealed]:
    """Raises Missing, and Hidden alike; the attempt is audited."""
    ref = reference.read(typed)
    try:
        return await cases.read(uow, ref, uow.viewer)
    except Hidden:
        uow.audit(action, ref, outcome="hidden")
        raise


def audit_read(uow: UnitOfWork, found: Case, action: str) -> frozenset[Section]:
    """The sections that the viewer sees, each noted as looked at."""
    seen = disclosure.visible_sections(uow.viewer, found.custody)
    for section in sorted(seen):
        uow.audit(action, found.ref, section)
    return seen


def _demand(uow: UnitOfWork, found: Case, section: Section) -> None:
    try:
        disclosure.demand_sight(uow.viewer, found.custody, [section])
    except Hidden:
        uow.audit(READ, found.ref, section, outcome="hidden")
        raise


def _registration(
    found: Case, sealed: Sealed, key: CaseKey | None, told: list[Narrative]
) -> RegistrationView:
    return RegistrationView(
        source=found.source,
        criteria=list(found.criteria),
        referrer_id=found.referrer_id,
        concerns=opened(key, found.ref, "concerns", sealed.concerns),
        expectations=opened(key, found.ref, "expectations", sealed.expectations),
        joined=_views(told) or None,
    )


def _plan(whole: Record, told: list[Narrative]) -> PlanView:
    found = whole.case
    current = [each for each, _ in whole.actions if each.state != planning.ActionState.REPLACED]
    return PlanView(
        version=found.plan_version,
        versions=_views(told),
        actions=[ActionView.of(action, title) for action, title in whole.actions],
        follow_ups=[FollowUpView.of(track) for track in whole.tracks],
        unanswered=list(planning.unanswered(found, current)) if found.plan_version else [],
    )


def _consents(whole: Record) -> list[ConsentRecordView]:
    return [
        ConsentRecordView(
            consent_id=str(each.id),
            given_by=each.given_by,
            purpose=each.purpose,
            how=each.how,
            given_at=each.given_at or each.recorded_at,
            recorded_at=each.recorded_at,
            until=each.until,
            withdrawn_at=each.withdrawn_at,
            holds=each.holds_at(whole.at),
        )
        for each in whole.consents
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
        erase_at=each.erase_at,
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
