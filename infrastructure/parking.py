"""Events that could not be applied, parked by key: later events of that case wait with them, in order.

An operator sees why, then replays them or skips one, on the record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from domain.disclosure import Viewer
from domain.errors import Hidden, Malformed, Missing
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.cloudevents import Headers
from infrastructure.spine import SPINE
from infrastructure.unit_of_work import UnitOfWork

_PARKED = SPINE.parked_events.c
_LEAST_REASON = 10
_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' parked ' || :key, 0))"
)
_WAITING = text("""
SELECT EXISTS (SELECT 1 FROM parked_events WHERE key = :key AND skipped_at IS NULL)
""")
_PARK = text("""
INSERT INTO parked_events (key, event_id, type, topic, partition, "offset", record_key,
                           header_names, header_values, body, reason, sentence)
VALUES (:key, :event_id, :type, :topic, :partition, :offset, :record_key,
        CAST(:header_names AS text[]), CAST(:header_values AS bytea[]), :body, :reason, :sentence)
ON CONFLICT DO NOTHING
""")
_OLDEST = text("""
SELECT * FROM parked_events WHERE key = :key AND skipped_at IS NULL ORDER BY id LIMIT 1
""")
_FREE = text("DELETE FROM parked_events WHERE id = :id")
_NAME_REASON = text(
    "UPDATE parked_events SET reason = :reason, sentence = :sentence WHERE id = :id"
)
_KEY_OF = text("SELECT key FROM parked_events WHERE id = :id AND skipped_at IS NULL")
_SKIP = text("""
UPDATE parked_events SET skipped_at = clock_timestamp(), skipped_by = :by, skipped_because = :because
WHERE id = :id AND skipped_at IS NULL RETURNING event_id
""")
_COUNT_AS_APPLIED = text("INSERT INTO inbox (event_id) VALUES (:event_id) ON CONFLICT DO NOTHING")


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record as it came."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an event is parked: a code and a sentence, neither with anything of its content."""

    reason: str
    sentence: str
    event_id: UUID | None = None
    type: str | None = None


WAITS = Cause("waits", "An earlier event of this case is parked.")


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """One waiting event, as an operator sees it; `parked_at` is wall time."""

    id: int
    key: str
    event_id: UUID | None
    type: str | None
    topic: str
    partition: int
    offset: int
    reason: str
    sentence: str
    parked_at: datetime


def demand_operator(viewer: Viewer) -> None:
    """Raises Hidden unless the viewer looks after the platform."""
    if not viewer.has(Role.OPERATIONS, Role.ADMINISTRATOR):
        raise Hidden


async def list_parked(
    uow: UnitOfWork, cursor: str | None = None, limit: int = paging.MOST
) -> tuple[list[ParkedEvent], str | None]:
    """Waiting events in the order they were parked; raises Hidden unless the viewer is an operator."""
    demand_operator(uow.viewer)
    query = select(*(_PARKED[name] for name in ParkedEvent.__slots__))
    waiting = query.where(_PARKED.skipped_at.is_(None))
    rows, following = await paging.page(uow, waiting, [_PARKED.id], cursor, limit)
    return [ParkedEvent(**row) for row in rows], following


async def skip(uow: UnitOfWork, parked_id: int, reason: str) -> None:
    """Gives one waiting event up for good; those behind it wait for a replay.

    Raises Hidden unless the viewer is an operator, Malformed without a reason, Missing for no such event.
    """
    demand_operator(uow.viewer)
    if len(reason.strip()) < _LEAST_REASON:
        allowed = (f"a sentence of {_LEAST_REASON} characters or more",)
        raise Malformed("A skipped event needs a reason.", field="reason", allowed=allowed)
    key = (await uow.connection.execute(_KEY_OF, {"id": parked_id})).scalar()
    if key is None:
        raise Missing("There is no such parked event.")
    await lock(uow, key)
    whose = {"id": parked_id, "by": uow.viewer.staff_id, "because": reason.strip()}
    skipped = (await uow.connection.execute(_SKIP, whose)).first()
    if skipped is None:
        raise Missing("There is no such parked event.")
    if skipped.event_id is not None:
        # The relay may send it again; it stays skipped.
        await uow.connection.execute(_COUNT_AS_APPLIED, {"event_id": skipped.event_id})
    uow.audit("event-skipped", key)


async def lock(uow: UnitOfWork, key: str) -> None:
    """One at a time parks, replays or skips events of a key; until the transaction ends."""
    await uow.connection.execute(_LOCK, {"key": key})


async def is_waiting(uow: UnitOfWork, key: str) -> bool:
    return bool((await uow.connection.execute(_WAITING, {"key": key})).scalar())


async def park(uow: UnitOfWork, key: str, record: Record, cause: Cause) -> None:
    """A record is parked once, however often Kafka delivers it."""
    await uow.connection.execute(
        _PARK,
        {
            "key": key,
            "event_id": cause.event_id,
            "type": cause.type,
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "record_key": record.key,
            "header_names": [name for name, _ in record.headers],
            "header_values": [value for _, value in record.headers],
            "body": record.body,
            "reason": cause.reason,
            "sentence": cause.sentence,
        },
    )


async def oldest(uow: UnitOfWork, key: str) -> tuple[int, Record] | None:
    """The parked id and the record that has waited longest."""
    row = (await uow.connection.execute(_OLDEST, {"key": key})).mappings().first()
    return (row["id"], _record(row)) if row else None


async def free(uow: UnitOfWork, parked_id: int) -> None:
    await uow.connection.execute(_FREE, {"id": parked_id})


async def name_reason(uow: UnitOfWork, parked_id: int, cause: Cause) -> None:
    await uow.connection.execute(
        _NAME_REASON, {"id": parked_id, "reason": cause.reason, "sentence": cause.sentence}
    )


def _record(row: Mapping[Any, Any]) -> Record:
    names: Sequence[str] = row["header_names"]
    return Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["offset"],
        key=row["record_key"],
        headers=list(zip(names, row["header_values"], strict=True)),
        body=row["body"],
    )
