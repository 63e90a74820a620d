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


def _both(noted: Handler, heard: Handler) -> Handler:
    """Noted as something that goes on elsewhere, then taken for what it means for the case."""

    async def take(uow: UnitOfWork, event: Event) -> None:
        await noted(uow, event)
        await heard(uow, event)

    return take


HANDLERS: dict[type[Event], Handler] = {
    **timekeeping_handlers("cases"),
    **overhearing.HANDLERS,
    ClosureStandInDue: closing.pass_to_stand_in,
    ReviewHeld: _both(overhearing.review_held, hearing.apply_review),
    ReviewConvened: _both(overhearing.review_convened, hearing.admit_chair),
    MeetingCalled: _both(overhearing.meeting_called, hearing.note_meeting),
    MeetingHeld: _both(overhearing.meeting_held, hearing.note_meeting),
    MeetingCancelled: _both(overhearing.meeting_cancelled, hearing.note_meeting),
    AgencyRegistered: hearing.keep_agency,
    AgencyNamed: hearing.keep_name,
    StaffRegistered: hearing.keep_member,
    AbsenceRecorded: hearing.keep_absence,
    AbsenceEnded: hearing.end_absence,
}
