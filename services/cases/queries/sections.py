"""One section of a case, for those who see it; whoever does not learns nothing, and it is noted."""

from domain import disclosure, reference
from domain.case import Case
from domain.errors import Hidden
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import cases


async def case_seen(uow: UnitOfWork, typed: str, action: str, section: Section) -> Case:
    """Raises Missing, and Hidden alike; the look is audited under `action`."""
    ref = reference.read(typed)
    try:
        case, _ = await cases.read(uow, ref, uow.viewer)
        disclosure.demand_sight(uow.viewer, case.custody, [section])
    except Hidden:
        uow.audit(action, ref, section, outcome="hidden")
        raise
    uow.audit(action, ref, section)
    return case
