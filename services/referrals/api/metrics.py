"""How long referrals take and where needs stay unmet, for those who lead and for operations."""

from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

from domain.referral_measures import Group
from infrastructure.http import Router, Uow
from services.referrals.queries import figures
from services.referrals.schemas.metrics import TimesView, UnmetView

router = Router(tags=["metrics"])
Instant = Annotated[AwareDatetime | None, Query()]


@router.get("/metrics/referrals")
async def read_referral_times(
    uow: Uow, by: Group = Group.OFFER, since: Instant = None, until: Instant = None
) -> TimesView:
    """Median, nine in ten, and count for each state, by offer, need or area; the last year unless named."""
    return await figures.times(uow, by, since, until)


@router.get("/metrics/unmet-needs")
async def read_unmet_needs(uow: Uow, since: Instant = None, until: Instant = None) -> UnmetView:
    """By need and area; what is too few to be told is null."""
    return await figures.unmet_needs(uow, since, until)
