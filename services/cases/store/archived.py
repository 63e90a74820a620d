"""Archived files at the end of their retention, for the platform's own question about them."""

from sqlalchemy import exists, select

from domain import retention
from domain.vocabulary import CaseStatus
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import cases, closures, facts

_MOST = 500


async def at_their_end(uow: UnitOfWork, ref: str | None = None) -> list[str]:
    """Those about which nobody was asked since their present end; `ref`: that one alone."""
    asked = exists().where(
        facts.c.case_ref == cases.c.ref,
        facts.c.name == retention.ENDED,
        facts.c.recorded_at >= closures.c.erase_at,
    )
    query = (
        select(cases.c.ref)
        .join(closures, closures.c.id == cases.c.closure_id)
        .where(
            closures.c.erase_at <= uow.now,
            cases.c.status == CaseStatus.ARCHIVED.value,
            cases.c.erased_at.is_(None),
            ~asked,
        )
        .order_by(closures.c.erase_at)
        .limit(_MOST)
    )
    if ref is not None:
        query = query.where(cases.c.ref == ref)
    return list((await uow.connection.execute(query)).scalars())
