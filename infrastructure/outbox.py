"""The relay: carries what was committed to Kafka, in order, one active relay a service.

It takes the oldest rows, sends them, and deletes those that were acknowledged. No cursor: `seq > last` loses
rows that commit late, and workers that skip locked rows reorder them. When a send fails, the whole producer
session is dropped and everything starts again from the oldest row. Some events then arrive twice; but whoever
sends, two relays at once included, starts at the oldest row and goes on in order. So the first occurrences of a
case's events are always in order, and the inbox drops the others.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncpg
import structlog
from prometheus_client import Counter, Gauge

from domain.errors import Unavailable
from infrastructure.bus import Bus, Producer
from infrastructure.cloudevents import Message
from infrastructure.db import Database, is_transient

POLL_SECONDS = 0.05
BATCH = 400
_STANDBY_SECONDS = 0.5
_LONGEST_BACKOFF = 2.0
_MEASURE_EVERY = 5.0

_LOCK = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
_OLDEST = """
SELECT seq, id, aggregatetype, aggregateid, type, payload::text AS payload, subject, sequence,
       source, time, traceparent
FROM outbox ORDER BY seq LIMIT $1
"""
_DELETE = "DELETE FROM outbox WHERE seq = ANY($1::bigint[])"
_MEASURE = """
SELECT count(*) AS depth,
       coalesce(extract(epoch FROM clock_timestamp() - min(queued_at)), 0)::float8 AS oldest
FROM outbox
"""

DEPTH = Gauge("throughline_outbox_depth", "Events waiting to be sent", ["service"])
OLDEST = Gauge("throughline_outbox_oldest_seconds", "Age of the oldest waiting event", ["service"])
SENT = Counter("throughline_outbox_sent", "Events acknowledged by Kafka", ["service"])
ACTIVE = Gauge("throughline_relay_active", "1 while this process relays", ["service"])
FAILED = Counter("throughline_relay_failures", "Producer sessions that were dropped", ["service"])

log = structlog.get_logger()


class ConnectionLost(ConnectionError):
    """The connection that holds the lock is gone: another relay may be at work already."""


class Relay:
    """Runs until cancelled; outlives Postgres and Kafka being away."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus
        self._labels = (db.service or db.schema,)
        self._woken = asyncio.Event()
        db.on_commit(self.wake)

    def wake(self) -> None:
        """Something was committed: look at once."""
        self._woken.set()

    async def run(self) -> None:
        backoff = POLL_SECONDS
        while True:
            began = time.monotonic()
            try:
                await self._while_connected()
            except Exception as failure:
                if not is_transient(failure):
                    log.exception("relay_failed")
            # Whoever worked for a while starts afresh quickly; whoever fails at once waits ever longer.
            lasted = time.monotonic() - began > _LONGEST_BACKOFF
            backoff = POLL_SECONDS if lasted else min(backoff * 2, _LONGEST_BACKOFF)
            await asyncio.sleep(backoff)

    async def _while_connected(self) -> None:
        connection = await self._db.own_connection()
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await self._become_active(connection)
            ACTIVE.labels(*self._labels).set(1)
            await _unless(lost, self._relay(connection))
        finally:
            ACTIVE.labels(*self._labels).set(0)
            await _close(connection)

    async def _become_active(self, connection: "asyncpg.Connection[Any]") -> None:
        # Advisory locks are the database's, which services share: the schema is part of the name.
        name = f"throughline outbox {self._db.schema}"
        while not await connection.fetchval(_LOCK, name):  # noqa: ASYNC110 - the lock is Postgres's
            await asyncio.sleep(_STANDBY_SECONDS)

    async def _relay(self, connection: "asyncpg.Connection[Any]") -> None:
        session = _Session(self._bus)
        measured = 0.0
        try:
            while True:
                if time.monotonic() - measured > _MEASURE_EVERY:
                    measured = time.monotonic()
                    await self._measure(connection)
                self._woken.clear()
                rows = await connection.fetch(_OLDEST, BATCH)
                if rows:
                    await self._carry(connection, session, rows)
                else:
                    await _first(self._woken.wait, POLL_SECONDS)
        finally:
            await session.end()

    async def _carry(
        self, connection: "asyncpg.Connection[Any]", session: "_Session", rows: list[Any]
    ) -> None:
        acknowledged = await session.send([_message(row) for row in rows])
        if acknowledged:
            await connection.execute(_DELETE, [rows[place]["seq"] for place in acknowledged])
            SENT.labels(*self._labels).inc(len(acknowledged))
        if len(acknowledged) < len(rows):
            FAILED.labels(*self._labels).inc()
            log.warning("relay_send_failed", unsent=len(rows) - len(acknowledged))
            await session.start_afresh()

    async def _measure(self, connection: "asyncpg.Connection[Any]") -> None:
        found = await connection.fetchrow(_MEASURE)
        DEPTH.labels(*self._labels).set(found["depth"])
        OLDEST.labels(*self._labels).set(found["oldest"])


class _Session:
    """The producer at hand, made when first needed and made anew after a failure."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._producer: Producer | None = None
        self._backoff = POLL_SECONDS

    async def send(self, messages: list[Message]) -> list[int]:
        try:
            if self._producer is None:
                self._producer = await self._bus.new_producer()
        except Unavailable:
            return []
        acknowledged = await self._producer.send(messages)
        if acknowledged:
            self._backoff = POLL_SECONDS
        return acknowledged

    async def start_afresh(self) -> None:
        await self.end()
        await asyncio.sleep(self._backoff)
        self._backoff = min(self._backoff * 2, _LONGEST_BACKOFF)

    async def end(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.abandon()


def _message(row: Any) -> Message:
    return Message(
        topic=row["aggregatetype"],
        key=row["aggregateid"],
        id=row["id"],
        type=row["type"],
        source=row["source"],
        subject=row["subject"],
        time=row["time"],
        sequence=row["sequence"],
        body=row["payload"].encode(),
        traceparent=row["traceparent"],
    )


async def _unless(lost: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Does the work, and stops it at once when the connection is lost."""
    working = asyncio.create_task(work)
    watching = asyncio.create_task(lost.wait())
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        raise ConnectionLost
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _first(waiting: Callable[[], Awaitable[object]], within: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await waiting()


async def _close(connection: "asyncpg.Connection[Any]") -> None:
    """Gives the lock back at once, or by cutting the connection."""
    try:
        await connection.close(timeout=1)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
