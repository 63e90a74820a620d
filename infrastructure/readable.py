"""Ids that a refusal names as allowed: as many as people read, or none at all."""

from typing import Any

from sqlalchemy import Select

from infrastructure.unit_of_work import UnitOfWork

MOST = 20


async def few(uow: UnitOfWork, query: Select[Any]) -> list[str] | None:
    """The one column of these rows; None for none, and where they are too many to read."""
    found = list((await uow.connection.execute(query.limit(MOST + 1))).scalars())
    return found if 0 < len(found) <= MOST else None
