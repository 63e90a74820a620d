"""What the spine's tests work with: a service called "cases" with one table, its relay, its consumer."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from contracts.envelope import Envelope
from contracts.events import Event
from contracts.events.timekeeping import DeadlineMomentReached
from domain.disclosure import Viewer
from domain.vocabulary import Role
from infrastructure.bus import Bus
from infrastructure.clock import wall_now
from infrastructure.cloudevents import Message
from infrastructure.db import Database
from infrastructure.ids import new_id
from infrastructure.inbox import Consumer
from infrastructure.settings import Settings
from infrastructure.unit_of_work import UnitOfWork

AMAL = Viewer("amal-h", "agency-north", "team-1", frozenset({Role.CASEWORKER}))
OPERATOR = Viewer("olga-o", "agency-north", None, frozenset({Role.OPERATIONS}))
APPLIED = """
CREATE TABLE {schema}.applied (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_ref text NOT NULL,
    sequence bigint NOT NULL, event_id uuid NOT NULL, number bigint NOT NULL)
"""
_NOTE = text(
    "INSERT INTO applied (case_ref, sequence, event_id, number) VALUES (:ref, :sequence, :id, :number)"
)


def a_case_ref(number: int = 1) -> str:
    return f"TL-{number:04d}-0000-0"


def an_event(
    ref: str = a_case_ref(), number: int = 0, moment: str = "due"
) -> DeadlineMomentReached:
    return DeadlineMomentReached(
        case_ref=ref,
        at=wall_now(),
        deadline_id=new_id(),
        version=number,
        owner="cases",
        moment=moment,
    )


async def note_applied(uow: UnitOfWork, event: DeadlineMomentReached) -> None:
    """The effect: a row for each event, in the order of application."""
    assert uow.cause is not None
    row = {
        "ref": event.case_ref, "sequence": uow.cause.sequence, "id": uow.cause.id, "number": event.version,
    }  # fmt: skip
    await uow.connection.execute(_NOTE, row)


def a_consumer(db: Database, handler: Callable[..., Awaitable[None]] = note_applied) -> Consumer:
    handlers: dict[type[Event], Callable[..., Awaitable[None]]] = {DeadlineMomentReached: handler}
    return Consumer(db, Bus(db.settings), "cases", ["timekeeping"], handlers)


@asynccontextmanager
async def running(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Tasks that are cancelled, and waited for, at the end."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(holds: Callable[[], Awaitable[object]], within: float = 40.0) -> None:
    """Waits for a condition; `within` in seconds is a bound, not a measure."""
    limit = time.monotonic() + within
    while not await holds():
        assert time.monotonic() < limit, "It did not come about in time."
        await asyncio.sleep(0.05)


async def applied(db: Database) -> list[Any]:
    async with db.engine.connect() as connection:
        found = await connection.execute(text("SELECT * FROM applied ORDER BY place"))
        return list(found)


async def outbox_depth(db: Database) -> int:
    async with db.engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one())


async def write_events(
    db: Database, *, writers: int = 8, commands: int = 25, cases: int = 6
) -> int:
    """Concurrent commands, each on one or two cases; answers how many events were said."""
    said = 0

    async def writer(number: int) -> None:
        nonlocal said
        chance = random.Random(number)
        for turn in range(commands):
            refs = {a_case_ref(chance.randrange(cases)) for _ in range(chance.choice((1, 2)))}
            async with db.transaction(AMAL) as uow:
                for ref in sorted(refs, key=lambda _: chance.random()):
                    uow.emit(an_event(ref, number=turn))
                    uow.audit("wrote", ref)
            said += len(refs)
            await asyncio.sleep(chance.random() / 50)

    await asyncio.gather(*(writer(number) for number in range(writers)))
    return said


async def assert_each_once_and_in_order(db: Database, said: int) -> None:
    rows = await applied(db)
    assert len(rows) == said
    assert len({row.event_id for row in rows}) == said
    by_case = defaultdict(list)
    for row in rows:
        by_case[row.case_ref].append(row.sequence)
    for sequences in by_case.values():
        assert sequences == list(range(1, len(sequences) + 1))


def a_message(event: Event, sequence: int = 1, event_id: UUID | None = None) -> Message:
    envelope = Envelope(
        id=event_id or new_id(), type=event.type, source="/test", subject=event.subject,
        time=event.happened_at, sequence=sequence, event=event,
    )  # fmt: skip
    return Message.of(envelope, event.topic)


async def put_on_bus(
    settings: Settings, message: Message, *, body: bytes | None = None, key: bytes | None = None,
    headers: list[tuple[str, bytes]] | None = None,
) -> None:  # fmt: skip
    """Writes a record past our own producer, so that it may be wrong."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap)
    await producer.start()
    try:
        await producer.send_and_wait(
            settings.topic(message.topic),
            value=message.body if body is None else body,
            key=message.key.encode() if key is None else key,
            headers=message.headers() if headers is None else headers,
        )
    finally:
        await producer.stop()


async def as_admin(admin_url: str, *statements: str) -> None:
    admin = await asyncpg.connect(admin_url)
    try:
        for statement in statements:
            await admin.execute(statement)
    finally:
        await admin.close()
