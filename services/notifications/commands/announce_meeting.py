"""What reviews, conferences and their decisions mean for people: invitations, dates, reports, duties."""

from contracts.events.reviews import (
    DecisionTaken,
    MeetingCalled,
    MeetingCancelled,
    MeetingMoved,
    ReportAsked,
    ReviewConvened,
    ReviewPostponed,
)
from domain import notifying
from domain.deadlines import Responsible
from domain.notifying import Told
from domain.vocabulary import NotificationKind, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.announce import bearer, known_case
from services.notifications.commands.tell import Notice, cause_of, tell_people, tell_roles
from services.notifications.store import directory, meetings
from services.notifications.store.directory import KnownCase
from services.notifications.store.meetings import Meeting

_INVITATION = NotificationKind.INVITATION


async def invite(uow: UnitOfWork, event: ReviewConvened) -> None:
    """Chair and participants, to the review as it now stands."""
    sequence = await meetings.save(
        uow,
        event.review_id,
        event.case_ref,
        "review",
        event.meeting_at,
        event.chair_id,
        event.participants,
    )
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        _INVITATION,
        "invitation",
        "review",
        meeting_at=event.meeting_at,
        subject_id=event.review_id,
        sequence=sequence,
    )
    await _tell_circle(uow, notice, event.chair_id, event.participants)


async def invite_to_meeting(uow: UnitOfWork, event: MeetingCalled | MeetingMoved) -> None:
    """Everybody of the circle; whoever is no longer asked to come is told so."""
    before = await meetings.load(uow, event.meeting_id)
    sequence = await meetings.save(
        uow,
        event.meeting_id,
        event.case_ref,
        "meeting",
        event.meeting_at,
        event.chair_id,
        event.participants,
    )
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        _INVITATION,
        "meeting-called" if isinstance(event, MeetingCalled) else "meeting-moved",
        "meeting",
        meeting_at=event.meeting_at,
        subject_id=event.meeting_id,
        sequence=sequence,
    )
    await _tell_circle(uow, notice, event.chair_id, event.participants)
    if before is not None:
        asked = {event.chair_id, *event.participants}
        left_out = [each for each in (before.chair_id, *before.invited) if each not in asked]
        await _call_off(uow, event, before, sequence, left_out)


async def call_meeting_off(uow: UnitOfWork, event: MeetingCancelled) -> None:
    """Everybody who was invited; a meeting that nobody was invited to concerns nobody."""
    before = await meetings.load(uow, event.meeting_id)
    if before is None:
        return
    sequence = await meetings.called_off(uow, event.meeting_id)
    await _call_off(uow, event, before, sequence, [before.chair_id, *before.invited])


async def say_review_postponed(uow: UnitOfWork, event: ReviewPostponed) -> None:
    """Whoever looks over the case; those invited get the new date with their invitation."""
    case = await known_case(uow, event.case_ref)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        _INVITATION,
        "review-postponed",
        "review",
        meeting_at=event.after,
        subject_id=event.review_id,
    )
    await tell_roles(uow, notice, (Role.SUPERVISOR,), bearer(case, Role.SUPERVISOR))


async def ask_report(uow: UnitOfWork, event: ReportAsked) -> None:
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        _INVITATION,
        "report-asked",
        "review-report",
        due_at=event.due_at,
        subject_id=event.report_id,
    )
    await _tell_one(uow, notice, event.staff_id, event.agency_id, Role.PROVIDER)


async def say_decision(uow: UnitOfWork, event: DecisionTaken) -> None:
    """Whoever is to carry it out."""
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        NotificationKind.OPENED,
        "decision-taken",
        "decision",
        due_at=event.due_at,
        subject_id=event.decision_id,
    )
    await _tell_one(uow, notice, event.owner_id, event.owner_agency_id, _role(event.owner))


async def _tell_circle(
    uow: UnitOfWork, notice: Notice, chair_id: str, participants: tuple[str, ...]
) -> None:
    case = await known_case(uow, notice.case_ref or "")
    members = await directory.members(uow, case.custody.agency_id, chair_id, *participants)
    told = notifying.invited(chair_id, participants, case.custody.agency_id, members)
    await tell_people(uow, notice, told, case)


async def _call_off(
    uow: UnitOfWork,
    event: MeetingCancelled | MeetingCalled | MeetingMoved,
    before: Meeting,
    sequence: int,
    left_out: list[str],
) -> None:
    case = await known_case(uow, event.case_ref)
    members = await directory.members(uow, case.custody.agency_id, *left_out)
    invited = notifying.invited(before.chair_id, left_out, case.custody.agency_id, members)
    told = tuple(each for each in invited if each.staff_id in left_out)
    notice = Notice(
        cause_of(uow, event),
        event.case_ref,
        _INVITATION,
        "meeting-cancelled",
        before.step,
        meeting_at=before.meeting_at,
        subject_id=before.subject_id,
        sequence=sequence,
    )
    await tell_people(uow, notice, told, case)


async def _tell_one(
    uow: UnitOfWork, notice: Notice, staff_id: str | None, agency_id: str, role: Role
) -> None:
    """By name; where nobody is named whoever holds the role, and where she has left those who lead."""
    if staff_id is None:
        await tell_roles(uow, notice, (role,), Responsible(agency_id, role))
        return
    case: KnownCase = await known_case(uow, notice.case_ref or "")
    members = await directory.members(uow, agency_id, staff_id)
    known = next((each for each in members if each.staff_id == staff_id), None)
    if known is not None and not known.active:
        leads = Responsible(agency_id, Role.SUPERVISOR)
        await tell_roles(uow, notice, (Role.SUPERVISOR,), leads)
        return
    held = min(known.roles, default=role) if known else role
    await tell_people(uow, notice, (Told(staff_id, agency_id, held),), case)


def _role(code: str) -> Role:
    """A role that is not known here is the caseworker's."""
    return next((role for role in Role if role.value == code), Role.CASEWORKER)
