"""Who looks after which cases, and caseloads that were handed over."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from domain.case import IN_WORK, Case
from domain.caseload import STILL_OWED
from domain.disclosure import Action, Viewer
from domain.vocabulary import DeadlineState
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import cases
from services.cases.store.tables import cases as rows
from services.cases.store.tables import spine
from services.cases.store.transfer_tables import caseload_handovers


async def of_worker(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> list[Case]:
    """Cases of the viewer's agency that this worker looks after, locked in the order of their references."""
    query = (
        select(rows.c.ref)
        .where(
            rows.c.caseworker_id == staff_id,
            rows.c.agency_id == viewer.agency_id,
            rows.c.status.in_([status.value for status in STILL_OWED]),
        )
        .order_by(rows.c.ref)
    )
    refs = list((await uow.connection.execute(query)).scalars())
    locked = [await cases.load(uow, ref, viewer, to=Action.ASSIGN) for ref in refs]
    # Somebody else may have got the case while this waited for it.
    return [case for case in locked if case.caseworker_id == staff_id]


async def keep_manifest(uow: UnitOfWork, staff_id: str, manifest: dict[str, Any]) -> None:
    viewer = uow.viewer
    await uow.connection.execute(
        insert(caseload_handovers).values(
            id=new_id(),
            staff_id=staff_id,
            agency_id=viewer.agency_id,
            handed_over_by=viewer.staff_id,
            handed_over_at=uow.now,
            manifest=manifest,
        )
    )


async def latest_manifest(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> dict[str, Any] | None:
    """What this worker last handed over at the viewer's agency."""
    query = (
        select(caseload_handovers.c.manifest)
        .where(
            caseload_handovers.c.staff_id == staff_id,
            caseload_handovers.c.agency_id == viewer.agency_id,
        )
        .order_by(caseload_handovers.c.handed_over_at.desc(), caseload_handovers.c.id.desc())
        .limit(1)
    )
    found: dict[str, Any] | None = (await uow.connection.execute(query)).scalar()
    return found


async def counted(uow: UnitOfWork, agency_id: str, team_id: str | None) -> Sequence[Any]:
    """Cases in work by caseworker, status and risk; the caller has settled who may know."""
    query = (
        select(rows.c.caseworker_id, rows.c.status, rows.c.risk, func.count().label("cases"))
        .where(*_in_work(agency_id, team_id))
        .group_by(rows.c.caseworker_id, rows.c.status, rows.c.risk)
    )
    return (await uow.connection.execute(query)).all()


async def duties(
    uow: UnitOfWork, agency_id: str, team_id: str | None
) -> dict[str, tuple[int, int]]:
    """Open duties of this service that each caseworker bears on these cases, and how many are overdue."""
    owed = spine.deadlines
    query = (
        select(
            rows.c.caseworker_id,
            func.count().label("open"),
            func.count().filter(owed.c.due_at < uow.now).label("overdue"),
        )
        .join(owed, owed.c.case_ref == rows.c.ref)
        .where(
            *_in_work(agency_id, team_id),
            owed.c.state == DeadlineState.OPEN.value,
            owed.c.person_id == rows.c.caseworker_id,
        )
        .group_by(rows.c.caseworker_id)
    )
    found = await uow.connection.execute(query)
    return {row.caseworker_id: (row.open, row.overdue) for row in found}


def _in_work(agency_id: str, team_id: str | None) -> list[ColumnElement[bool]]:
    asked = [
        rows.c.agency_id == agency_id,
        rows.c.caseworker_id.is_not(None),
        rows.c.status.in_([status.value for status in IN_WORK]),
    ]
    return [*asked, rows.c.team_id == team_id] if team_id is not None else asked
