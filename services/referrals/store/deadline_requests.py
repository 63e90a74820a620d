"""Requests for more time on a referral's duties: their table, and whose case a duty is on."""

from domain.deadlines import Deadline
from domain.disclosure import Custody
from infrastructure.deadline_request_store import request_table
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store import known
from services.referrals.store.tables import metadata

deadline_requests = request_table(metadata)


async def custody_of(uow: UnitOfWork, duty: Deadline) -> Custody:
    """Who may act on it follows from this and from who owes it (domain.extending); raises Missing."""
    return (await known.case(uow, duty.case_ref)).custody
