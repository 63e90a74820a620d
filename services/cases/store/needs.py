"""Needs that no service meets, as plans note them. Load the case with its viewer before."""

from uuid import UUID

from sqlalchemy import insert, select, update

from domain.case import Case
from domain.errors import Missing
from domain.unmet_needs import UnmetNeed
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.implementation_tables import unmet_needs


async def add(uow: UnitOfWork, case: Case, need: UnmetNeed) -> None:
    await uow.connection.execute(
        insert(unmet_needs).values(
            id=need.id,
            case_ref=case.ref,
            need=need.need,
            area=need.area,
            plan_version=need.plan_version,
            noted_at=need.noted_at,
            noted_by=need.noted_by,
        )
    )


async def all_of(uow: UnitOfWork, case: Case) -> list[UnmetNeed]:
    """In the order in which they were noted, those met since included."""
    query = (
        select(unmet_needs)
        .where(unmet_needs.c.case_ref == case.ref)
        .order_by(unmet_needs.c.noted_at, unmet_needs.c.id)
    )
    return [
        UnmetNeed(
            id=row.id,
            need=row.need,
            area=row.area,
            plan_version=row.plan_version,
            noted_at=row.noted_at,
            noted_by=row.noted_by,
            met_at=row.met_at,
            met_by=row.met_by,
            referral_id=row.referral_id,
        )
        for row in await uow.connection.execute(query)
    ]


async def one(uow: UnitOfWork, case: Case, need_id: UUID) -> UnmetNeed:
    """Raises Missing."""
    found = [each for each in await all_of(uow, case) if each.id == need_id]
    if not found:
        raise Missing
    return found[0]


async def save_met(uow: UnitOfWork, need: UnmetNeed) -> None:
    await uow.connection.execute(
        update(unmet_needs)
        .where(unmet_needs.c.id == need.id)
        .values(met_at=need.met_at, met_by=need.met_by, referral_id=need.referral_id)
    )
