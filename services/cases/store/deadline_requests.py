"""Requests for more time on a case's duties: their table, and whose case a duty is on."""

from domain.deadlines import Deadline
from domain.disclosure import Custody
from infrastructure.deadline_request_store import request_table
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import cases
from services.cases.store.tables import metadata

deadline_requests = request_table(metadata)


async def custody_of(uow: UnitOfWork, duty: Deadline) -> Custody:
    """Raises Missing, Hidden."""
    return (await cases.load(uow, duty.case_ref, uow.viewer, lock=False)).custody
