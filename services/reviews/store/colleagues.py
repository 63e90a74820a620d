"""Staff as the directory announces them, and how many reviews each chairs at present."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from domain.chairing import Colleague
from domain.meeting_states import REVIEW_STANDS
from domain.vocabulary import Role
from infrastructure.readable import few
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store.tables import REVIEWS, STAFF

_ROLES = {role.value: role for role in Role}


async def chairs(uow: UnitOfWork) -> list[Colleague]:
    """Everybody employed as a review chair, in whatever agency."""
    standing = (
        select(REVIEWS.c.chair_id, func.count().label("reviews_standing"))
        .where(REVIEWS.c.state.in_([state.value for state in REVIEW_STANDS]))
        .where(REVIEWS.c.chair_id.is_not(None))
        .group_by(REVIEWS.c.chair_id)
        .subquery()
    )
    query = (
        select(STAFF, func.coalesce(standing.c.reviews_standing, 0).label("reviews_standing"))
        .outerjoin(standing, standing.c.chair_id == STAFF.c.staff_id)
        .where(STAFF.c.active, STAFF.c.roles.contains([Role.REVIEW_CHAIR.value]))
    )
    found = (await uow.connection.execute(query)).mappings()
    return [_colleague(row, row["reviews_standing"]) for row in found]


async def find(uow: UnitOfWork, staff_id: str) -> Colleague | None:
    query = select(STAFF).where(STAFF.c.staff_id == staff_id)
    row = (await uow.connection.execute(query)).mappings().first()
    return _colleague(row) if row else None


async def at_work(uow: UnitOfWork, staff_ids: Collection[str]) -> dict[str, Colleague]:
    """Those of whom the directory has somebody at work, by id."""
    query = select(STAFF).where(STAFF.c.staff_id.in_(staff_ids), STAFF.c.active)
    found = (await uow.connection.execute(query)).mappings()
    return {row["staff_id"]: _colleague(row) for row in found}


async def own_at_work(
    uow: UnitOfWork, role: Role | None = None, also: Collection[str] = ()
) -> list[str] | None:
    """The viewer's colleagues and these others, at work in the role; None for nobody, and for too many to read."""
    query = select(STAFF.c.staff_id).where(
        STAFF.c.active, (STAFF.c.agency_id == uow.viewer.agency_id) | STAFF.c.staff_id.in_(also)
    )
    if role is not None:
        query = query.where(STAFF.c.roles.contains([role.value]))
    return await few(uow, query.order_by(STAFF.c.staff_id))


async def agencies_with_staff(uow: UnitOfWork) -> list[str] | None:
    """Every agency where somebody works; None where they are too many to read."""
    query = select(STAFF.c.agency_id).where(STAFF.c.active).distinct()
    return await few(uow, query.order_by(STAFF.c.agency_id))


async def agencies_at_work(uow: UnitOfWork, agency_ids: Collection[str]) -> frozenset[str]:
    """Those of whom the directory has somebody at work."""
    query = select(STAFF.c.agency_id).where(STAFF.c.agency_id.in_(agency_ids), STAFF.c.active)
    return frozenset((await uow.connection.execute(query.distinct())).scalars())


async def save(uow: UnitOfWork, colleague: Colleague, as_of: datetime) -> None:
    """The latest word counts; one agency's word that somebody left says nothing of another."""
    row = {
        "staff_id": colleague.staff_id,
        "agency_id": colleague.agency_id,
        "team_id": colleague.team_id,
        "roles": sorted(role.value for role in colleague.roles),
        "active": colleague.active,
        "as_of": as_of,
    }
    new = insert(STAFF).values(row)
    concerns = or_(STAFF.c.agency_id == new.excluded.agency_id, new.excluded.active)
    await uow.connection.execute(
        new.on_conflict_do_update(
            index_elements=["staff_id"],
            set_=row,
            where=(STAFF.c.as_of <= new.excluded.as_of) & concerns,
        )
    )


def _colleague(row: Any, reviews_standing: int = 0) -> Colleague:
    return Colleague(
        staff_id=row["staff_id"],
        agency_id=row["agency_id"],
        team_id=row["team_id"],
        roles=frozenset(_ROLES[role] for role in row["roles"] if role in _ROLES),
        active=row["active"],
        reviews_standing=reviews_standing,
    )
