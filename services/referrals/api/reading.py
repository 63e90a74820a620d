"""Referrals as each side sees them, one by one and as trays."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from domain.vocabulary import ReferralState
from infrastructure.http import CurrentViewer, Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.referrals.queries import reading, shared_with
from services.referrals.schemas.views import FieldList, ReferralList, ReferralView
from services.referrals.schemas.words import CaseRef

router = Router(tags=["referrals"])


@router.get("/referrals")
async def list_referrals(
    uow: Uow,
    tray: reading.Tray | None = None,
    state: ReferralState | None = None,
    case_ref: Annotated[CaseRef | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> ReferralList:
    """The in-tray of the viewer's agency, or the out-tray of her cases; newest first."""
    return await reading.tray(uow, tray, state=state, case_ref=case_ref, cursor=cursor, limit=limit)


@router.get("/referrals/{referral_id}")
async def read_referral(uow: Uow, referral_id: UUID) -> ReferralView:
    """What the viewer may see of it; that a provider was shown the shared fields is kept."""
    return await reading.read(uow, referral_id)


@router.get("/shareable-fields")
async def list_shareable_fields(_: CurrentViewer) -> FieldList:
    """The fields that may be chosen, one by one, and what each is for."""
    return shared_with.shareable()
