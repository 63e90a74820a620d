"""What cases listens to: event type -> what it means for the record."""

from contracts.events import Event
from contracts.events.agencies import AgencyRegistered, StaffRegistered
from contracts.events.reviews import ReviewConvened, ReviewHeld
from contracts.events.timekeeping import ClosureStandInDue
from infrastructure.deadlines import Handler, timekeeping_handlers
from services.cases.commands import closing, hearing

TOPICS = ("agencies", "notifications", "reviews", "timekeeping")
HANDLERS: dict[type[Event], Handler] = {
    **timekeeping_handlers("cases"),
    ClosureStandInDue: closing.pass_to_stand_in,
    ReviewHeld: hearing.apply_review,
    ReviewConvened: hearing.admit_chair,
    AgencyRegistered: hearing.keep_agency,
    StaffRegistered: hearing.keep_member,
}
