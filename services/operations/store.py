"""Operations' own tables: a copy of every deadline and case as the bus told of them, and reported problems.

Overdue is `open and due_at < now` in SQL: computed at each look, never stored, right even with every worker dead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Table,
    Text,
    Uuid,
    and_,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from domain.disclosure import Viewer
from domain.vocabulary import DeadlineState, Role
from infrastructure import paging
from infrastructure.spine import NAMING, spine_tables
from infrastructure.unit_of_work import UnitOfWork

metadata = MetaData(naming_convention=NAMING)
spine = spine_tables(metadata)
_Instant = TIMESTAMP(timezone=True)

duties = Table(
    "duties",
    metadata,
    Column("deadline_id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("case_ref", Text, nullable=False),
    Column("subject_type", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("agency_id", Text, nullable=False),
    Column("responsible", Text, nullable=False),
    Column("person_id", Text, nullable=True),
    Column("due_at", _Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("settled_at", _Instant, nullable=True),
    Column("missed_at", _Instant, nullable=True),
    Column("rung", Integer, nullable=True),
    Column("acknowledged_by", Text, nullable=True),
    Index("duties_open_idx", "due_at", "deadline_id", postgresql_where=text("state = 'open'")),
    Index("duties_case_idx", "case_ref"),
)
cases_followed = Table(
    "cases_followed",
    metadata,
    Column("case_ref", Text, primary_key=True),
    Column("agency_id", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", _Instant, nullable=False),
    # Wall time: a case whose deadlines are still on their way is not yet a finding.
    Column("heard_at", _Instant, nullable=False, server_default=text("clock_timestamp()")),
)
problems = Table(
    "problems",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("case_ref", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("at", _Instant, nullable=False),
)

Found = RowMapping
Page = tuple[Sequence[Found], str | None]
_BY_DUE = (duties.c.due_at, duties.c.deadline_id)
_WATCHES_ALL = (Role.OPERATIONS, Role.ADMINISTRATOR)
_WATCHES_OWN_AGENCY = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)


@dataclass(frozen=True, slots=True)
class Filters:
    """`late_by` seconds at least; `agency` and `step` exact; empty means every one."""

    agency: str | None = None
    step: str | None = None
    late_by: int = 0


def _visible(viewer: Viewer, agency_column: Any) -> ColumnElement[bool]:
    """Deny is the default: operations see all rows, leaders those of their agency, others none."""
    if viewer.has(*_WATCHES_ALL):
        return text("true")  # type: ignore[return-value]
    if viewer.has(*_WATCHES_OWN_AGENCY):
        return agency_column == viewer.agency_id  # type: ignore[no-any-return]
    return text("false")  # type: ignore[return-value]


def _overdue(viewer: Viewer, now: datetime, filters: Filters) -> ColumnElement[bool]:
    conditions = [
        duties.c.state == DeadlineState.OPEN,
        duties.c.due_at < now,
        _visible(viewer, duties.c.agency_id),
    ]
    if filters.agency:
        conditions.append(duties.c.agency_id == filters.agency)
    if filters.step:
        conditions.append(duties.c.step == filters.step)
    if filters.late_by:
        conditions.append(
            duties.c.due_at < now - func.make_interval(0, 0, 0, 0, 0, 0, filters.late_by)
        )
    return and_(*conditions)


async def overdue(uow: UnitOfWork, filters: Filters, cursor: str | None, limit: int) -> Page:
    """The latest first of all: by due instant, then id."""
    query = select(duties).where(_overdue(uow.viewer, uow.now, filters))
    return await paging.page(uow, query, _BY_DUE, cursor, limit)


async def open_duties(
    uow: UnitOfWork, case_ref: str | None, cursor: str | None, limit: int
) -> Page:
    query = select(duties).where(
        duties.c.state == DeadlineState.OPEN, _visible(uow.viewer, duties.c.agency_id)
    )
    if case_ref:
        query = query.where(duties.c.case_ref == case_ref)
    return await paging.page(uow, query, _BY_DUE, cursor, limit)


async def overdue_counts(uow: UnitOfWork, filters: Filters) -> list[Any]:
    """(agency, step, count, earliest due) of the same rows that `overdue` lists."""
    found = await uow.connection.execute(
        select(
            duties.c.agency_id,
            duties.c.step,
            func.count().label("overdue"),
            func.min(duties.c.due_at).label("earliest"),
        )
        .where(_overdue(uow.viewer, uow.now, filters))
        .group_by(duties.c.agency_id, duties.c.step)
        .order_by(func.count().desc(), duties.c.agency_id, duties.c.step)
    )
    return list(found)


async def open_count(uow: UnitOfWork) -> int:
    query = select(func.count()).where(
        duties.c.state == DeadlineState.OPEN, _visible(uow.viewer, duties.c.agency_id)
    )
    return int(await uow.connection.scalar(query) or 0)


async def cases_without_deadline(
    uow: UnitOfWork, heard_before: datetime, cursor: str | None, limit: int
) -> Page:
    """Active cases that nobody owes anything; `heard_before` is wall time."""
    standing = exists().where(
        duties.c.case_ref == cases_followed.c.case_ref, duties.c.state == DeadlineState.OPEN
    )
    query = select(cases_followed).where(
        cases_followed.c.active,
        cases_followed.c.heard_at < heard_before,
        ~standing,
        _visible(uow.viewer, cases_followed.c.agency_id),
    )
    return await paging.page(uow, query, [cases_followed.c.case_ref], cursor, limit)


async def unannounced(
    uow: UnitOfWork, due_before: datetime, cursor: str | None, limit: int
) -> Page:
    """Past due, and nobody has said so: a workflow or a worker that is stuck."""
    query = select(duties).where(
        duties.c.state == DeadlineState.OPEN,
        duties.c.due_at < due_before,
        duties.c.missed_at.is_(None),
        _visible(uow.viewer, duties.c.agency_id),
    )
    return await paging.page(uow, query, _BY_DUE, cursor, limit)


async def reported_problems(uow: UnitOfWork, cursor: str | None, limit: int) -> Page:
    """Newest first; a problem has no agency, so only those who watch all see it."""
    if not uow.viewer.has(*_WATCHES_ALL):
        return [], None
    by = [problems.c.at, problems.c.event_id]
    return await paging.page(uow, select(problems), by, cursor, limit, newest_first=True)


async def put_duty(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Sets a duty as told; said again (restated), only whose it is may be new."""
    said = insert(duties).values(row)
    await uow.connection.execute(
        said.on_conflict_do_update(
            index_elements=["deadline_id"],
            set_={name: said.excluded[name] for name in ("agency_id", "person_id")},
        )
    )


async def change_duty(uow: UnitOfWork, deadline_id: UUID, **change: Any) -> None:
    await uow.connection.execute(
        update(duties).where(duties.c.deadline_id == deadline_id).values(change)
    )


async def follow_case(uow: UnitOfWork, case_ref: str, agency_id: str, since: datetime) -> None:
    row = insert(cases_followed).values(
        case_ref=case_ref, agency_id=agency_id, active=True, since=since
    )
    await uow.connection.execute(
        row.on_conflict_do_update(
            index_elements=["case_ref"],
            set_={"active": True, "agency_id": agency_id, "heard_at": text("clock_timestamp()")},
        )
    )


async def stop_following(uow: UnitOfWork, case_ref: str) -> None:
    await uow.connection.execute(
        update(cases_followed).where(cases_followed.c.case_ref == case_ref).values(active=False)
    )


async def note_problem(uow: UnitOfWork, row: dict[str, Any]) -> None:
    await uow.connection.execute(insert(problems).values(row).on_conflict_do_nothing())
