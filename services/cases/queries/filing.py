"""A case file for printing or taking along: every section that the viewer sees; an export, audited as one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.case import Case
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries import reading, stating
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.file import CaseFile, Elsewhere, KeptElsewhere
from services.cases.schemas.views import FactView
from services.cases.store import directory, elsewhere

EXPORT = "export-case-file"


async def case_file(uow: UnitOfWork, typed: str) -> CaseFile:
    """Raises Missing, and Hidden alike."""
    found, sealed = await reading.load(uow, typed, EXPORT)
    seen = reading.audit_read(uow, found, EXPORT)
    pack = uow.packs.get(found.policy)
    is_told = Section.CONTACTS in seen
    feedback = await stating.feedback_on(uow, found.ref) if is_told else None
    file = CaseFile(
        exported_at=uow.now,
        exported_by=uow.viewer.staff_id,
        zone=await zone_of(uow, found),
        case=reading.view(await reading.record(uow, found, sealed), seen, pack),
        elsewhere=await _elsewhere(uow, found) if is_told else None,
        feedback=feedback,
        chronology=await reading.lines_of(uow, found),
    )
    return await with_names(uow, file)


async def with_names(uow: UnitOfWork, file: CaseFile) -> CaseFile:
    """With the names of the agencies that it speaks of, and of no other."""
    names = await directory.names_of(uow, _agencies_in(file.model_dump()))
    return file.model_copy(update={"agency_names": names})


def _agencies_in(content: Any) -> Iterator[str]:
    if isinstance(content, list):
        for each in content:
            yield from _agencies_in(each)
    elif isinstance(content, dict):
        for key, each in content.items():
            if key.endswith("agency_id") and isinstance(each, str):
                yield each
            else:
                yield from _agencies_in(each)


async def _elsewhere(uow: UnitOfWork, found: Case) -> Elsewhere:
    """Duties as they stand now; what one took the place of is with its owner."""
    pack = uow.packs.get(found.policy)
    return Elsewhere(
        kept=[
            KeptElsewhere(
                kind=each.kind,
                state=each.state,
                since=each.since,
                agency_id=each.agency_id,
                need=each.need,
                meets_at=each.meets_at,
                ended_at=each.ended_at,
            )
            for each in await elsewhere.all_of(uow, found.ref)
        ],
        duties=[
            DeadlineView.of(each, pack, uow.now)
            for each in await elsewhere.duties_of(uow, found.ref)
            if each.successor_id is None
        ],
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A chronology with what a page of it needs beside."""

    case_ref: str
    zone: str
    lines: list[FactView]
    agency_names: dict[str, str]


async def chronology(uow: UnitOfWork, typed: str) -> Told:
    """Raises Missing, and Hidden alike."""
    found, _ = await reading.load(uow, typed, reading.READ)
    uow.audit("read-chronology", found.ref)
    lines = await reading.lines_of(uow, found)
    names = await directory.names_of(uow, _agencies_in(lines.model_dump()))
    return Told(found.ref, await zone_of(uow, found), lines.items, names)


async def zone_of(uow: UnitOfWork, found: Case) -> str:
    """The agency's own zone, else its pack's."""
    known = await directory.ask(uow, found.agency_id)
    return known.agency.zone if known.agency else uow.packs.get(found.policy).calendar.zone
