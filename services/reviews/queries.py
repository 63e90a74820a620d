"""What can be asked of reviews and meetings; every read is on the record."""

from uuid import UUID

from domain import meeting as meeting_rules
from domain import reviewing
from domain.disclosure import Viewer
from domain.errors import Hidden
from domain.meeting_states import MeetingState, ReviewNotConvened
from domain.vocabulary import ReviewState, Section
from infrastructure.calendar_files import Invitation, calendar_file
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.schemas.decisions import DecisionView, OwedDecision, OwedDecisions
from services.reviews.schemas.meetings import MeetingList, MeetingView
from services.reviews.schemas.reports import ReportList, ReportPage, ReportView
from services.reviews.schemas.reviews import (
    PostponementList,
    PostponementView,
    ReviewList,
    ReviewView,
)
from services.reviews.store import decisions, meetings, postponements, reports, reviews
from services.reviews.store.meetings import SeenMeeting
from services.reviews.store.reports import SeenReport
from services.reviews.store.reviews import Seen, Wanted


async def review(uow: UnitOfWork, review_id: UUID, viewer: Viewer) -> ReviewView:
    seen = await reviews.load(uow, review_id, viewer)
    uow.audit("review.read", seen.case.case_ref)
    return _review(seen)


async def reviews_of(uow: UnitOfWork, case_ref: str, viewer: Viewer, wanted: Wanted) -> ReviewList:
    found, following = await reviews.of_case(uow, case_ref, viewer, wanted)
    uow.audit("review.read", case_ref)
    shown = [
        each
        for each in found
        if (not wanted.overdue or reviewing.is_overdue(each.review, uow.now))
        and (not wanted.postponed or each.review.postponements)
    ]
    return ReviewList(items=[_review(each) for each in shown], next_cursor=following)


async def reviews_ahead(uow: UnitOfWork, viewer: Viewer, wanted: Wanted) -> ReviewList:
    """Those that stand and concern the viewer in person, earliest due first; a manager's are the agency's."""
    found, following = await reviews.standing_with(uow, viewer, wanted)
    _note_read(uow, "review.read", {each.case.case_ref for each in found})
    return ReviewList(items=[_review(each) for each in found], next_cursor=following)


async def postponements_of(uow: UnitOfWork, review_id: UUID, viewer: Viewer) -> PostponementList:
    seen = await reviews.load(uow, review_id, viewer)
    if Section.PLAN not in seen.sections:
        raise Hidden
    uow.audit("review.read", seen.case.case_ref)
    put_off = await postponements.of(uow, review_id)
    reads_notes = Section.ASSESSMENT in seen.sections
    notes = await postponements.notes(uow, review_id, seen.case.case_ref) if reads_notes else {}
    return PostponementList(
        items=[PostponementView.of(each, notes.get(each.times)) for each in put_off]
    )


async def meeting(uow: UnitOfWork, meeting_id: UUID, viewer: Viewer) -> MeetingView:
    seen = await meetings.load(uow, meeting_id, viewer)
    uow.audit("meeting.read", seen.case.case_ref)
    return _meeting(seen)


async def meetings_of(
    uow: UnitOfWork, case_ref: str, viewer: Viewer, cursor: str | None, limit: int
) -> MeetingList:
    found, following = await meetings.of_case(uow, case_ref, viewer, cursor, limit)
    uow.audit("meeting.read", case_ref)
    return MeetingList(items=[_meeting(each) for each in found], next_cursor=following)


async def meetings_ahead(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> MeetingList:
    found, following = await meetings.ahead_of(uow, viewer, cursor, limit)
    _note_read(uow, "meeting.read", {each.case.case_ref for each in found})
    return MeetingList(items=[_meeting(each) for each in found], next_cursor=following)


async def reports_of(
    uow: UnitOfWork, asked_for: UUID, viewer: Viewer, *, is_review: bool
) -> ReportList:
    """Those the viewer may read or give; nobody else learns that there is a review or meeting."""
    found = await reports.visible(uow, asked_for, viewer)
    cases = {each.case.case_ref for each in found}
    if not found:
        seen = await (reviews if is_review else meetings).load(uow, asked_for, viewer)
        cases = {seen.case.case_ref}
    _note_read(uow, "report.read", cases)
    return ReportList(items=[_report(each) for each in found])


async def reports_asked(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> ReportPage:
    found, following = await reports.awaited_from(uow, viewer, cursor, limit)
    _note_read(uow, "report.read", {each.case.case_ref for each in found})
    return ReportPage(items=[_report(each) for each in found], next_cursor=following)


async def decisions_owed(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> OwedDecisions:
    found, following = await decisions.owed_by(uow, viewer, cursor, limit)
    _note_read(uow, "decision.read", {each.undertaking.case_ref for each in found})
    return OwedDecisions(
        next_cursor=following,
        items=[
            OwedDecision(
                case_ref=each.undertaking.case_ref,
                taken_in=each.taken_in,
                **DecisionView.of(each).model_dump(),
            )
            for each in found
        ],
    )


async def review_invitation(uow: UnitOfWork, review_id: UUID, viewer: Viewer) -> bytes:
    """Raises ReviewNotConvened while there is no meeting to come to."""
    seen = await reviews.load(uow, review_id, viewer)
    if seen.review.meeting_at is None:
        raise ReviewNotConvened
    if Section.PLAN not in seen.sections:
        raise Hidden
    uow.audit("review.read", seen.case.case_ref)
    cancelled = seen.review.state is ReviewState.CANCELLED
    times = await reviews.times_set(uow, review_id)
    invitation = Invitation(
        id=str(review_id),
        title=f"Review {seen.review.number} · {seen.case.case_ref}",
        starts_at=seen.review.meeting_at,
        ends_at=meeting_rules.ends_at(uow.packs.get(seen.review.policy), seen.review.meeting_at),
        sequence=times if cancelled else times - 1,
        organizer=settings().mail_from,
        attendee=viewer.staff_id,
        is_cancelled=cancelled,
    )
    return calendar_file(invitation, uow.now)


async def meeting_invitation(uow: UnitOfWork, meeting_id: UUID, viewer: Viewer) -> bytes:
    seen = await meetings.load(uow, meeting_id, viewer)
    held = seen.meeting
    if not (seen.is_invited or Section.PLAN in seen.sections):
        raise Hidden
    uow.audit("meeting.read", seen.case.case_ref)
    invitation = Invitation(
        id=str(meeting_id),
        title=f"{held.kind.value.capitalize()} · {held.case_ref}",
        starts_at=held.meeting_at,
        ends_at=meeting_rules.ends_at(uow.packs.get(held.policy), held.meeting_at),
        sequence=held.sequence,
        organizer=settings().mail_from,
        attendee=viewer.staff_id,
        is_cancelled=held.state is MeetingState.CANCELLED,
    )
    return calendar_file(invitation, uow.now)


def _review(seen: Seen) -> ReviewView:
    return ReviewView.of(seen.review, seen.sections, seen.decisions)


def _meeting(seen: SeenMeeting) -> MeetingView:
    return MeetingView.of(seen.meeting, seen.sections, seen.is_invited, seen.decisions)


def _report(seen: SeenReport) -> ReportView:
    return ReportView.of(seen.report, seen.meeting_at, seen.text)


def _note_read(uow: UnitOfWork, action: str, case_refs: set[str]) -> None:
    for case_ref in sorted(case_refs):
        uow.audit(action, case_ref)
