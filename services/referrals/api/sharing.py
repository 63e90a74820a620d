"""Sharing without consent, looked at afterwards."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.referrals.commands import sharing
from services.referrals.queries import reading
from services.referrals.schemas.asking import SharingReview
from services.referrals.schemas.views import ReferralView

router = Router(tags=["referrals"])


@router.post("/referrals/{referral_id}/sharing-review")
async def review_sharing(uow: Uow, referral_id: UUID, said: SharingReview) -> ReferralView:
    """By the case's supervisor, or a manager of her agency, and never by whoever shared."""
    await sharing.review(uow, referral_id, justified=said.justified, note=said.note)
    return await reading.shown(uow, referral_id)
