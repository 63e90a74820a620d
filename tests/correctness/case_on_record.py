"""One case of the real cases service as its tables have it, and what must hold of it whatever was done.

Read with SQL, past every rule: the record is judged by itself.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text

from contracts.events.timekeeping import DeadlineMomentReached
from domain.case import IN_WORK
from infrastructure.audit_chain import first_broken
from services.cases.store.tables import metadata
from tests.services.served import Served

Row = dict[str, Any]
_STEPPING = ("registered", "assessing", "planning", "closing")  # the next step is the case's own
_SAID = (
    "deadline.opened.v1",
    "deadline.reminded.v1",
    "deadline.missed.v1",
    "deadline.escalated.v1",
)
_ENDED = ("deadline.met.v1", "deadline.cancelled.v1", "deadline.waived.v1")
# What a refusal may add to: who tried is audited; the rest is not about one case.
_BESIDE = ("audit", "streams", "idempotency", "inbox", "parked_events", "agencies", "staff")


def _about(table: Table) -> str | None:
    """Which rows of a table are about the case."""
    columns = table.c.keys()
    if table.name in _BESIDE:
        return None
    for column in ("case_ref", "ref", "aggregateid", "subject"):
        if column in columns:
            return f"{column} = :ref"
    if "deadline_id" in columns:
        return "deadline_id IN (SELECT id FROM deadlines WHERE case_ref = :ref)"
    return "true"


_EVERYTHING = " UNION ALL ".join(
    f"SELECT '{table.name}' AS name, md5(coalesce(string_agg(each::text, '|' ORDER BY each::text), ''))"
    f' AS rows FROM "{table.name}" AS each WHERE {about}'
    for table in metadata.sorted_tables
    if (about := _about(table)) is not None
)
_GROWING = {
    "audit": "SELECT sequence, hash FROM audit WHERE subject = :ref ORDER BY sequence",
    "facts": "SELECT id, name, at, recorded_at FROM facts WHERE case_ref = :ref ORDER BY place",
    "outbox": "SELECT seq, id, type FROM outbox WHERE aggregateid = :ref ORDER BY seq",
    "changes": "SELECT c.* FROM deadline_changes c JOIN deadlines d ON d.id = c.deadline_id"
    " WHERE d.case_ref = :ref ORDER BY c.id",
}


@dataclass
class CaseOnRecord:
    """`runner` is the loop on which the service lives."""

    runner: asyncio.Runner
    served: Served
    ref: str
    status: str = ""
    grown: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.served.clock.at

    def rows(self, sql: str) -> list[Row]:
        return self.runner.run(self._rows(sql))

    def duties(self, *, standing: bool = True) -> list[Row]:
        """In an order that does not depend on chance."""
        which = "AND state = 'open'" if standing else ""
        return self.rows(
            f"SELECT * FROM deadlines WHERE case_ref = :ref {which}"
            " ORDER BY due_at, step, version, anchored_at, subject_type"
        )

    def said_of(self) -> dict[UUID, set[str]]:
        """The moments of every duty that were said or passed over."""
        found: dict[UUID, set[str]] = {}
        for row in self.rows(
            "SELECT a.deadline_id, a.moment FROM deadline_announcements a"
            " JOIN deadlines d ON d.id = a.deadline_id WHERE d.case_ref = :ref"
        ):
            found.setdefault(row["deadline_id"], set()).add(row["moment"])
        return found

    def everything(self) -> dict[str, str]:
        """A hash of all that stands on the record, table by table."""
        return {row["name"]: row["rows"] for row in self.rows(_EVERYTHING)}

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
        self.runner.run(self.served.hear(event))

    def judge(self) -> None:
        """Raises AssertionError where something does not hold."""
        (case,) = self.rows("SELECT * FROM cases WHERE ref = :ref")
        self.status, duties = case["status"], self.duties(standing=False)
        _owes_something(case, duties)
        _closed_by_two(case, self.rows("SELECT * FROM closures WHERE case_ref = :ref"))
        _decided_by_two(self.rows("SELECT * FROM deadline_requests WHERE case_ref = :ref"))
        spoken = self.rows(
            "SELECT type, payload FROM outbox WHERE aggregateid = :ref"
            " AND type LIKE 'deadline.%' ORDER BY seq"
        )
        late = self.rows("SELECT deadline_id FROM deadline_changes WHERE change = 'evidence-late'")
        _said_once_and_in_time(spoken, {str(row["deadline_id"]) for row in late})
        self._only_grows()

    def _only_grows(self) -> None:
        for name, sql in _GROWING.items():
            found, before = self.rows(sql), self.grown.get(name, [])
            assert found[: len(before)] == before, f"{name} was changed"
            self.grown[name] = found
        assert self.runner.run(self._first_broken()) is None, "the audit's chain is broken"

    async def _rows(self, sql: str) -> list[Row]:
        async with self.served.db.engine.connect() as connection:
            found = await connection.execute(text(sql), {"ref": self.ref} if ":ref" in sql else {})
            return [dict(row) for row in found.mappings()]

    async def _first_broken(self) -> int | None:
        async with self.served.db.engine.connect() as connection:
            return await first_broken(connection, self.ref)


def _owes_something(case: Row, duties: list[Row]) -> None:
    """A case with a plan may owe no more than its review, which the service reviews keeps."""
    is_open = any(each["state"] == "open" for each in duties)
    if case["status"] in _STEPPING:
        assert is_open, f"{case['status']} and nothing is owed"
    if case["status"] in IN_WORK:
        assert is_open or case["plan_version"], "in work and nothing is owed"
        people = {case["caseworker_id"], case["supervisor_id"]}
        assert len(people - {None}) == 2, f"these have the case: {people}"


def _closed_by_two(case: Row, closures: list[Row]) -> None:
    for each in closures:
        if each["closed_at"] is not None:
            assert each["decided_by"] is not None, "closed without approval"
            assert each["decided_by"] != each["requested_by"], "closed by who asked"
    if case["status"] in ("closed", "archived"):
        closed = [each["id"] for each in closures if each["closed_at"] is not None]
        assert case["closure_id"] in closed, "closed without a closure"


def _decided_by_two(requests: list[Row]) -> None:
    for each in requests:
        assert each["decided_by"] != each["asked_by"]
        assert (each["state"] == "asked") == (each["decided_by"] is None)


def _said_once_and_in_time(spoken: list[Row], evidence_late: set[str]) -> None:
    ended: set[str] = set()
    missed: set[str] = set()
    said: set[tuple[str, str]] = set()
    for row in spoken:
        kind, told = row["type"], row["payload"]
        duty = told["deadline_id"]
        if kind in _ENDED:
            assert duty not in ended, "ended twice"
            ended.add(duty)
            if kind == "deadline.met.v1" and not told["late"]:
                assert duty not in missed or duty in evidence_late, "met in time, and missed"
        elif kind in _SAID:
            assert duty not in ended, f"{told['moment']} was said of what had ended"
            assert (duty, told["moment"]) not in said, f"{told['moment']} was said twice"
            said.add((duty, told["moment"]))
            if kind == "deadline.missed.v1":
                assert duty not in missed, "missed twice"
                missed.add(duty)
