"""Duties on referrals that somebody takes up."""

from uuid import UUID

from infrastructure import versions
from infrastructure.http import Router, Uow
from services.referrals.commands import acknowledging
from services.referrals.queries import reading
from services.referrals.schemas.views import DutyView
from services.referrals.schemas.words import NoWords

router = Router(tags=["referrals"])


@router.post(
    "/deadlines/{deadline_id}/acknowledgement",
    openapi_extra={
        versions.NOT_HONOURED: "The first to take it up stands; nothing is overwritten."
    },
)
async def acknowledge_deadline(uow: Uow, deadline_id: UUID, _: NoWords) -> DutyView:
    """Somebody has taken it up: nobody further is told."""
    return reading.duty_view(await acknowledging.acknowledge_duty(uow, deadline_id))
