"""Whose case a deadline of this service is on: a review's, a meeting's, a report's or a decision's."""

from uuid import UUID

from sqlalchemy import func, select

from domain.disclosure import Custody, Viewer, visible_sections
from domain.errors import Hidden, Missing
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import known_cases
from services.reviews.store.meeting_tables import DECISIONS, MEETINGS, REPORTS
from services.reviews.store.tables import REVIEWS, SPINE

_DEADLINES = SPINE.deadlines


async def load(uow: UnitOfWork, deadline_id: UUID, viewer: Viewer) -> tuple[Custody, str | None]:
    """Who stands how to its case, and the person who owes it. Raises Missing, or Hidden (answers alike)."""
    query = select(_DEADLINES).where(_DEADLINES.c.id == deadline_id)
    duty = (await uow.connection.execute(query)).mappings().first()
    case = await known_cases.find(uow, duty["case_ref"]) if duty else None
    if duty is None or case is None:
        raise Missing
    custody = case.custody(await _chair_of(uow, UUID(duty["subject_id"])))
    owes_it = viewer.agency_id == duty["agency_id"] and duty["person_id"] in (None, viewer.staff_id)
    if not owes_it and Section.REFERENCE not in visible_sections(viewer, custody):
        uow.audit("deadline.read", case.case_ref, outcome="hidden")
        raise Hidden
    return custody, duty["person_id"]


async def _chair_of(uow: UnitOfWork, subject_id: UUID) -> str | None:
    """Of the review or meeting that the subject is, or is for."""
    of = func.coalesce(
        select(DECISIONS.c.taken_in).where(DECISIONS.c.id == subject_id).scalar_subquery(),
        select(REPORTS.c.asked_for).where(REPORTS.c.id == subject_id).scalar_subquery(),
        subject_id,
    )
    query = select(
        func.coalesce(
            select(REVIEWS.c.chair_id).where(REVIEWS.c.id == of).scalar_subquery(),
            select(MEETINGS.c.chair_id).where(MEETINGS.c.id == of).scalar_subquery(),
        )
    )
    found: str | None = (await uow.connection.execute(query)).scalar()
    return found
