"""Open deadlines of a case that goes over to another policy pack, in whichever service owns them."""

from datetime import datetime
from uuid import UUID

from domain import repinning
from domain.deadlines import Fact
from domain.repinning import Move
from domain.vocabulary import Risk
from infrastructure import deadline_store as store
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork


async def moves(
    uow: UnitOfWork, case_ref: str, before: str, after: str, risk: Risk, because: UUID
) -> tuple[Move, ...]:
    """What would change from one pack to the other; nothing does. Load the case with its viewer before."""
    standing = await store.open_of_case(uow, case_ref)
    return repinning.moves(standing, uow.packs.get(before), uow.packs.get(after), risk, because)


async def move(
    uow: UnitOfWork,
    case_ref: str,
    before: str,
    after: str,
    risk: Risk,
    because: UUID,
    at: datetime,
) -> tuple[Move, ...]:
    """The old ones cancelled with their successors' ids, the history kept; `because` is the event's id."""
    found = await moves(uow, case_ref, before, after, risk, because)
    fact = Fact(because, repinning.REPINNED, at, case_ref, agency_id="", policy=after, risk=risk)
    await deadlines.put_down(uow, repinning.as_consequences(found, at), fact)
    return found
