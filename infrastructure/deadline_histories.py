"""Deadlines with what became of them, case by case, for operations."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from infrastructure.spine import SPINE
from infrastructure.unit_of_work import UnitOfWork

_DEADLINES, _CHANGES = SPINE.deadlines, SPINE.deadline_changes


async def histories(
    uow: UnitOfWork, after: str | None, cases: int
) -> tuple[Sequence[Mapping[Any, Any]], str | None]:
    """A row for each change of each deadline of the next cases, and the last case's reference if more follow."""
    refs = select(_DEADLINES.c.case_ref).distinct().order_by(_DEADLINES.c.case_ref)
    if after is not None:
        refs = refs.where(_DEADLINES.c.case_ref > after)
    found = list((await uow.connection.execute(refs.limit(cases + 1))).scalars())
    query = (
        select(
            _DEADLINES,
            _CHANGES.c.change,
            _CHANGES.c.because,
            _CHANGES.c.at.label("changed_at"),
            (_CHANGES.c.new_due_at - _CHANGES.c.due_at).label("granted"),
        )
        .outerjoin(_CHANGES, _CHANGES.c.deadline_id == _DEADLINES.c.id)
        .where(_DEADLINES.c.case_ref.in_(found[:cases]))
        .order_by(_DEADLINES.c.case_ref, _DEADLINES.c.anchored_at, _CHANGES.c.id)
    )
    rows = (await uow.connection.execute(query)).mappings().all()
    return rows, found[cases - 1] if len(found) > cases else None
