"""What cases listens to: event type -> what it means for the record."""

from contracts.events import Event
from contracts.events.agencies import (
    AbsenceEnded,
    AbsenceRecorded,
    AgencyNamed,
    AgencyRegistered,
    StaffRegistered,
)
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    ReviewConvened,
    ReviewHeld,
)
from contracts.events.timekeeping import ClosureStandInDue
from infrastructure.deadlines import Handler, timekeeping_handlers
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import closing, hearing, overhearing

TOPICS = ("agencies", "notifications", "referrals", "reviews", "timekeeping")


async def review_held(uow: UnitOfWork, event: ReviewHeld) -> None:
    await overhearing.review_held(uow, event)
    await hearing.apply_review(uow, event)


async def review_convened(uow: UnitOfWork, event: ReviewConvened) -> None:
    await overhearing.review_convened(uow, event)
    await hearing.admit_chair(uow, event)


async def meeting_called(uow: UnitOfWork, event: MeetingCalled) -> None:
    await overhearing.meeting_called(uow, event)
    await hearing.note_meeting(uow, event)


async def meeting_held(uow: UnitOfWork, event: MeetingHeld) -> None:
    await overhearing.meeting_held(uow, event)
    await hearing.note_meeting(uow, event)


async def meeting_cancelled(uow: UnitOfWork, event: MeetingCancelled) -> None:
    await overhearing.meeting_cancelled(uow, event)
    await hearing.note_meeting(uow, event)


HANDLERS: dict[type[Event], Handler] = {
    **timekeeping_handlers("cases"),
    **overhearing.HANDLERS,
    ClosureStandInDue: closing.pass_to_stand_in,
    ReviewHeld: review_held,
    ReviewConvened: review_convened,
    MeetingCalled: meeting_called,
    MeetingHeld: meeting_held,
    MeetingCancelled: meeting_cancelled,
    AgencyRegistered: hearing.keep_agency,
    AgencyNamed: hearing.keep_name,
    StaffRegistered: hearing.keep_member,
    AbsenceRecorded: hearing.keep_absence,
    AbsenceEnded: hearing.end_absence,
}
