"""What happened on a case, appended and never changed: its chronology."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from domain import disclosure
from domain.case import Case
from domain.disclosure import Viewer
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import facts


@dataclass(frozen=True, slots=True)
class FactRow:
    """`at` is when it became true, `recorded_at` when somebody wrote it down (UTC); codes only."""

    id: UUID
    name: str
    section: str
    at: datetime
    recorded_at: datetime
    recorded_by: str
    subject_type: str
    subject_id: str
    codes: dict[str, Any] = field(default_factory=dict)


async def add(uow: UnitOfWork, case_ref: str, rows: Sequence[FactRow]) -> None:
    await uow.connection.execute(
        insert(facts), [asdict(row) | {"case_ref": case_ref} for row in rows]
    )
    uow.note_change(case_ref, len(rows))


async def count(uow: UnitOfWork, case_ref: str) -> int:
    """How many there are: with every change of a case comes one, so its version counts them."""
    query = select(func.count()).where(facts.c.case_ref == case_ref)
    return (await uow.connection.execute(query)).scalar_one()


async def chronology(uow: UnitOfWork, case: Case, viewer: Viewer) -> list[FactRow]:
    """In the order of their recording, those in sections that the viewer sees."""
    seen: Collection[Section] = disclosure.visible_sections(viewer, case.custody)
    return [row for row in await whole_chronology(uow, case) if row.section in seen]


async def whole_chronology(uow: UnitOfWork, case: Case) -> list[FactRow]:
    """In the order of their recording, for a caller that discloses what follows from them itself."""
    wanted = [column for column in facts.c if column.name not in ("place", "case_ref")]
    query = select(*wanted).where(facts.c.case_ref == case.ref).order_by(facts.c.place)
    return [FactRow(**row._asdict()) for row in await uow.connection.execute(query)]


async def named(uow: UnitOfWork, case: Case, name: str) -> list[FactRow]:
    """Every fact of this name, in the order of their recording; the caller discloses what follows."""
    return [row for row in await whole_chronology(uow, case) if row.name == name]


async def named_since_return(uow: UnitOfWork, case: Case, name: str) -> list[FactRow]:
    """Those recorded since the case last came back: what was done before its closure is of another time."""
    rows = await whole_chronology(uow, case)
    returns = [place for place, row in enumerate(rows) if row.name == "case.reopened"]
    return [row for row in rows[returns[-1] if returns else 0 :] if row.name == name]
