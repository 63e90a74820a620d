"""Takes up a deadline of a review or meeting, so that its ladder stops."""

from uuid import UUID

from domain import disclosure
from domain.disclosure import Action, Viewer
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.schemas.words import Acknowledged
from services.reviews.store import duties


async def acknowledge_deadline(uow: UnitOfWork, deadline_id: UUID, viewer: Viewer) -> Acknowledged:
    """By the person who owes it or whoever answers for the case; the first stays. Raises Missing."""
    custody, person_id = await duties.load(uow, deadline_id, viewer)
    if viewer.staff_id != person_id:
        disclosure.demand(viewer, custody, Action.ACKNOWLEDGE)
    taken = await deadlines.acknowledge(uow, deadline_id, by=viewer.staff_id)
    uow.audit("deadline.acknowledged", taken.case_ref)
    return Acknowledged(
        deadline_id=taken.id,
        acknowledged_by=taken.acknowledged_by,
        acknowledged_at=taken.acknowledged_at,
    )
