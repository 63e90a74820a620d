"""Recording that somebody is away, who stands in, and that she is back."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.agencies import AbsenceEnded, AbsenceRecorded
from domain import absence
from domain.absence import Absence
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.agencies.schemas.people import (
    AbsenceEntry,
    AbsenceView,
    StandsInFor,
    absence_view,
)
from services.agencies.store import agencies
from services.agencies.store import people as store
from services.agencies.store.sight import demand_times_of


async def record_absence(
    uow: UnitOfWork, agency_id: str, staff_id: str, entry: AbsenceEntry
) -> AbsenceView:
    """The answer warns when others count on her at that time: she may be ill, and is not refused."""
    demand_times_of(uow, agency_id, staff_id)
    await agencies.need_agency(uow, agency_id, lock=True)
    member = await store.need_member(uow, agency_id, staff_id)
    new = Absence(staff_id, entry.from_at, entry.until_at, entry.stand_in_id)
    known = [store.absence(row) for row in await store.absences_of(uow, agency_id)]
    absence.demand_absence(new, uow.now, known)
    if entry.stand_in_id is not None:
        found = await store.member(uow, entry.stand_in_id)
        stand_in = store.colleague(found) if found is not None else None
        absence.demand_stand_in(new, store.colleague(member), stand_in, known)
    row = {
        "absence_id": new_id(),
        "agency_id": agency_id,
        "staff_id": staff_id,
        "from_at": entry.from_at,
        "until_at": entry.until_at,
        "stand_in_id": entry.stand_in_id,
    }
    kept = {**row, "recorded_by": uow.viewer.staff_id, "ended_at": None}
    await store.save_absence(uow, kept)
    uow.stands_at(store.absence_version(kept))
    uow.audit("record-absence", agency_id)
    uow.emit(AbsenceRecorded(at=uow.now, **row))
    return AbsenceView(**row, ended_at=None, stands_in_for=_counting_on_her(new, uow, known))


def _counting_on_her(new: Absence, uow: UnitOfWork, known: Sequence[Absence]) -> list[StandsInFor]:
    others = absence.stands_in_for(new.staff_id, uow.now, known)
    return [
        StandsInFor(staff_id=each.staff_id, from_at=each.from_at, until_at=each.until_at)
        for each in others
        if each.meets(new)
    ]


async def end_absence(
    uow: UnitOfWork, agency_id: str, staff_id: str, absence_id: UUID
) -> AbsenceView:
    """Back earlier, or never gone; ending it again changes nothing."""
    demand_times_of(uow, agency_id, staff_id)
    await agencies.need_agency(uow, agency_id, lock=True)
    await store.need_member(uow, agency_id, staff_id)
    found = await store.need_absence(uow, staff_id, absence_id)
    uow.stands_at(store.absence_version(found))
    if found["ended_at"] is not None or found["until_at"] <= uow.now:
        return absence_view(dict(found))
    await store.end_absence(uow, absence_id)
    ended = {**found, "ended_at": uow.now}
    uow.stands_at(store.absence_version(ended))
    uow.audit("end-absence", agency_id)
    uow.emit(
        AbsenceEnded(agency_id=agency_id, at=uow.now, absence_id=absence_id, staff_id=staff_id)
    )
    return absence_view(ended)
