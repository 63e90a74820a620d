"""The machine's own limit for a registration: the same rows, a transaction each, by asyncpg alone."""

import asyncio
import secrets
import time
from typing import Any
from uuid import UUID

import asyncpg

from bench.bus import said_of
from bench.ground import Ground
from contracts.envelope import Envelope
from deploy.migrations.bootstrap import bootstrap, with_database
from deploy.migrations.run import migrate
from infrastructure.ids import new_id

CONNECTIONS = 10  # as many as the service keeps
# Every table of the service that names the case, the cases themselves first: the others refer to them.
_TABLES = """
select table_name, column_name from information_schema.columns
where table_schema = 'cases' and ((table_name = 'cases' and column_name = 'ref')
    or column_name = 'case_ref' or (column_name = 'subject' and table_name <> 'outbox'))
order by table_name <> 'cases', table_name
"""
_COLUMNS = """
select column_name from information_schema.columns
where table_schema = 'cases' and table_name = $1 and is_identity = 'NO' and column_name <> 'queued_at'
order by ordinal_position
"""
_DATABASE = "bench_raw"
Rows = list[dict[str, Any]]


class RawInserts:
    """Copies what one registration wrote, into an empty database of the same shape on the same server."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._ref = ""
        self._rows: dict[str, Rows] = {}
        self._statements: dict[str, str] = {}

    async def prepare(self, ref: str) -> int:
        """`ref` is a case just registered; answers the number of rows of one registration."""
        site = self._ground.stack.site
        await bootstrap(
            site.database_admin_url, {"cases": site.secrets.role_passwords["cases"]}, _DATABASE
        )
        await migrate(with_database(site.database_admin_url, _DATABASE), ["cases"])
        self._ref = ref
        for table, key in await self._ground.query(_TABLES):
            found = await self._ground.query(f"select * from cases.{table} where {key} = $1", ref)
            if not found:
                continue
            columns = [row["column_name"] for row in await self._ground.query(_COLUMNS, table)]
            self._keep(table, columns, [dict(row) for row in found])
        said = await said_of(self._ground.stack, "cases", ref)
        columns = [row["column_name"] for row in await self._ground.query(_COLUMNS, "outbox")]
        self._keep("outbox", columns, [_outbox(each) for each in said])
        return sum(len(rows) for rows in self._rows.values())

    def _keep(self, table: str, columns: list[str], rows: Rows) -> None:
        self._rows[table] = [{name: row[name] for name in columns} for row in rows]
        width, numbers = len(columns), range(len(rows))
        values = ", ".join(
            "(" + ", ".join(f"${n * width + place + 1}" for place in range(width)) + ")"
            for n in numbers
        )
        self._statements[table] = (
            f"insert into cases.{table} ({', '.join(columns)}) values {values}"
        )

    async def run(self, count: int) -> float:
        """Registrations a second, `count` of them, on as many connections as the service keeps."""
        url = with_database(self._ground.stack.site.database_admin_url, _DATABASE)
        pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)
        numbers = iter(range(count))
        async with pool:
            began = time.perf_counter()
            await asyncio.gather(*(self._work(pool, numbers) for _ in range(CONNECTIONS)))
            return count / (time.perf_counter() - began)

    async def _work(self, pool: Any, numbers: Any) -> None:
        async with pool.acquire() as connection:
            for _ in numbers:
                ref = f"TL-{secrets.token_hex(6)}"
                async with connection.transaction():
                    for table, rows in self._rows.items():
                        values = [self._anew(v, k, ref) for row in rows for k, v in row.items()]
                        await connection.execute(self._statements[table], *values)

    def _anew(self, value: Any, column: str, ref: str) -> Any:
        if value == self._ref:
            return ref
        return new_id() if column == "id" and isinstance(value, UUID) else value


def _outbox(said: Envelope) -> dict[str, Any]:
    event = said.event
    return {
        "id": said.id, "aggregatetype": event.topic or "cases", "aggregateid": event.key,
        "type": said.type, "payload": event.model_dump_json(), "subject": said.subject,
        "sequence": said.sequence, "source": said.source, "time": said.time,
        "traceparent": said.traceparent,
    }  # fmt: skip
