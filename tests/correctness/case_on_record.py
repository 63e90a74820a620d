"""One case of the real cases service as its tables have it, read with SQL, past every rule.

The database holds this one case: whatever changes in it has to do with what was asked. One question reads all
that is judged, because the machine asks it after every step.
"""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from contracts.events.timekeeping import DeadlineMomentReached
from infrastructure.audit_chain import first_broken
from tests.correctness.sound_record import Judge, Row
from tests.services.served import Served

# What a refusal may add to: who tried is audited; the rest is not about a case.
_BESIDE = ("audit", "streams", "idempotency", "inbox", "parked_events", "agencies", "staff")
_CASE = "ref, status, agency_id, caseworker_id, supervisor_id, policy, plan_version, closure_id"
_DUTY = (
    "id, step, subject_type, subject_id, state, due_at, moments, version, anchored_at, rule, responsible,"
    " settled_at, successor_id"
)
# What only grows: the rows, and what puts them in order.
_GROWING = {
    "audit": ("sequence", "SELECT sequence, hash FROM audit WHERE subject = $1"),
    "facts": ("place", "SELECT * FROM facts"),
    "outbox": ("seq", "SELECT seq, id, type, payload FROM outbox"),
    "deadline_changes": ("id", "SELECT * FROM deadline_changes"),
}
_PARTS = {
    "case": f"SELECT to_jsonb(c) FROM (SELECT {_CASE} FROM cases WHERE ref = $1) c",
    "closures": "SELECT jsonb_agg(to_jsonb(c) ORDER BY requested_at, settled_at) FROM closures c",
    "requests": "SELECT jsonb_agg(to_jsonb(r) - 'reason' - 'note' ORDER BY asked_at, kind)"
    " FROM deadline_requests r",
    # In an order that does not depend on chance.
    "duties": "SELECT jsonb_agg(to_jsonb(d) ORDER BY due_at, step, version, anchored_at, subject_type)"
    f" FROM (SELECT {_DUTY} FROM deadlines) d",
    "tracks": "SELECT jsonb_agg(to_jsonb(t) ORDER BY plan_version, place)"
    " FROM (SELECT id, replaced, plan_version, place, last_at FROM follow_ups) t",
    "actions": "SELECT jsonb_agg(to_jsonb(a) ORDER BY kind, plan_version, place)"
    " FROM (SELECT id, kind, state, plan_version, place FROM actions) a",
    "transfers": "SELECT jsonb_agg(to_jsonb(t) ORDER BY requested_at)"
    " FROM (SELECT id, to_agency_id, state, requested_at, requested_by FROM transfers) t",
    "measures": "SELECT jsonb_agg(id ORDER BY plan_version) FROM goal_measures WHERE by IS NOT NULL",
    "late": "SELECT jsonb_agg(deadline_id) FROM deadline_changes WHERE change = 'evidence-late'",
    "allowed": "SELECT to_jsonb(count(*)) FROM audit WHERE subject = $1 AND outcome = 'allowed'",
    "spoken": "SELECT jsonb_agg(jsonb_build_object('type', type, 'payload', payload) ORDER BY seq)"
    " FROM outbox WHERE type LIKE 'deadline.%' AND seq > $2",
    "facts": "SELECT jsonb_agg(jsonb_build_object('name', name, 'codes', codes) ORDER BY place)"
    " FROM facts WHERE place > $3",
    "last": "SELECT jsonb_build_object('outbox', (SELECT max(seq) FROM outbox),"
    " 'facts', (SELECT max(place) FROM facts))",
}


def _question(tables: list[str]) -> str:
    """Everything at once; $4 to $7 are how much of each growing table was there before."""
    hashes = " UNION ALL ".join(
        f"SELECT '{name}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS rows"
        f' FROM "{name}" t'
        for name in tables
        if name not in _BESIDE
    )
    grown = ", ".join(
        f"'{name}', (SELECT jsonb_build_object('rows', count(*),"
        " 'all', md5(string_agg(said, '|' ORDER BY number)),"
        f" 'before', md5(string_agg(said, '|' ORDER BY number) FILTER (WHERE number <= ${place})))"
        f" FROM (SELECT g::text AS said, row_number() OVER (ORDER BY {order}) AS number"
        f" FROM ({rows}) g) numbered)"
        for place, (name, (order, rows)) in enumerate(_GROWING.items(), start=4)
    )
    parts = ", ".join(f"'{name}', ({sql})" for name, sql in _PARTS.items())
    return (
        f"SELECT jsonb_build_object({parts}, 'grown', jsonb_build_object({grown}),"
        f" 'tables', (SELECT jsonb_object_agg(name, rows) FROM ({hashes}) h))::text"
    )


@dataclass
class Readers:
    """The owner's own connection to the database, on the loop on which the service lives."""

    runner: asyncio.Runner
    served: Served
    connection: asyncpg.Connection
    tables: list[str]
    question: Any

    @classmethod
    async def open(cls, runner: asyncio.Runner, served: Served, url: str, schema: str) -> "Readers":
        connection = await asyncpg.connect(url)
        await connection.execute(
            f"SET search_path = \"{schema}\"; SET timezone = 'UTC'; SET session_replication_role = replica"
        )
        found = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = $1"
            " AND tablename <> 'alembic_version' ORDER BY 1",
            schema,
        )
        tables = [row["tablename"] for row in found]
        question = await connection.prepare(_question(tables))
        return cls(runner, served, connection, tables, question)


@dataclass
class CaseOnRecord:
    """What was seen last, and what is asked of it."""

    readers: Readers
    ref: str
    judge: Judge = field(default_factory=Judge)
    seen: Row = field(default_factory=dict)

    @property
    def served(self) -> Served:
        return self.readers.served

    @property
    def now(self) -> datetime:
        return self.served.clock.at

    @property
    def case(self) -> Row:
        found: Row = self.seen["case"]
        return found

    @property
    def status(self) -> str:
        return str(self.case["status"])

    @property
    def closure(self) -> Row | None:
        """The case's present way towards its end."""
        return next(
            (each for each in self.rows("closures") if each["id"] == self.case["closure_id"]), None
        )

    def rows(self, part: str) -> list[Row]:
        return self.seen[part] or []

    def duties(self, *, standing: bool = True) -> list[Row]:
        return [each for each in self.rows("duties") if each["state"] == "open" or not standing]

    def look(self) -> tuple[Row, Row]:
        """Reads all, and judges it; raises AssertionError where something does not hold."""
        before, last = self.seen, self.seen.get("last") or {}
        grown = before.get("grown") or {}
        told = self.readers.runner.run(
            self.readers.question.fetchval(
                self.ref,
                last.get("outbox") or -1,
                last.get("facts") or -1,
                *(grown[name]["rows"] if grown else 0 for name in _GROWING),
            )
        )
        self.seen = json.loads(told)
        self.judge.sees(self.seen, before)
        return before, self.seen

    def said_of(self) -> dict[str, set[str]]:
        """The moments of every duty that were said or passed over."""
        found: dict[str, set[str]] = {}
        sql = "SELECT deadline_id::text AS id, moment FROM deadline_announcements"
        for row in self.readers.runner.run(self.readers.connection.fetch(sql)):
            found.setdefault(row["id"], set()).add(row["moment"])
        return found

    def clock_says(self, duty: Row, moment: str, at: datetime) -> None:
        """As a workflow does, through the bus."""
        event = DeadlineMomentReached(
            case_ref=self.ref,
            at=at,
            deadline_id=duty["id"],
            version=duty["version"],
            owner="cases",
            moment=moment,
        )
        self.readers.runner.run(self.served.hear(event))

    def demand_whole_chain(self) -> None:
        from_engine = self.readers.runner.run(self._first_broken())
        assert from_engine is None, "the audit's chain is broken"

    async def _first_broken(self) -> int | None:
        async with self.served.db.engine.connect() as connection:
            return await first_broken(connection, self.ref)
