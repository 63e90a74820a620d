"""Takes up a deadline of a review, so that its ladder stops."""

from uuid import UUID

from domain import disclosure
from domain.disclosure import Action, Viewer
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.schemas import Acknowledged
from services.reviews.store import reviews


async def acknowledge_deadline(uow: UnitOfWork, deadline_id: UUID, viewer: Viewer) -> Acknowledged:
    """By whoever answers for the case; the first stays on the record. Raises Missing."""
    seen = await reviews.load(uow, await reviews.owing(uow, deadline_id), viewer, lock=True)
    disclosure.demand(viewer, seen.case.custody(seen.review.chair_id), Action.ACKNOWLEDGE)
    taken = await deadlines.acknowledge(uow, deadline_id, by=viewer.staff_id)
    uow.audit("deadline.acknowledged", taken.case_ref)
    return Acknowledged(
        deadline_id=taken.id,
        acknowledged_by=taken.acknowledged_by,
        acknowledged_at=taken.acknowledged_at,
    )
