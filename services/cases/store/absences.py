"""Who is away and who stands in, as the directory announces it: as new as its last event that came."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded
from domain.absence import Absence, who_stands_in
from domain.disclosure import Viewer
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import absences

_A = absences.c


async def save(uow: UnitOfWork, event: AbsenceRecorded) -> None:
    names = ("absence_id", "staff_id", "agency_id", "from_at", "until_at", "stand_in_id")
    row = {name: getattr(event, name) for name in names}
    await uow.connection.execute(
        insert(absences).values(row).on_conflict_do_update(index_elements=["absence_id"], set_=row)
    )


async def end(uow: UnitOfWork, event: AbsenceEnded) -> None:
    """Back as of then; an absence that never began leaves nobody standing in."""
    which = _A.absence_id == event.absence_id
    await uow.connection.execute(delete(absences).where(which, _A.from_at >= event.at))
    await uow.connection.execute(
        update(absences).where(which, _A.until_at > event.at).values(until_at=event.at)
    )


async def stand_in_of(uow: UnitOfWork, staff_id: str, agency_id: str) -> str | None:
    """Whoever is there for her now; None when she is there herself, or nobody is."""
    away = await _under_way(uow, agency_id)
    found = who_stands_in(staff_id, uow.now, away)
    return found if found != staff_id else None


async def stood_in_for(uow: UnitOfWork, viewer: Viewer) -> list[str]:
    """Colleagues who are away now, and for whom the viewer is there."""
    away = await _under_way(uow, viewer.agency_id)
    return sorted(
        each
        for each in _people(away)
        if each != viewer.staff_id and who_stands_in(each, uow.now, away) == viewer.staff_id
    )


async def _under_way(uow: UnitOfWork, agency_id: str) -> list[Absence]:
    """A stand-in is of the same agency, and so is whoever stands in for her."""
    query = select(_A.staff_id, _A.from_at, _A.until_at, _A.stand_in_id).where(
        _A.agency_id == agency_id, _A.from_at <= uow.now, _A.until_at > uow.now
    )
    return [Absence(*row) for row in await uow.connection.execute(query)]


def _people(away: Iterable[Absence]) -> set[str]:
    return {each.staff_id for each in away}
