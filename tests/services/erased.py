"""Looks through every table of a service for words that nobody may read any more."""

from typing import Any

from sqlalchemy import text

from infrastructure import crypto
from infrastructure.key_ring import SealError
from tests.services.served import Served

_TABLES = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
ORDER BY table_name, ordinal_position
"""


async def everything(served: Served) -> list[tuple[str, Any]]:
    """Every value of every column of every table, with where it was found."""
    async with served.db.engine.connect() as connection:
        columns = (await connection.execute(text(_TABLES))).all()
        found = []
        for table in sorted({each.table_name for each in columns}):
            for row in (await connection.execute(text(f'SELECT * FROM "{table}"'))).mappings():
                found += [(f"{table}.{name}", value) for name, value in row.items()]
    return found


async def readable(served: Served, *words: str) -> list[str]:
    """Where one of the words can be read: as it stands, or by opening what is sealed with a key that is left."""
    values = await everything(served)
    keys = [value for place, value in values if place == "case_keys.wrapped" and value is not None]
    assert values
    places = [
        f"{word} in {place}"
        for place, value in values
        for word in words
        if word.encode() in _bytes(value)
    ]
    return places + [f"a key is left: {len(each)} bytes" for each in keys]


async def opened_by_master_key(served: Served, ref: str) -> list[bytes]:
    """Keys of the case that a master key still unwraps; there must be none."""
    rows = await served.rows("SELECT subject, wrapped FROM case_keys")
    found = []
    for row in rows:
        if row["subject"] != ref or row["wrapped"] is None:
            continue
        try:
            found.append(crypto.master_ring().open(row["wrapped"], f"case-key|{ref}".encode()))
        except SealError:
            continue
    return found


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
