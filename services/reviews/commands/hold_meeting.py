"""Records what a conference or planning meeting came to. Source: practice.md, steps 4 and 5."""

from dataclasses import replace
from uuid import UUID

from contracts.events.reviews import MeetingHeld
from domain import meeting as rules
from domain.disclosure import Viewer
from domain.meeting import MeetingKind
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.convene import recheck_case
from services.reviews.commands.decide import demand_attendance, take_decisions
from services.reviews.commands.facts import fact_about
from services.reviews.commands.reports import drop_reports
from services.reviews.schemas.meetings import MeetingView, MinutesBody
from services.reviews.store import colleagues, involvement, meetings


async def hold_meeting(
    uow: UnitOfWork, meeting_id: UUID, body: MinutesBody, viewer: Viewer
) -> MeetingView:
    """By whoever leads it, if still fit to; raises refusals of domain.meeting and domain.quorum."""
    seen = await meetings.load(uow, meeting_id, viewer, lock=True)
    rules.demand_recorder(seen.meeting, viewer)
    leader = await colleagues.find(uow, viewer.staff_id)
    rules.demand_leader(seen.meeting.kind, leader, await involvement.involved(uow, seen.case))
    recorded = body.record()
    zone = uow.packs.get(seen.meeting.policy).calendar.zone
    held = rules.hold(seen.meeting, recorded, uow.now, zone)
    gathered = gathering.of_meeting(replace(seen, meeting=held))
    await demand_attendance(uow, gathered, recorded)
    await meetings.save(uow, held)
    uow.audit("meeting.held", held.case_ref)
    uow.emit(
        MeetingHeld(
            case_ref=held.case_ref,
            at=uow.now,
            meeting_id=held.id,
            kind=held.kind.value,
            held_at=recorded.held_at,
            decisions=len(recorded.decisions),
            child_took_part=recorded.child_took_part,
        )
    )
    await deadlines.follow(uow, fact_about(seen.case, held.id, "meeting.held", recorded.held_at))
    taken = await take_decisions(uow, gathered, recorded)
    await drop_reports(uow, gathered)
    if held.kind is MeetingKind.PLANNING:
        await involvement.add_hands(uow, held.case_ref, *(recorded.attended or ()))
    await recheck_case(uow, held.case_ref)
    return MeetingView.of(held, seen.sections, seen.is_invited, taken)
