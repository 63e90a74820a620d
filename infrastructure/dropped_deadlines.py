"""Every open deadline of a case dropped at once, whatever its pack says: its record is gone."""

from domain.deadlines import cancel
from infrastructure import deadline_events as events
from infrastructure import deadline_store as store
from infrastructure.unit_of_work import UnitOfWork


async def drop_all(uow: UnitOfWork, case_ref: str, because: str) -> int:
    """`because` names the fact; answers how many were open. Load the case with its viewer before."""
    standing = await store.open_of_case(uow, case_ref, lock=True)
    for deadline in standing:
        dropped = cancel(deadline, uow.now)
        await store.save(uow, dropped)
        await store.note_change(uow, dropped, "cancelled", because, uow.now)
        uow.emit(events.cancelled(uow, dropped, because))
    return len(standing)
