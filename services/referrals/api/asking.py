"""A referral made by the case's side: as a draft, sent, and changed by sending anew."""

from uuid import UUID

from fastapi import status

from infrastructure.http import Router, Uow
from services.referrals.commands import sending
from services.referrals.commands.sending import Wish
from services.referrals.queries import reading
from services.referrals.schemas.asking import ReferralRequest, SharedAnew, WhatIsAsked
from services.referrals.schemas.views import ReferralView
from services.referrals.schemas.words import NoWords

router = Router(tags=["referrals"])


@router.post("/referrals", status_code=status.HTTP_201_CREATED)
async def request_referral(uow: Uow, asked: ReferralRequest) -> ReferralView:
    """Asks the first provider that suits, sharing what was chosen and nothing else; a draft asks nobody yet."""
    make = sending.draft if asked.draft else sending.request
    return await reading.shown(uow, await make(uow, asked.case_ref, _wish(asked)))


@router.put("/referrals/{referral_id}/draft")
async def change_draft(uow: Uow, referral_id: UUID, asked: WhatIsAsked) -> ReferralView:
    """The draft as a whole, in place of what it was."""
    await sending.redraft(uow, referral_id, _wish(asked))
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/sending")
async def send_referral(uow: Uow, referral_id: UUID, _: NoWords) -> ReferralView:
    """The draft as it stands: the first provider is asked, and what is shared is frozen."""
    await sending.send(uow, referral_id)
    return await reading.shown(uow, referral_id)


@router.post("/referrals/{referral_id}/shared")
async def share_anew(uow: Uow, referral_id: UUID, asked: SharedAnew) -> ReferralView:
    """Another version of what is shared, on somebody's consent again; earlier ones stay readable here."""
    await sending.send_anew(
        uow,
        referral_id,
        summary=asked.summary,
        shared=asked.shared,
        consent=asked.consent.as_consent() if asked.consent else None,
        because=asked.without_consent.reason if asked.without_consent else None,
    )
    return await reading.shown(uow, referral_id)


def _wish(asked: WhatIsAsked) -> Wish:
    along = asked.accompaniment
    return Wish(
        need=asked.need,
        area=asked.area,
        urgent=asked.urgent,
        summary=asked.summary,
        shared=asked.shared,
        consent=asked.consent.as_consent() if asked.consent else None,
        without_consent=asked.without_consent.reason if asked.without_consent else None,
        enquiry_id=asked.enquiry_id,
        accompany=along.who if along else None,
        accompany_by=along.arrange_by if along else None,
        age=asked.age,
        language=asked.language,
    )
