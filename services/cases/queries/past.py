"""One case as it stood at a past instant, in the sections that the viewer may see today."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import as_it_stood
from domain.as_it_stood import Change, Known
from domain.case import Case
from domain.errors import Malformed
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries import reading
from services.cases.queries.reading import Record
from services.cases.schemas.views import CaseView
from services.cases.store import facts
from services.cases.store.narratives import Narrative

_READ = "read-as-of"


async def case_as_of(uow: UnitOfWork, typed: str, instant: datetime) -> CaseView:
    """By what was recorded until then; raises Missing before the first record, Malformed for the future."""
    if instant > uow.now:
        raise Malformed("Nothing is known of the future.", field="as_of")
    found, sealed = await reading.load(uow, typed, _READ)
    seen = reading.audit_read(uow, found, _READ)
    now = await reading.record(uow, found, sealed)
    changes = [Change(*each) for each in await deadlines.changes_of(uow, found.ref)]
    stood = cut(now, await _known(uow, found), changes, instant)
    return reading.view(stood, seen, uow.packs.get(stood.case.policy))


def cut(
    now: Record, known: Sequence[Known], changes: Sequence[Change], instant: datetime
) -> Record:
    """The record without what came later."""
    until = as_it_stood.until(known, instant)
    told = [each for each in now.told if each.recorded_at <= instant]
    case = _counted(as_it_stood.case(now.case, known, instant), told)
    titles = {action.id: title for action, title in now.actions}
    is_registered = case.registered_at is not None
    ways = as_it_stood.closures(until)
    return Record(
        case=case,
        sealed=replace(now.sealed, expectations=now.sealed.expectations if is_registered else None),
        key=now.key,
        told=told,
        actions=[
            (each, titles[each.id])
            for each in as_it_stood.actions([action for action, _ in now.actions], until)
        ],
        tracks=as_it_stood.tracks(now.tracks, until, now.deadlines),
        consents=as_it_stood.consents(now.consents, instant),
        closures=sorted(
            ways, key=lambda way: (way.requested_at or way.settled_at or instant, way.id)
        ),
        deadlines=as_it_stood.deadlines(now.deadlines, changes, known, case, instant),
        at=instant,
    )


async def _known(uow: UnitOfWork, found: Case) -> list[Known]:
    """Every fact, whoever may read of it: the viewer sees what follows from them, section by section."""
    return [
        Known(row.id, row.name, row.at, row.recorded_at, row.recorded_by, row.subject_id, row.codes)
        for row in await facts.whole_chronology(uow, found)
    ]


def _counted(case: Case, told: Sequence[Narrative]) -> Case:
    """Needs, risks and causes of the latest assessment of then; their words are its own record."""
    found = [
        each.content for each in told if each.kind == "comprehensive-assessment" and each.content
    ]
    if not found:
        return case
    latest = found[-1]
    return replace(
        case,
        needs=len(latest.get("needs", ())),
        risks=len(latest.get("risks", ())),
        causes=len(latest.get("causes", ())),
    )
