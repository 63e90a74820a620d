"""Support given on a case, appended and never changed. Load the case with its viewer before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from domain.case import Case
from domain.supporting import Support, SupportKind
from domain.vocabulary import Person
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.implementation_tables import supports

TOLD = "support"  # the kind of its narrative


@dataclass(frozen=True, slots=True)
class RecordedSupport:
    """When it was written down (UTC), and by whom."""

    support: Support
    recorded_at: datetime
    recorded_by: str


async def add(uow: UnitOfWork, case: Case, support: Support) -> None:
    await uow.connection.execute(
        insert(supports).values(
            id=support.id,
            case_ref=case.ref,
            kind=support.kind.value,
            occurred_at=support.occurred_at,
            with_whom=[each.value for each in support.with_whom],
            agency_id=support.agency_id,
            action_id=support.action_id,
            referral_id=support.referral_id,
            recorded_at=uow.now,
            recorded_by=uow.viewer.staff_id,
        )
    )


async def all_of(uow: UnitOfWork, case: Case) -> list[RecordedSupport]:
    """In the order in which it happened."""
    query = (
        select(supports)
        .where(supports.c.case_ref == case.ref)
        .order_by(supports.c.occurred_at, supports.c.id)
    )
    return [
        RecordedSupport(
            Support(
                id=row.id,
                kind=SupportKind(row.kind),
                occurred_at=row.occurred_at,
                with_whom=tuple(Person(each) for each in row.with_whom),
                agency_id=row.agency_id,
                action_id=row.action_id,
                referral_id=row.referral_id,
            ),
            row.recorded_at,
            row.recorded_by,
        )
        for row in await uow.connection.execute(query)
    ]
