"""What the provider answers, and help on its way: appointments, holds, the service, its confirmation."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.referrals.commands import answering, helping, interrupting
from services.referrals.queries import reading
from services.referrals.schemas.steps import (
    AccompanimentArranged,
    Appointment,
    AttendanceReview,
    Confirmation,
    Hold,
    MissedAppointment,
    Rejection,
    ServiceGiven,
)
from services.referrals.schemas.views import ReferralView
from services.referrals.schemas.words import NoWords

router = Router(tags=["referrals"])


@router.post("/referrals/{referral_id}/acknowledgement")
async def acknowledge_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """The provider has seen the request; its answer is still owed."""
    await answering.acknowledge(uow, referral_id)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/acceptance")
async def accept_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """The provider will help."""
    await answering.accept(uow, referral_id)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/rejection")
async def reject_referral(uow: Uow, referral_id: UUID, said: Rejection) -> ReferralView:
    """The provider declines; the next of the pathway is asked."""
    await answering.reject(uow, referral_id, said.reason, said.note)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/appointment")
async def book_appointment(uow: Uow, referral_id: UUID, said: Appointment) -> ReferralView:
    """The agreed appointment, or another one in its place."""
    await helping.book(uow, referral_id, said.at)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/missed-appointment")
async def miss_appointment(uow: Uow, referral_id: UUID, said: MissedAppointment) -> ReferralView:
    """It did not take place, says either side; a new one is owed."""
    await interrupting.miss_appointment(
        uow, referral_id, said.appointment_at, said.because, said.note
    )
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/attendance-review")
async def review_attendance(uow: Uow, referral_id: UUID, said: AttendanceReview) -> ReferralView:
    """Somebody who answers for the case has looked at appointments that are missed again and again."""
    await interrupting.review_attendance(uow, referral_id, said.note)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/hold")
async def hold_referral(uow: Uow, referral_id: UUID, said: Hold) -> ReferralView:
    """Help waits, until an instant within the pack's limit; the chase rests as long."""
    await interrupting.hold(uow, referral_id, said.reason, said.until, said.note)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/resumption")
async def resume_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """Help goes on; the limit for a first service begins anew."""
    await interrupting.resume(uow, referral_id)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/service-given")
async def record_service_given(uow: Uow, referral_id: UUID, said: ServiceGiven) -> ReferralView:
    """The provider's word that help was given."""
    await helping.record_service(uow, referral_id, said.given_at, said.note)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/confirmation")
async def confirm_referral(uow: Uow, referral_id: UUID, said: Confirmation) -> ReferralView:
    """Child or family confirm that help arrived, or the reason why nobody can say."""
    await helping.confirm(
        uow, referral_id, confirmed=said.confirmed, by=said.by, reason=said.reason
    )
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/accompaniment")
async def arrange_accompaniment(
    uow: Uow, referral_id: UUID, said: AccompanimentArranged
) -> ReferralView:
    """Somebody has been found to go with the child."""
    await helping.arrange_accompaniment(uow, referral_id, said.who, said.note)
    return await reading.shown(uow, referral_id)
