"""Who is away, as the directory announces it."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded
from domain.absence import Absence
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import ABSENCES

_B = ABSENCES.c


async def save(uow: UnitOfWork, event: AbsenceRecorded) -> None:
    row = {
        "absence_id": event.absence_id,
        "staff_id": event.staff_id,
        "agency_id": event.agency_id,
        "from_at": event.from_at,
        "until_at": event.until_at,
        "stand_in_id": event.stand_in_id,
    }
    await uow.connection.execute(
        insert(ABSENCES).values(row).on_conflict_do_update(index_elements=["absence_id"], set_=row)
    )


async def end(uow: UnitOfWork, event: AbsenceEnded) -> None:
    """Back as of then; an absence that never began leaves nothing to be told."""
    which = _B.absence_id == event.absence_id
    never = delete(ABSENCES).where(which, _B.from_at >= event.at)
    await uow.connection.execute(never)
    await uow.connection.execute(
        ABSENCES.update().where(which, _B.until_at > event.at).values(until_at=event.at)
    )


async def concerning(uow: UnitOfWork, staff_ids: Iterable[str]) -> list[Absence]:
    """Those under way now of these people, of whoever stands in for them, and so on."""
    found: dict[str, Absence] = {}
    wanted = set(staff_ids)
    while wanted:
        query = select(_B.staff_id, _B.from_at, _B.until_at, _B.stand_in_id).where(
            _B.staff_id.in_(wanted), _B.from_at <= uow.now, _B.until_at > uow.now
        )
        rows = [Absence(*row) for row in await uow.connection.execute(query)]
        found |= {each.staff_id: each for each in rows}
        wanted = {each.stand_in_id for each in rows if each.stand_in_id} - found.keys()
    return list(found.values())
