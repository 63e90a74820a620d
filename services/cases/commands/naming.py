"""Whether a referral or a meeting that a record names is of this case, by what its service has announced."""

from uuid import UUID

from domain.case import Case
from domain.cross_reference import Named, demand_of_case
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import elsewhere


async def demand_named(
    uow: UnitOfWork, case: Case, named_id: UUID | None, wanted: Named, field: str
) -> None:
    """Raises NotOfThisCase; what was not heard of yet is taken."""
    if named_id is not None:
        demand_of_case(case.ref, wanted, await elsewhere.heard_of(uow, named_id), field)
