"""Requests to erase a record, and what else goes with it. Load the case with its viewer before."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from domain.case import Case
from domain.erasing import Basis, Erasure, ErasureState
from infrastructure import crypto
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.likeness import likeness_keys
from services.cases.store.statement_tables import statement_links
from services.cases.store.tables import metadata

_INSTANT = TIMESTAMP(timezone=True)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("basis", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", _INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", _INSTANT),
    Column("reason", Text),
    # One question at a time, as with transfers.
    Index(
        "erasures_pending_idx",
        "case_ref",
        unique=True,
        postgresql_where=text("state = 'requested'"),
    ),
)


async def add(uow: UnitOfWork, asked: Erasure) -> None:
    await uow.connection.execute(insert(erasures).values(asdict(asked)))


async def save(uow: UnitOfWork, decided: Erasure) -> None:
    """Writes the decision; what was asked never changes."""
    await uow.connection.execute(
        update(erasures)
        .where(erasures.c.id == decided.id)
        .values(
            state=decided.state.value,
            decided_by=decided.decided_by,
            decided_at=decided.decided_at,
            reason=decided.reason,
        )
    )


async def pending_on(uow: UnitOfWork, case: Case) -> Erasure | None:
    return next(
        (each for each in await all_of(uow, case) if each.state is ErasureState.REQUESTED), None
    )


async def all_of(uow: UnitOfWork, case: Case) -> list[Erasure]:
    """In the order in which they were asked for."""
    query = (
        select(erasures)
        .where(erasures.c.case_ref == case.ref)
        .order_by(erasures.c.requested_at, erasures.c.id)
    )
    return [_erasure(row) for row in (await uow.connection.execute(query)).mappings()]


async def destroy(uow: UnitOfWork, case: Case) -> None:
    """The key, what finds the child, and the ways to the family's page; nothing of it comes back."""
    await crypto.erase(uow, case.ref)
    await uow.connection.execute(delete(likeness_keys).where(likeness_keys.c.case_ref == case.ref))
    await uow.connection.execute(
        update(statement_links)
        .where(statement_links.c.case_ref == case.ref, statement_links.c.revoked_at.is_(None))
        .values(revoked_at=uow.now)
    )


def _erasure(row: Mapping[Any, Any]) -> Erasure:
    return Erasure(**{**row, "basis": Basis(row["basis"]), "state": ErasureState(row["state"])})
