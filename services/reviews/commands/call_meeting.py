"""Calls a case conference or planning meeting, changes it, or calls it off; all are invited each time."""

from datetime import datetime
from uuid import UUID

from contracts.events.reviews import MeetingCalled, MeetingCancelled, MeetingMoved
from domain import disclosure
from domain import meeting as rules
from domain.chairing import ChairMissing, choose_chair
from domain.disclosure import Action, Custody, Viewer
from domain.errors import Hidden, Missing
from domain.meeting import CancelReason, CaseNotOpen, Meeting, MeetingKind
from domain.vocabulary import Role
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.commands import gathering
from services.reviews.commands.convene import recheck_case
from services.reviews.commands.directory import demand_at_work
from services.reviews.commands.facts import fact_about
from services.reviews.commands.reports import ask_if_practice, drop_reports, move_reports
from services.reviews.schemas.meetings import MeetingBody, MeetingMove, MeetingView
from services.reviews.store import colleagues, involvement, known_cases, meetings
from services.reviews.store.known_cases import KnownCase
from services.reviews.store.meetings import SeenMeeting


async def call_meeting(uow: UnitOfWork, body: MeetingBody, viewer: Viewer) -> MeetingView:
    """By anyone on the case. Raises Hidden, ChairNotIndependent, ChairMissing, MeetingInPast, Malformed."""
    case = await _case_for(uow, body.case_ref, viewer)
    custody = await involvement.involved(uow, case)
    called = rules.call(
        Meeting(
            id=new_id(),
            case_ref=case.case_ref,
            kind=body.kind,
            policy=case.policy,
            called_by=viewer.staff_id,
            called_at=uow.now,
            chair_id=await _leader(uow, body, case, custody),
            participants=tuple(body.participants),
            meeting_at=body.meeting_at,
            purpose=body.purpose,
        ),
        uow.now,
    )
    await _demand_leader(uow, called.kind, called.chair_id, custody)
    await demand_at_work(uow, called.participants, "participants")
    await meetings.add(uow, called)
    await meetings.note_change(uow, called, "called")
    uow.audit("meeting.called", case.case_ref)
    uow.emit(
        MeetingCalled(
            case_ref=case.case_ref,
            at=uow.now,
            meeting_id=called.id,
            kind=called.kind.value,
            called_by=called.called_by,
            chair_id=called.chair_id,
            participants=called.participants,
            meeting_at=called.meeting_at,
        )
    )
    await _owe(uow, case, called, "meeting.called", called.id)
    seen = await meetings.load(uow, called.id, viewer)
    await _join_planning(uow, called)
    await ask_if_practice(uow, gathering.of_meeting(seen))
    return MeetingView.of(seen.meeting, seen.sections, seen.is_invited)


async def move_meeting(
    uow: UnitOfWork, meeting_id: UUID, change: MeetingMove, viewer: Viewer
) -> MeetingView:
    """Date, leader or participants. Raises Hidden, MeetingNotStanding, ChairNotIndependent, MeetingInPast."""
    seen = await meetings.load(uow, meeting_id, viewer, lock=True)
    before = seen.meeting
    rules.demand_changer(before, viewer, seen.case.custody())
    moved = rules.move(
        before,
        change.chair_id or before.chair_id,
        change.participants or before.participants,
        change.meeting_at or before.meeting_at,
        uow.now,
    )
    await _demand_leader(
        uow, moved.kind, moved.chair_id, await involvement.involved(uow, seen.case)
    )
    await demand_at_work(uow, moved.participants, "participants")
    await meetings.save(uow, moved)
    await meetings.note_change(uow, moved, change.reason.value)
    uow.audit("meeting.moved", moved.case_ref)
    uow.emit(
        MeetingMoved(
            case_ref=moved.case_ref,
            at=uow.now,
            meeting_id=moved.id,
            kind=moved.kind.value,
            reason=change.reason.value,
            chair_id=moved.chair_id,
            participants=moved.participants,
            meeting_at=moved.meeting_at,
        )
    )
    await _owe(uow, seen.case, moved, "meeting.moved", new_id())
    after = await meetings.load(uow, meeting_id, viewer)
    await _join_planning(uow, moved)
    await move_reports(uow, gathering.of_meeting(after))
    return MeetingView.of(after.meeting, after.sections, after.is_invited)


async def cancel_meeting(
    uow: UnitOfWork, meeting_id: UUID, reason: CancelReason, viewer: Viewer
) -> MeetingView:
    """Raises Hidden, MeetingNotStanding."""
    seen = await meetings.load(uow, meeting_id, viewer, lock=True)
    rules.demand_changer(seen.meeting, viewer, seen.case.custody())
    cancelled = await call_off(uow, seen.case, seen.meeting, reason, uow.now)
    fact = fact_about(seen.case, meeting_id, "meeting.cancelled", uow.now, fact_id=new_id())
    await deadlines.follow(uow, fact)
    return MeetingView.of(cancelled, seen.sections, seen.is_invited)


async def call_off(
    uow: UnitOfWork, case: KnownCase, meeting: Meeting, reason: CancelReason, at: datetime
) -> Meeting:
    """Says that a meeting does not take place; its duty is for the caller to settle."""
    cancelled = rules.cancel(meeting)
    await meetings.save(uow, cancelled)
    await meetings.note_change(uow, cancelled, reason.value)
    uow.audit("meeting.cancelled", case.case_ref)
    uow.emit(
        MeetingCancelled(
            case_ref=case.case_ref,
            at=at,
            meeting_id=meeting.id,
            kind=meeting.kind.value,
            reason=reason.value,
        )
    )
    seen = SeenMeeting(cancelled, case, frozenset(), is_invited=False)
    await drop_reports(uow, gathering.of_meeting(seen))
    return cancelled


async def _case_for(uow: UnitOfWork, case_ref: str, viewer: Viewer) -> KnownCase:
    case = await known_cases.find(uow, case_ref)
    if case is None:
        raise Missing
    on_it = await involvement.on_the_case(uow, case)
    if not disclosure.may(viewer, on_it, Action.CALL_MEETING):
        uow.audit("meeting.called", case_ref, outcome="hidden")
        raise Hidden
    if not case.is_open:
        raise CaseNotOpen
    return case


async def _leader(uow: UnitOfWork, body: MeetingBody, case: KnownCase, custody: Custody) -> str:
    if body.chair_id is not None:
        return body.chair_id
    if body.kind is MeetingKind.PLANNING and case.caseworker_id is not None:
        return case.caseworker_id
    chosen = choose_chair(await colleagues.chairs(uow), custody)
    if chosen is None:
        raise ChairMissing(field="chair_id")
    return chosen.staff_id


async def _demand_leader(
    uow: UnitOfWork, kind: MeetingKind, chair_id: str, custody: Custody
) -> None:
    rules.demand_leader(kind, await colleagues.find(uow, chair_id), custody)


async def _join_planning(uow: UnitOfWork, meeting: Meeting) -> None:
    """Whoever plans with the family takes part in the work, and chairs no review of it."""
    if meeting.kind is MeetingKind.PLANNING:
        await involvement.add_hands(uow, meeting.case_ref, *meeting.participants)
        await recheck_case(uow, meeting.case_ref)


async def _owe(
    uow: UnitOfWork, case: KnownCase, meeting: Meeting, name: str, fact_id: UUID
) -> None:
    due_at = rules.owed_by(uow.packs.get(meeting.policy), meeting.meeting_at)
    bearer = Role.CASEWORKER
    fact = fact_about(
        case, meeting.id, name, uow.now, fact_id=fact_id, due_at=due_at,
        bearer=bearer, person=case.caseworker_id,
    )  # fmt: skip
    await deadlines.follow(uow, fact)
