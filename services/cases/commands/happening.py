"""A fact about a case: said on the bus, noted in the chronology, and followed by its deadlines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from contracts.events import Event
from domain import disclosure
from domain.case import Case
from domain.deadlines import Deadline, Fact
from domain.policy import Pack
from domain.vocabulary import Risk, Role, Section, SubjectType
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.deadlines import DeadlineView
from services.cases.store import facts
from services.cases.store.facts import FactRow

Subject = tuple[SubjectType, str]


async def happened(
    uow: UnitOfWork,
    case: Case,
    what: Event | str,
    section: Section,
    *,
    subject: Subject | None = None,
    at: datetime | None = None,
    agreed_due: datetime | None = None,
    codes: Mapping[str, Any] | None = None,
    counts: bool = True,
    people: Mapping[Role, str] | None = None,
    risk: Risk | None = None,
) -> None:
    """An event, or a plain fact by its name; `at` (UTC) is when it became true, now by default.

    What does not count is on the record, and leaves every deadline as it stands. `people` bear what follows
    from it in place of the case's own, and `risk` says how soon, in place of the case's.
    """
    row = line(uow, case, what, section, subject=subject, at=at, codes=codes)
    if not counts:
        row = replace(row, codes=row.codes | {"counts": False})
    await facts.add(uow, case.ref, [row])
    if isinstance(what, Event):
        uow.emit(what, row.id)
    if counts:
        await follow(uow, case, row, agreed_due, people=people, risk=risk)


def line(
    uow: UnitOfWork,
    case: Case,
    what: Event | str,
    section: Section,
    *,
    subject: Subject | None = None,
    at: datetime | None = None,
    codes: Mapping[str, Any] | None = None,
) -> FactRow:
    """The line of the chronology, with the id that the event will have when it is said."""
    subject_type, subject_id = subject or (SubjectType.CASE, case.ref)
    if isinstance(what, Event):
        name, carried = what.type.removesuffix(".v1"), _codes(what) | dict(codes or {})
    else:
        name, carried = what, dict(codes or {})
    if uow.viewer.staff_id == case.stand_in_id:
        carried["stand_in_for"] = case.caseworker_id
    return FactRow(
        id=new_id(),
        name=name,
        section=section.value,
        at=at or uow.now,
        recorded_at=uow.now,
        recorded_by=uow.viewer.staff_id,
        subject_type=subject_type.value,
        subject_id=subject_id,
        codes=carried,
    )


async def follow(
    uow: UnitOfWork,
    case: Case,
    row: FactRow,
    agreed_due: datetime | None = None,
    is_new: bool = False,
    people: Mapping[Role, str] | None = None,
    risk: Risk | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines that the fact sets; without a round trip when the pack has none for it."""
    pack = uow.packs.get(case.policy)
    if not _is_named(pack, row.name):
        return ()
    fact = Fact(
        id=row.id,
        name=row.name,
        at=row.at,
        case_ref=case.ref,
        agency_id=case.agency_id,
        policy=case.policy,
        risk=risk or case.risk,
        subject_type=SubjectType(row.subject_type),
        subject_id=row.subject_id,
        people=case.people | dict(people or {}),
        agreed_due=agreed_due,
        marks=_marks(row),
    )
    return (await deadlines.follow(uow, fact, is_new=is_new)).set


async def open_deadlines(uow: UnitOfWork, case: Case) -> list[DeadlineView]:
    """What is owed on the case now, for those who may see it."""
    return seen(uow, case, await deadlines.open_for(uow, case.ref))


def seen(uow: UnitOfWork, case: Case, found: Sequence[Deadline]) -> list[DeadlineView]:
    """As much of these duties as the viewer may see: all or nothing."""
    if Section.DEADLINES not in disclosure.visible_sections(uow.viewer, case.custody):
        return []
    return views(uow, case, found)


def views(uow: UnitOfWork, case: Case, found: Sequence[Deadline]) -> list[DeadlineView]:
    pack = uow.packs.get(case.policy)
    return [DeadlineView.of(each, pack, uow.now) for each in found]


def _codes(event: Event) -> dict[str, Any]:
    """An event holds ids, codes and instants only, so all of it may stand in the chronology."""
    return event.model_dump(mode="json", exclude={"case_ref", "at"})


def _marks(row: FactRow) -> frozenset[str]:
    """A closure's ground: after some of them a pack owes less."""
    return frozenset({row.codes["ground"]}) if row.name == "case.closed" else frozenset()


def _is_named(pack: Pack, fact: str) -> bool:
    return any(
        fact in names
        for rule in pack.steps.values()
        for names in (rule.anchors, rule.met_by, rule.cancelled_by, rule.moved_by)
    )
