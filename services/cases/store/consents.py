"""Consents on a case. Load the case with its viewer before."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert, select, update

from domain.case import Case
from domain.consent import Consent
from domain.errors import Missing
from domain.vocabulary import ConsentForm, Person
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import consents


async def add(uow: UnitOfWork, case: Case, given: list[Consent]) -> None:
    whose = {"case_ref": case.ref, "recorded_by": uow.viewer.staff_id}
    await uow.connection.execute(insert(consents), [asdict(one) | whose for one in given])


async def all_of(uow: UnitOfWork, case: Case) -> list[Consent]:
    """In the order of their recording, withdrawn ones included."""
    query = (
        select(consents)
        .where(consents.c.case_ref == case.ref)
        .order_by(consents.c.recorded_at, consents.c.id)
    )
    return [
        Consent(
            id=row.id,
            given_by=Person(row.given_by),
            purpose=row.purpose,
            how=ConsentForm(row.how),
            recorded_at=row.recorded_at,
            until=row.until,
            withdrawn_at=row.withdrawn_at,
            given_at=row.given_at,
        )
        for row in await uow.connection.execute(query)
    ]


async def one(uow: UnitOfWork, case: Case, consent_id: UUID) -> Consent:
    """Raises Missing."""
    found = [each for each in await all_of(uow, case) if each.id == consent_id]
    if not found:
        raise Missing
    return found[0]


async def save_withdrawal(uow: UnitOfWork, withdrawn: Consent) -> None:
    await uow.connection.execute(
        update(consents)
        .where(consents.c.id == withdrawn.id)
        .values(withdrawn_at=withdrawn.withdrawn_at)
    )
