"""An intake about a child whose case is in work joins that case, and is looked into there.

Source: practice.md, step 1 (never silently dropped) and section 2.
"""

from uuid import UUID

from contracts.events.cases import IntakeJoined
from domain import disclosure, follow_up, joining, reference
from domain.case import Case, demand_in_work
from domain.disclosure import Action
from domain.errors import Hidden, Missing
from domain.likeness import demand_two_cases
from domain.recording import demand_past, demand_since
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.joining import JoinAnswer, JoinBody, LookAnswer, LookBody
from services.cases.store import cases, facts, likeness, narratives

_ACTION, _TOLD, _LOOK = "join-intake", "joined-intake", "concern-look"


@audited(_ACTION, Section.REGISTRATION)
async def join_intake(uow: UnitOfWork, ref: str, body: JoinBody) -> JoinAnswer:
    """By whoever may register the one and sees whose the other is; its registration is owed no more."""
    other_ref = reference.read(body.other_ref)
    demand_two_cases(ref, other_ref)
    intake = await cases.load(uow, ref, uow.viewer, to=Action.REGISTER)
    known = await _known(uow, other_ref)
    joined = joining.join(intake, known)
    await cases.save(uow, joined)
    await _same_child(uow, joined, body.reason)
    said = IntakeJoined(case_ref=ref, at=uow.now, agency_id=intake.agency_id, joined_to=known.ref)
    await happening.happened(uow, joined, said, Section.REGISTRATION)
    concern_id = await _tell(uow, intake, known, body.reason)
    return JoinAnswer(
        case_ref=ref,
        status=joined.status,
        joined_to=known.ref,
        concern_id=concern_id,
        deadlines=await happening.open_deadlines(uow, known),
    )


@audited("record-look", Section.CONTACTS)
async def record_look(uow: UnitOfWork, ref: str, concern_id: UUID, body: LookBody) -> LookAnswer:
    """Meets the duty to look; a finding for the worse calls for a re-assessment."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    demand_in_work(case)
    concern, received = str(concern_id), await facts.named(uow, case, joining.RECEIVED)
    told = next((each for each in received if each.subject_id == concern), None)
    if told is None:
        raise Missing
    looks = await facts.named(uow, case, joining.LOOKED_INTO)
    joining.demand_not_looked_into([each.subject_id for each in looks], concern)
    demand_past(body.occurred_at, uow.now, "occurred_at")
    demand_since(body.occurred_at, told.at, "occurred_at")
    record_id, words = new_id(), body.model_dump(mode="json")
    await narratives.add(uow, case, Section.CONTACTS, _LOOK, concern, record_id, words)
    await happening.happened(
        uow,
        case,
        joining.LOOKED_INTO,
        Section.CONTACTS,
        subject=(SubjectType.ACTION, concern),
        at=body.occurred_at,
        codes={"method": body.method.value, "finding": body.finding.value},
    )
    if follow_up.calls_for_reassessment(body.finding):
        await happening.happened(uow, case, "situation.worsened", Section.ASSESSMENT)
    return LookAnswer(
        record_id=record_id,
        concern_id=concern_id,
        occurred_at=body.occurred_at,
        deadlines=await happening.open_deadlines(uow, case),
    )


async def _known(uow: UnitOfWork, ref: str) -> Case:
    """The case in work, locked; raises Hidden unless the viewer may know whose it is, Missing alike."""
    try:
        known = await cases.load(uow, ref, uow.viewer)
        disclosure.demand_sight(uow.viewer, known.custody, [Section.IDENTITY])
    except Hidden:
        uow.audit(_ACTION, ref, Section.IDENTITY, outcome="hidden")
        raise
    uow.audit(_ACTION, ref, Section.REGISTRATION)
    return known


async def _same_child(uow: UnitOfWork, intake: Case, reason: str) -> None:
    """The decision that it is the same child, as a comparison keeps it; either description finds the one case."""
    other_ref = intake.joined_to or ""
    decision_id = await likeness.decide(uow, intake.ref, other_ref, same=True)
    kind, told = likeness.DECISION, {"note": reason}
    await narratives.add(uow, intake, Section.IDENTITY, kind, other_ref, decision_id, told)
    await likeness.move_marks(uow, intake.ref, other_ref)


async def _tell(uow: UnitOfWork, intake: Case, known: Case, reason: str) -> UUID:
    """What was told is part of the known case from the day it was told; the look counts from the joining."""
    concern_id = new_id()
    codes = {
        "intake_ref": intake.ref,
        "source": intake.source.value,
        "criteria": list(intake.criteria),
        "presumed_risk": intake.risk.value,
        "urgent": joining.is_urgent(intake),
    }
    _, sealed = await cases.read(uow, intake.ref, uow.viewer)
    key = await narratives.key_of(uow, intake)
    told = codes | {
        "concerns": narratives.opened(key, intake.ref, "concerns", sealed.concerns),
        "received_at": intake.identified_at.isoformat(),
        "reason": reason,
    }
    section, subject = Section.REGISTRATION, (SubjectType.ACTION, str(concern_id))
    await narratives.add(uow, known, section, _TOLD, str(concern_id), concern_id, told)
    at = intake.identified_at
    await happening.happened(
        uow, known, joining.RECEIVED, section, subject=subject, at=at, codes=codes
    )
    risk = joining.risk_of_look(intake, known)
    await happening.happened(
        uow,
        known,
        joining.JOINED,
        section,
        subject=subject,
        codes={"risk": risk.value},
        risk=risk,
    )
    return concern_id
