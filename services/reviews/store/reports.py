"""Reports as rows: asked of an agency for a review or meeting, given in words, read by few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.reporting import Report, is_author, reads_all
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import sealed
from services.reviews.store.known_cases import KnownCase, known_case
from services.reviews.store.meeting_tables import MEETINGS, REPORTS
from services.reviews.store.tables import CASES, REVIEWS

_FIELDS = (
    "id", "case_ref", "asked_for", "agency_id", "staff_id", "due_at", "received_at", "received_by", "dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeenReport:
    """A report with its case and what it is for; `text` only for those who may read it."""

    report: Report
    case: KnownCase
    meeting_at: datetime | None
    text: str | None


async def load(uow: UnitOfWork, asked_for: UUID, report_id: UUID, viewer: Viewer) -> SeenReport:
    """With its case locked. Raises Missing, or Hidden (answers alike)."""
    await _lock_case(uow, report_id)
    query = _joined().where(REPORTS.c.id == report_id, REPORTS.c.asked_for == asked_for)
    rows = await _rows(uow, query)
    if not rows:
        raise Missing
    found = await _if_visible(uow, rows[0], viewer)
    if found is None:
        uow.audit("report.read", rows[0]["case_ref"], outcome="hidden")
        raise Hidden
    return found


async def visible(uow: UnitOfWork, asked_for: UUID, viewer: Viewer) -> list[SeenReport]:
    """Of one review or meeting, those that the viewer may read or give."""
    query = _joined().where(REPORTS.c.asked_for == asked_for).order_by(REPORTS.c.id)
    found = [await _if_visible(uow, row, viewer) for row in await _rows(uow, query)]
    return [each for each in found if each is not None]


async def awaited_from(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> tuple[list[SeenReport], str | None]:
    """What the viewer's agency is asked for, as far as it is the viewer's to give; earliest due first."""
    query = (
        _joined()
        .where(REPORTS.c.agency_id == viewer.agency_id)
        .where(REPORTS.c.received_at.is_(None), ~REPORTS.c.dropped)
    )
    rows, following = await paging.page(uow, query, [REPORTS.c.due_at, REPORTS.c.id], cursor, limit)
    found = [await _if_visible(uow, row, viewer) for row in rows]
    own = [each for each in found if each and is_author(each.report, viewer, each.case.custody())]
    return own, following


async def of(uow: UnitOfWork, asked_for: UUID) -> list[Report]:
    """For the platform itself, once the review or meeting is loaded with its viewer and locked."""
    query = select(REPORTS).where(REPORTS.c.asked_for == asked_for).order_by(REPORTS.c.id)
    return [_report(row) for row in await _rows(uow, query)]


async def add(uow: UnitOfWork, report: Report) -> None:
    await uow.connection.execute(
        insert(REPORTS).values(
            asked_at=uow.now,
            asked_by=uow.viewer.staff_id,
            **{name: getattr(report, name) for name in _FIELDS},
        )
    )


async def save(uow: UnitOfWork, report: Report, text: str | None = None) -> None:
    changes: dict[str, Any] = {
        name: getattr(report, name) for name in ("due_at", "received_at", "received_by", "dropped")
    }
    if text is not None:
        seal = await sealed.for_writing(uow, report.case_ref)
        changes["text"] = seal.close(sealed.of_report(report.id), text)
    await uow.connection.execute(update(REPORTS).where(REPORTS.c.id == report.id).values(**changes))


async def hand_over(
    uow: UnitOfWork,
    case_ref: str,
    agencies: tuple[str, str],
    caseworker_id: str,
    former_id: str | None,
) -> None:
    """What the case's own agency is asked for is for whoever has the case now.

    Within the agency what a colleague was asked for by name stays hers.
    """
    asked = (
        update(REPORTS)
        .where(REPORTS.c.case_ref == case_ref, REPORTS.c.agency_id == agencies[0])
        .where(REPORTS.c.received_at.is_(None), ~REPORTS.c.dropped)
    )
    if agencies[0] == agencies[1]:
        own = REPORTS.c.staff_id == former_id
        asked = asked.where(own | REPORTS.c.staff_id.is_(None))
    await uow.connection.execute(asked.values(agency_id=agencies[1], staff_id=caseworker_id))


def _joined() -> Select[Any]:
    apart = [CASES.c[name].label(f"case_{name}") for name in CASES.c.keys()]  # noqa: SIM118
    chair = func.coalesce(REVIEWS.c.chair_id, MEETINGS.c.chair_id).label("chair_id")
    meeting = func.coalesce(REVIEWS.c.meeting_at, MEETINGS.c.meeting_at).label("meeting_at")
    return (
        select(REPORTS, chair, meeting, *apart)
        .join(CASES, CASES.c.case_ref == REPORTS.c.case_ref)
        .outerjoin(REVIEWS, REVIEWS.c.id == REPORTS.c.asked_for)
        .outerjoin(MEETINGS, MEETINGS.c.id == REPORTS.c.asked_for)
    )


async def _lock_case(uow: UnitOfWork, report_id: UUID) -> None:
    ref = select(REPORTS.c.case_ref).where(REPORTS.c.id == report_id).scalar_subquery()
    await uow.connection.execute(
        select(CASES.c.case_ref).where(CASES.c.case_ref == ref).with_for_update()
    )


async def _rows(uow: UnitOfWork, query: Select[Any]) -> Sequence[Any]:
    return list((await uow.connection.execute(query)).mappings())


async def _if_visible(uow: UnitOfWork, row: Any, viewer: Viewer) -> SeenReport | None:
    case = known_case({name: row[f"case_{name}"] for name in CASES.c.keys()})  # noqa: SIM118
    report = _report(row)
    custody = case.custody()
    if not (reads_all(viewer, custody, row["chair_id"]) or is_author(report, viewer, custody)):
        return None
    seal = await sealed.for_reading(uow, report.case_ref)
    text = seal.open(sealed.of_report(report.id), row["text"])
    return SeenReport(report, case, row["meeting_at"], text)


def _report(row: Any) -> Report:
    return Report(**{name: row[name] for name in _FIELDS})
