"""One command's transaction: what it records, says and is audited for becomes true together or not at all."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Envelope
from contracts.events import Event
from domain.disclosure import Viewer
from domain.errors import Outdated
from infrastructure.audit_chain import ALLOWED, AuditEntry
from infrastructure.ids import new_id
from infrastructure.telemetry import current_traceparent

if TYPE_CHECKING:
    from infrastructure.policy_packs import PolicyPacks

# Rows are locked in the order of the array, which is sorted: two commands never wait for each other in a ring.
_LOCK = text("""
INSERT INTO streams AS stream (subject, sequence, audit_sequence, audit_head)
SELECT subject, events, entries, ''
FROM unnest(CAST(:subjects AS text[]), CAST(:events AS bigint[]), CAST(:entries AS bigint[]))
     AS touched (subject, events, entries)
ON CONFLICT (subject) DO UPDATE
SET sequence = stream.sequence + excluded.sequence,
    audit_sequence = stream.audit_sequence + excluded.audit_sequence
RETURNING subject, sequence, audit_sequence, audit_head
""")

# One statement for all that follows: a round trip is what a command mostly waits for.
_WRITE = text("""
WITH heads AS (
    UPDATE streams SET audit_head = latest.head
    FROM unnest(CAST(:head_subjects AS text[]), CAST(:heads AS bytea[])) AS latest (subject, head)
    WHERE streams.subject = latest.subject
), entries AS (
    INSERT INTO audit (subject, sequence, at, staff_id, agency_id, roles, action, section, outcome, hash)
    SELECT * FROM unnest(
        CAST(:a_subject AS text[]), CAST(:a_sequence AS bigint[]), CAST(:a_at AS timestamptz[]),
        CAST(:a_staff_id AS text[]), CAST(:a_agency_id AS text[]), CAST(:a_roles AS text[]),
        CAST(:a_action AS text[]), CAST(:a_section AS text[]), CAST(:a_outcome AS text[]),
        CAST(:a_hash AS bytea[]))
)
INSERT INTO outbox
    (id, aggregatetype, aggregateid, type, payload, subject, sequence, source, time, traceparent)
SELECT id, topic, key, type, CAST(payload AS jsonb), subject, sequence, :source, time,
       CAST(:traceparent AS text)
FROM unnest(
    CAST(:o_id AS uuid[]), CAST(:o_topic AS text[]), CAST(:o_key AS text[]), CAST(:o_type AS text[]),
    CAST(:o_payload AS text[]), CAST(:o_subject AS text[]), CAST(:o_sequence AS bigint[]),
    CAST(:o_time AS timestamptz[])
) WITH ORDINALITY AS said (id, topic, key, type, payload, subject, sequence, time, place)
ORDER BY place
""")
_AUDIT_FIELDS = (
    "subject", "sequence", "at", "staff_id", "agency_id", "roles", "action", "section", "outcome", "hash",
)  # fmt: skip
_OUTBOX_FIELDS = ("id", "topic", "key", "type", "payload", "subject", "sequence", "time")


@dataclass(frozen=True, slots=True)
class Said:
    """An event that waits for the commit."""

    id: UUID
    event: Event


# How many changes of a subject its service's own rows hold, those of this transaction included.
ChangesOf = Callable[["UnitOfWork", str], Awaitable[int]]


class UnitOfWork:
    """What a command works with. `now` is case time (UTC), the same all through the command."""

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        viewer: Viewer,
        now: datetime,
        service: str,
        packs: "PolicyPacks | None" = None,
        cause: Envelope | None = None,
    ) -> None:
        self.connection = connection
        self.viewer = viewer
        self.now = now
        self.service = service
        self.cause = cause
        self._packs = packs
        self.said: list[Said] = []
        self.entries: list[AuditEntry] = []
        self.expected: frozenset[int] | None = None  # versions of its subject it may change
        self.version: int | None = None  # of its one subject, once it is written
        self.named: frozenset[str] = (
            frozenset()
        )  # what the address names: its subject among several
        self.changes_of: ChangesOf | None = None  # counted beside the events; None: they tell all
        self._noted: Counter[str] = Counter()
        self._has_own_version = False

    @property
    def packs(self) -> "PolicyPacks":
        """The policy packs; a process that was given none has no business asking."""
        if self._packs is None:
            raise LookupError("This database was opened without policy packs.")
        return self._packs

    def emit(self, event: Event, event_id: UUID | None = None) -> UUID:
        """Says the event when, and only when, this transaction commits; answers its id."""
        said = Said(event_id or new_id(), event)
        self.said.append(said)
        return said.id

    def audit(
        self, action: str, case_ref: str, section: str | None = None, outcome: str = ALLOWED
    ) -> None:
        """Notes who did this. An entry of another outcome is kept even when the command is refused."""
        viewer = self.viewer
        roles = ",".join(sorted(viewer.roles))
        self.entries.append(
            AuditEntry(
                case_ref,
                self.now,
                viewer.staff_id,
                viewer.agency_id,
                roles,
                action,
                section,
                outcome,
            )
        )

    def note_change(self, subject: str, changes: int = 1) -> None:
        """Rows that `changes_of` counts were added here, whether or not the bus is told."""
        self._noted[subject] += changes

    def stands_at(self, version: int | None) -> None:
        """The record has a version of its own, whatever its stream counts; None: there is no such record yet.

        If-Match is held against the first that is told (read under its lock), ETag is the last. Raises Outdated.
        """
        if not self._has_own_version:
            self._demand_expected(version)
        self.version, self._has_own_version = version, True

    async def flush(self) -> None:
        """Writes what was said and noted; called by Database just before it commits. Raises Outdated."""
        if not (self.said or self.entries):
            self._demand_stream(None)
            return
        events = Counter(said.event.key for said in self.said)
        entries = Counter(entry.subject for entry in self.entries)
        subjects = sorted(events | entries)
        locked = await self.connection.execute(
            _LOCK,
            {
                "subjects": subjects,
                "events": [events[subject] for subject in subjects],
                "entries": [entries[subject] for subject in subjects],
            },
        )
        streams = {row.subject: row for row in locked}
        sequences = {subject: streams[subject].sequence - events[subject] for subject in subjects}
        own = self._own_subject(subjects)
        further = await self._further_changes(own)
        self._demand_stream(None if own is None else sequences[own] + further - self._noted[own])
        audit_rows, heads = self._chained(streams, entries)
        if own is not None and not self._has_own_version:
            self.version = streams[own].sequence + further
        await self.connection.execute(
            _WRITE,
            {
                "head_subjects": list(heads),
                "heads": list(heads.values()),
                "source": f"/throughline/{self.service}",
                "traceparent": current_traceparent() if self.said else None,
                **_columns("a_", _AUDIT_FIELDS, audit_rows),
                **_columns("o_", _OUTBOX_FIELDS, self._outbox_rows(sequences)),
            },
        )

    def _own_subject(self, subjects: Sequence[str]) -> str | None:
        """The one that is written or read; of several, the one that the address names."""
        named = [each for each in subjects if len(subjects) == 1 or each in self.named]
        return named[0] if len(named) == 1 else None

    async def _further_changes(self, own: str | None) -> int:
        """Asked for under the subject's lock: whoever held it before has committed."""
        if own is None or self.changes_of is None or self._has_own_version:
            return 0
        return await self.changes_of(self, own)

    def _demand_stream(self, found: int | None) -> None:
        if not self._has_own_version:
            self._demand_expected(found)

    def _demand_expected(self, found: int | None) -> None:
        """Checked under the subject's lock, so that of two who read the same version one is refused."""
        if self.expected is not None and found not in self.expected:
            raise Outdated

    def _outbox_rows(self, sequences: dict[str, int]) -> list[tuple[Any, ...]]:
        rows = []
        for said in self.said:
            event = said.event
            sequences[event.key] += 1
            # Deadline events have no topic of their own: they travel in their owner's.
            topic = event.topic or self.service
            rows.append(
                (
                    said.id, topic, event.key, event.type, event.model_dump_json(), event.subject,
                    sequences[event.key], event.happened_at,
                )
            )  # fmt: skip
        return rows

    def _chained(
        self, streams: dict[str, Any], entries: Counter[str]
    ) -> tuple[list[tuple[Any, ...]], dict[str, bytes]]:
        heads = {subject: bytes(streams[subject].audit_head) for subject in entries}
        sequences = {
            subject: streams[subject].audit_sequence - entries[subject] for subject in entries
        }
        rows = []
        for entry in self.entries:
            sequences[entry.subject] += 1
            sequence = sequences[entry.subject]
            heads[entry.subject] = entry.hash(heads[entry.subject], sequence)
            rows.append(
                (
                    entry.subject, sequence, entry.at, entry.staff_id, entry.agency_id, entry.roles,
                    entry.action, entry.section, entry.outcome, heads[entry.subject],
                )
            )  # fmt: skip
        return rows, heads


def _columns(
    prefix: str, fields: Sequence[str], rows: Sequence[Sequence[Any]]
) -> dict[str, list[Any]]:
    return {f"{prefix}{field}": [row[at] for row in rows] for at, field in enumerate(fields)}
