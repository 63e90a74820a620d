"""What was decided, and whether it was carried out."""

from uuid import UUID

from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.reviews import queries
from services.reviews.commands.decide import carry_out
from services.reviews.schemas.decisions import CarriedOut, DecisionView, OwedDecisions

router = Router(tags=["decisions"])


@router.get("/decisions")
async def list_decisions_owed(
    uow: Uow, cursor: Cursor = None, limit: Limit = USUAL
) -> OwedDecisions:
    """What you in person have to carry out, earliest due first."""
    return await queries.decisions_owed(uow, uow.viewer, cursor, limit)


@router.post("/decisions/{decision_id}/carried-out")
async def post_decision_carried_out(uow: Uow, decision_id: UUID, body: CarriedOut) -> DecisionView:
    """By its owner, or whoever led the meeting; its duty is met."""
    return await carry_out(uow, decision_id, body, uow.viewer)
