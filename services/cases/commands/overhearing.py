"""What referrals and reviews say of a case, kept for its handover and for the family's statement."""

from contracts.events import Event
from contracts.events.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineSet,
    DeadlineWaived,
)
from contracts.events.referrals import (
    ReferralAccepted,
    ReferralAppointmentBooked,
    ReferralAppointmentMissed,
    ReferralCancelled,
    ReferralCompleted,
    ReferralEnteredInError,
    ReferralExhausted,
    ReferralFailed,
    ReferralPutOnHold,
    ReferralRejected,
    ReferralRequested,
    ReferralResumed,
    ReferralServiceGiven,
)
from contracts.events.reviews import (
    MeetingCalled,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    ReviewCancelled,
    ReviewConvened,
    ReviewHeld,
    ReviewPostponed,
    ReviewScheduled,
)
from domain.vocabulary import DeadlineState
from infrastructure.deadlines import Handler
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import elsewhere
from services.cases.store.elsewhere import UnderWay

REFERRAL, REVIEW = "referral", "review"


async def duty_set(uow: UnitOfWork, event: DeadlineSet) -> None:
    await elsewhere.keep_duty(uow, event)


async def duty_met(uow: UnitOfWork, event: DeadlineMet) -> None:
    state = DeadlineState.MET_LATE if event.late else DeadlineState.MET
    await elsewhere.settle_duty(uow, event.deadline_id, state, event.met_at, None)


async def duty_dropped(uow: UnitOfWork, event: DeadlineCancelled) -> None:
    is_waived = isinstance(event, DeadlineWaived)
    state = DeadlineState.WAIVED if is_waived else DeadlineState.CANCELLED
    await elsewhere.settle_duty(uow, event.deadline_id, state, event.at, event.successor_id)


async def referral_requested(uow: UnitOfWork, event: ReferralRequested) -> None:
    await elsewhere.begin(
        uow,
        UnderWay(
            event.referral_id,
            event.case_ref,
            REFERRAL,
            "requested",
            since=event.at,
            agency_id=event.to_agency_id,
            need=event.need,
        ),
    )


async def referral_accepted(uow: UnitOfWork, event: ReferralAccepted) -> None:
    await elsewhere.change(uow, event.referral_id, state="accepted")


async def referral_rejected(uow: UnitOfWork, event: ReferralRejected) -> None:
    """The next provider of the pathway may be asked; until then nobody has it."""
    await elsewhere.change(uow, event.referral_id, state="rejected", agency_id=None, meets_at=None)


async def appointment_booked(uow: UnitOfWork, event: ReferralAppointmentBooked) -> None:
    await elsewhere.change(
        uow, event.referral_id, state="appointment-booked", meets_at=event.appointment_at
    )


async def appointment_missed(uow: UnitOfWork, event: ReferralAppointmentMissed) -> None:
    await elsewhere.change(uow, event.referral_id, state="appointment-missed", meets_at=None)


async def referral_on_hold(uow: UnitOfWork, event: ReferralPutOnHold) -> None:
    await elsewhere.change(uow, event.referral_id, state="on-hold")


async def referral_resumed(uow: UnitOfWork, event: ReferralResumed) -> None:
    await elsewhere.change(uow, event.referral_id, state="resumed")


async def service_given(uow: UnitOfWork, event: ReferralServiceGiven) -> None:
    await elsewhere.change(uow, event.referral_id, state="service-given", meets_at=None)


async def referral_ended(
    uow: UnitOfWork,
    event: ReferralCompleted
    | ReferralCancelled
    | ReferralFailed
    | ReferralExhausted
    | ReferralEnteredInError,
) -> None:
    state = event.type.removeprefix("referral.").removesuffix(".v1")
    await elsewhere.change(uow, event.referral_id, state=state, ended_at=event.at)


async def review_scheduled(uow: UnitOfWork, event: ReviewScheduled) -> None:
    found = UnderWay(event.review_id, event.case_ref, REVIEW, "scheduled", event.at)
    await elsewhere.begin(uow, found)


async def review_convened(uow: UnitOfWork, event: ReviewConvened) -> None:
    await elsewhere.change(uow, event.review_id, state="convened", meets_at=event.meeting_at)


async def review_postponed(uow: UnitOfWork, event: ReviewPostponed) -> None:
    await elsewhere.change(uow, event.review_id, state="postponed", meets_at=event.after)


async def review_held(uow: UnitOfWork, event: ReviewHeld) -> None:
    await elsewhere.change(uow, event.review_id, state="held", ended_at=event.held_at)


async def review_cancelled(uow: UnitOfWork, event: ReviewCancelled) -> None:
    await elsewhere.change(uow, event.review_id, state="cancelled", ended_at=event.at)


async def meeting_called(uow: UnitOfWork, event: MeetingCalled) -> None:
    await elsewhere.begin(
        uow,
        UnderWay(
            event.meeting_id,
            event.case_ref,
            event.kind,
            "called",
            since=event.at,
            meets_at=event.meeting_at,
        ),
    )


async def meeting_moved(uow: UnitOfWork, event: MeetingMoved) -> None:
    await elsewhere.change(uow, event.meeting_id, state="moved", meets_at=event.meeting_at)


async def meeting_held(uow: UnitOfWork, event: MeetingHeld) -> None:
    await elsewhere.change(uow, event.meeting_id, state="held", ended_at=event.held_at)


async def meeting_cancelled(uow: UnitOfWork, event: MeetingCancelled) -> None:
    await elsewhere.change(uow, event.meeting_id, state="cancelled", ended_at=event.at)


HANDLERS: dict[type[Event], Handler] = {
    DeadlineSet: duty_set,
    DeadlineMet: duty_met,
    DeadlineCancelled: duty_dropped,
    DeadlineWaived: duty_dropped,
    ReferralRequested: referral_requested,
    ReferralAccepted: referral_accepted,
    ReferralRejected: referral_rejected,
    ReferralAppointmentBooked: appointment_booked,
    ReferralAppointmentMissed: appointment_missed,
    ReferralPutOnHold: referral_on_hold,
    ReferralResumed: referral_resumed,
    ReferralServiceGiven: service_given,
    ReferralCompleted: referral_ended,
    ReferralCancelled: referral_ended,
    ReferralFailed: referral_ended,
    ReferralExhausted: referral_ended,
    ReferralEnteredInError: referral_ended,
    ReviewScheduled: review_scheduled,
    ReviewConvened: review_convened,
    ReviewPostponed: review_postponed,
    ReviewHeld: review_held,
    ReviewCancelled: review_cancelled,
    MeetingCalled: meeting_called,
    MeetingMoved: meeting_moved,
    MeetingHeld: meeting_held,
    MeetingCancelled: meeting_cancelled,
}
