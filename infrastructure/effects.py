"""What an event does to a record, once: the inbox row and the effect become true together, or it is parked."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import text

from contracts.envelope import Envelope
from contracts.events import Event
from domain.disclosure import Viewer
from domain.errors import DomainError, Unavailable
from infrastructure import parking
from infrastructure.cloudevents import Unreadable, read
from infrastructure.db import Database, is_transient
from infrastructure.parking import Cause, Record
from infrastructure.telemetry import continue_from
from infrastructure.unit_of_work import UnitOfWork

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]
_ATTEMPTS = 3
_BETWEEN_ATTEMPTS = 0.05

_CLAIM = text("""
INSERT INTO inbox (event_id)
SELECT CAST(:event_id AS uuid)
WHERE NOT EXISTS (SELECT 1 FROM parked_events WHERE key = :key AND skipped_at IS NULL)
ON CONFLICT DO NOTHING RETURNING event_id
""")
_CLAIM_PARKED = text(
    "INSERT INTO inbox (event_id) VALUES (:event_id) ON CONFLICT DO NOTHING RETURNING event_id"
)
_APPLIED = text("SELECT EXISTS (SELECT 1 FROM inbox WHERE event_id = :event_id)")

TAKEN = Counter("throughline_inbox_events", "Events taken from the bus", ["service", "outcome"])
log = structlog.get_logger()


class Outcome(StrEnum):
    """What became of a record."""

    APPLIED = "applied"
    DOUBLE = "double"
    PASSED_OVER = "passed-over"
    PARKED = "parked"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Replay:
    """How many events were applied, and why it stopped; no `cause`: nothing waits any more."""

    applied: int
    cause: Cause | None = None


class Effects:
    """One service's handlers, applied to records. Raises Unavailable while Postgres is away; try again."""

    def __init__(self, db: Database, service: str, handlers: Mapping[type[Event], Handler]) -> None:
        self._db = db
        self._service = service
        self._handlers = handlers
        self._viewer = Viewer.system(service)

    async def take(self, record: Record) -> Outcome:
        """Applies the event, or parks it with its key; a known type without a handler is passed over."""
        outcome = await self._take(record)
        TAKEN.labels(self._service, outcome.value).inc()
        return outcome

    async def _take(self, record: Record) -> Outcome:
        try:
            envelope = read(record.headers, record.key, record.body)
        except Unreadable as unreadable:
            key = unreadable.key or (record.key or b"").decode(errors="replace")
            cause = Cause(unreadable.reason, str(unreadable), unreadable.event_id)
            return await self._park(key, record, cause)
        handler = self._handlers.get(type(envelope.event))
        if handler is None:
            return Outcome.PASSED_OVER
        with continue_from(envelope.traceparent, f"{envelope.type} consume"):
            return await self._apply_or_park(envelope, handler, record)

    async def _apply_or_park(self, envelope: Envelope, handler: Handler, record: Record) -> Outcome:
        key = envelope.event.key
        while True:
            try:
                outcome = await _tried(lambda: self._apply(envelope, handler))
            except Unavailable:
                raise
            except Exception as failure:
                return await self._park(key, record, _cause(envelope, failure))
            if outcome is not Outcome.WAITS:
                return outcome
            waits = Cause(parking.WAITS.reason, parking.WAITS.sentence, envelope.id, envelope.type)
            if await self._park(key, record, waits, behind_others=True) is Outcome.PARKED:
                return outcome
            # The last parked event of this key was replayed in between: it is this one's turn.

    async def _apply(self, envelope: Envelope, handler: Handler) -> Outcome:
        async with self._db.transaction(self._viewer, cause=envelope) as uow:
            which = {"event_id": envelope.id, "key": envelope.event.key}
            if (await uow.connection.execute(_CLAIM, which)).first():
                await handler(uow, envelope.event)
                return Outcome.APPLIED
            applied = await uow.connection.execute(_APPLIED, {"event_id": envelope.id})
            return Outcome.DOUBLE if applied.scalar() else Outcome.WAITS

    async def _park(
        self, key: str, record: Record, cause: Cause, *, behind_others: bool = False
    ) -> Outcome:
        """`behind_others`: only if others of the key still wait, else answers WAITS."""
        async with self._db.transaction(self._viewer) as uow:
            await parking.lock(uow, key)
            if behind_others and not await parking.is_waiting(uow, key):
                return Outcome.WAITS
            await parking.park(uow, key, record, cause)
        log.warning(
            "event_parked", reason=cause.reason, topic=record.topic, partition=record.partition,
            offset=record.offset,
        )  # fmt: skip
        return Outcome.PARKED

    async def replay(self, key: str, viewer: Viewer) -> Replay:
        """Applies the parked events of a key in order, and stops at the first that still fails.

        Raises Hidden unless the viewer is an operator.
        """
        parking.demand_operator(viewer)
        async with self._db.transaction(viewer) as uow:
            uow.audit("events-replayed", key)
        applied = 0
        while True:
            try:
                if not await self._replay_oldest(key):
                    return Replay(applied)
            except _StillFails as stopped:
                async with self._db.transaction(self._viewer) as uow:
                    await parking.name_reason(uow, stopped.parked_id, stopped.cause)
                return Replay(applied, stopped.cause)
            applied += 1

    async def _replay_oldest(self, key: str) -> bool:
        async with self._db.transaction(self._viewer) as uow:
            await parking.lock(uow, key)
            found = await parking.oldest(uow, key)
            if found is None:
                return False
            parked_id, record = found
            try:
                await self._apply_parked(uow, record)
            except Exception as failure:
                if is_transient(failure):
                    raise
                raise _StillFails(parked_id, _cause(uow.cause, failure)) from failure
            await parking.free(uow, parked_id)
        return True

    async def _apply_parked(self, uow: UnitOfWork, record: Record) -> None:
        envelope = uow.cause = read(record.headers, record.key, record.body)
        handler = self._handlers.get(type(envelope.event))
        claim = await uow.connection.execute(_CLAIM_PARKED, {"event_id": envelope.id})
        if handler is not None and claim.first():
            with continue_from(envelope.traceparent, f"{envelope.type} replay"):
                await handler(uow, envelope.event)


class _StillFails(Exception):
    def __init__(self, parked_id: int, cause: Cause) -> None:
        self.parked_id = parked_id
        self.cause = cause
        super().__init__(cause.reason)


async def _tried(apply: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """A refusal stands at once; anything else unforeseen is tried a few times first."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return await apply()
        except DomainError:
            raise
        except Exception:
            await asyncio.sleep(_BETWEEN_ATTEMPTS)
    return await apply()


def _cause(envelope: Envelope | None, failure: Exception) -> Cause:
    event_id, event_type = (envelope.id, envelope.type) if envelope else (None, None)
    match failure:
        case Unreadable():
            return Cause(failure.reason, str(failure), failure.event_id, event_type)
        case DomainError():
            # The class's own sentence: what an instance adds may quote what was recorded.
            return Cause(failure.code, failure.title(), event_id, event_type)
        case _:
            sentence = f"The handler failed with {type(failure).__name__}."
            return Cause("handler-failed", sentence, event_id, event_type)
