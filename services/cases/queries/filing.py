"""A case file for printing or taking along: every section that the viewer sees; an export, audited as one."""

from dataclasses import dataclass

from domain.case import Case
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries import reading, stating
from services.cases.schemas.file import CaseFile
from services.cases.schemas.views import FactView
from services.cases.store import directory

EXPORT = "export-case-file"


async def case_file(uow: UnitOfWork, typed: str) -> CaseFile:
    """Raises Missing, and Hidden alike."""
    found, sealed = await reading.load(uow, typed, EXPORT)
    seen = reading.audit_read(uow, found, EXPORT)
    pack = uow.packs.get(found.policy)
    feedback = await stating.feedback_on(uow, found.ref) if Section.CONTACTS in seen else None
    return CaseFile(
        exported_at=uow.now,
        exported_by=uow.viewer.staff_id,
        zone=await zone_of(uow, found),
        case=reading.view(await reading.record(uow, found, sealed), seen, pack),
        feedback=feedback,
        chronology=await reading.lines_of(uow, found),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A chronology with what a page of it needs beside."""

    case_ref: str
    zone: str
    lines: list[FactView]


async def chronology(uow: UnitOfWork, typed: str) -> Told:
    """Raises Missing, and Hidden alike."""
    found, _ = await reading.load(uow, typed, reading.READ)
    uow.audit("read-chronology", found.ref)
    lines = await reading.lines_of(uow, found)
    return Told(found.ref, await zone_of(uow, found), lines.items)


async def zone_of(uow: UnitOfWork, found: Case) -> str:
    """The agency's own zone, else its pack's."""
    known = await directory.ask(uow, found.agency_id)
    return known.agency.zone if known.agency else uow.packs.get(found.policy).calendar.zone
