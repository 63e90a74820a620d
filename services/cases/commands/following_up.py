"""Recording that child, family or a provider was seen or spoken to. Source: practice.md, step 6."""

from uuid import UUID

from contracts.events.cases import FollowUpRecorded
from domain import follow_up
from domain.case import demand_in_work
from domain.disclosure import Action
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.practice import practice_of_case
from services.cases.schemas.plan import FollowUpRecordAnswer, FollowUpRecordBody
from services.cases.store import cases, narratives, plans


@audited("record-follow-up", Section.CONTACTS)
async def record_follow_up(
    uow: UnitOfWork, ref: str, track_id: UUID, body: FollowUpRecordBody
) -> FollowUpRecordAnswer:
    """Meets the duty and sets the next; a finding for the worse calls for a re-assessment."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    demand_in_work(case)
    track = await plans.track(uow, case, track_id)
    practice = await practice_of_case(uow, case)
    goes_on = follow_up.record(
        track, body.occurred_at, practice.pack, case.risk, uow.now, practice.zone
    )
    record_id = new_id()
    await plans.save_track(uow, goes_on)
    told = {
        "note": body.note,
        "announced": body.announced,
        "method": body.method.value,
        "finding": body.finding.value,
        "occurred_at": body.occurred_at.isoformat(),
    }
    await narratives.add(uow, case, Section.CONTACTS, "follow-up", str(track_id), record_id, told)
    recorded = FollowUpRecorded(
        case_ref=ref,
        at=uow.now,
        follow_up_id=track_id,
        method=body.method,
        finding=body.finding,
        occurred_at=body.occurred_at,
    )
    # One that is entered behind a newer one neither meets the duty that stands nor sets another.
    meets = follow_up.is_newest(track, body.occurred_at)
    subject = (SubjectType.FOLLOW_UP, str(track_id))
    await happening.happened(
        uow,
        case,
        recorded,
        Section.CONTACTS,
        subject=subject,
        at=body.occurred_at,
        codes={"announced": body.announced},
        counts=meets,
    )
    if meets:
        await happening.happened(
            uow,
            case,
            "follow-up.continued",
            Section.CONTACTS,
            subject=subject,
            at=body.occurred_at,
            agreed_due=goes_on.next_due,
            codes=follow_up.dated_by(track.rhythm),
        )
    if follow_up.calls_for_reassessment(body.finding):
        await happening.happened(uow, case, "situation.worsened", Section.ASSESSMENT)
    return FollowUpRecordAnswer(
        record_id=str(record_id),
        follow_up_id=str(track_id),
        next_due=goes_on.next_due,
        deadlines=await happening.open_deadlines(uow, case),
    )
