"""Requests for more time on the duties of reviews and meetings: their table, and whose case a duty is on."""

from domain.deadlines import Deadline
from domain.disclosure import Custody
from infrastructure.deadline_request_store import request_table
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import duties
from services.reviews.store.tables import METADATA

DEADLINE_REQUESTS = request_table(METADATA)


async def custody_of(uow: UnitOfWork, duty: Deadline) -> Custody:
    """Raises Missing, Hidden."""
    custody, _ = await duties.load(uow, duty.id, uow.viewer)
    return custody
