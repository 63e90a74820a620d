"""A referral that ends without help: taken back, failed, entered in error, its need left unmet."""

from uuid import UUID

from domain.referral_reasons import CancelReason
from infrastructure.http import Router, Uow
from services.referrals.commands import ending
from services.referrals.queries import reading
from services.referrals.schemas.steps import Cancellation, Failure, UnmetNeed
from services.referrals.schemas.views import ReferralView
from services.referrals.schemas.words import NoWords

router = Router(tags=["referrals"])


@router.post("/referrals/{referral_id}/cancellation")
async def cancel_referral(uow: Uow, referral_id: UUID, said: Cancellation) -> ReferralView:
    """Either side takes it back."""
    await ending.cancel(uow, referral_id, said.reason)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/entered-in-error")
async def mark_entered_in_error(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """What was never meant to be, for the sender to find; an ended referral too."""
    await ending.cancel(uow, referral_id, CancelReason.ENTERED_IN_ERROR)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/failure")
async def fail_referral(uow: Uow, referral_id: UUID, said: Failure) -> ReferralView:
    """The provider cannot help after all: the need is open again."""
    await ending.fail(uow, referral_id, said.reason, said.note)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/unmet-need")
async def record_unmet_need(uow: Uow, referral_id: UUID, said: UnmetNeed) -> ReferralView:
    """Notes a need that no provider of the pathway meets, so that it is counted."""
    await ending.record_unmet_need(uow, referral_id, said.note)
    return await reading.shown(uow, referral_id)
