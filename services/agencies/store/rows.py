"""Rows as they are read and put, whatever the table."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, Table
from sqlalchemy.dialects.postgresql import insert

from infrastructure import versions
from infrastructure.unit_of_work import UnitOfWork

Found = RowMapping
Row = Mapping[str, Any]


def version(*rows: Mapping[Any, Any]) -> int:
    """Of an entry of the directory: not every change of it is announced, so it follows from its rows."""
    return versions.of_content(*(dict(row) for row in rows))


async def one(uow: UnitOfWork, query: Select[Any], *, lock: bool = False) -> Found | None:
    found = query.with_for_update() if lock else query
    row: Found | None = (await uow.connection.execute(found)).mappings().first()
    return row


async def every(uow: UnitOfWork, query: Select[Any]) -> Sequence[Found]:
    rows: Sequence[Found] = (await uow.connection.execute(query)).mappings().all()
    return rows


async def put(uow: UnitOfWork, table: Table, row: Row) -> None:
    """What is put is what is there, by the primary key."""
    key = [column.name for column in table.primary_key]
    changed = {name: each for name, each in row.items() if name not in key}
    statement = insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=changed)
    await uow.connection.execute(statement)
