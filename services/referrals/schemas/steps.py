"""What either side says on the way of a referral."""

from pydantic import AwareDatetime

from domain.referral_reasons import CancelReason, FailReason, HoldReason, MissedBecause
from domain.vocabulary import Bearer, Person, RejectionReason
from infrastructure.http import RequestBody
from services.referrals.schemas.words import Note


class Rejection(RequestBody):
    reason: RejectionReason
    note: Note | None = None


class Appointment(RequestBody):
    at: AwareDatetime


class MissedAppointment(RequestBody):
    """`appointment_at` is the one that is booked; `cancelled` may be said before its time."""

    appointment_at: AwareDatetime
    because: MissedBecause
    note: Note | None = None


class AttendanceReview(RequestBody):
    """What was found on looking at appointments that are missed again and again."""

    note: Note


class Hold(RequestBody):
    """`until` is no later than the pack allows."""

    reason: HoldReason
    until: AwareDatetime
    note: Note | None = None


class Failure(RequestBody):
    reason: FailReason
    note: Note | None = None


class ServiceGiven(RequestBody):
    """`given_at` left out: now."""

    given_at: AwareDatetime | None = None
    note: Note | None = None


class Confirmation(RequestBody):
    """Confirmed by whom, or not, with the reason."""

    confirmed: bool
    by: Person | None = None
    reason: Note | None = None


class Cancellation(RequestBody):
    reason: CancelReason


class UnmetNeed(RequestBody):
    note: Note


class AccompanimentArranged(RequestBody):
    """Who goes with the child after all."""

    who: Bearer
    note: Note | None = None
