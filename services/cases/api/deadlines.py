"""Duties taken up from a list, over HTTP."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.cases.commands import assigning
from services.cases.schemas.closure import EmptyBody
from services.cases.schemas.deadlines import DeadlineView

router = Router(tags=["deadlines"])


@router.post("/deadlines/{deadline_id}/acknowledgement")
async def acknowledge_deadline(
    uow: Uow, deadline_id: UUID, _body: EmptyBody | None = None
) -> DeadlineView:
    """Somebody sees to it: the ladder stops."""
    return await assigning.acknowledge_deadline(uow, deadline_id)
