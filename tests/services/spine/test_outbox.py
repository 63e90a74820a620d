"""Nothing lost, nothing out of order for a case, nothing applied twice; whatever is killed or away."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from infrastructure.bus import Bus
from infrastructure.db import Database
from infrastructure.outbox import Relay
from tests.services.spine.wire import Wire
from tests.services.spine.world import (
    AMAL,
    a_case_ref,
    a_consumer,
    an_event,
    applied,
    assert_each_once_and_in_order,
    outbox_depth,
    running,
    until,
    write_events,
)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]


def all_applied(db: Database, said: int) -> Callable[[], object]:
    async def done() -> bool:
        return len(await applied(db)) >= said and await outbox_depth(db) == 0

    return done


async def test_what_was_committed_arrives_and_leaves_the_outbox(bus_db: Database) -> None:
    async with running(Relay(bus_db, Bus(bus_db.settings)).run(), a_consumer(bus_db).run()):
        said = await write_events(bus_db, writers=2, commands=5)
        await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


async def test_eight_writers_while_the_relay_is_killed_at_random(bus_db: Database) -> None:
    chance = random.Random(7)

    async def killed_again_and_again() -> None:
        while True:
            # Two at once, so that a lock changes hands each time.
            async with running(*(Relay(bus_db, Bus(bus_db.settings)).run() for _ in range(2))):
                await asyncio.sleep(chance.uniform(0.05, 0.4))

    async with running(a_consumer(bus_db).run()):
        async with running(killed_again_and_again()):
            said = await write_events(bus_db, commands=60)
        async with running(Relay(bus_db, Bus(bus_db.settings)).run()):
            await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


async def test_eight_writers_while_relay_processes_are_killed_outright(bus_db: Database) -> None:
    chance = random.Random(11)
    said = 0
    async with running(a_consumer(bus_db).run()):
        for _ in range(3):
            process = a_relay_process(bus_db)
            try:
                await until(partial(is_relaying, process), within=20)
                writing = asyncio.create_task(write_events(bus_db, commands=8))
                await asyncio.sleep(chance.uniform(0.02, 0.3))
            finally:
                process.send_signal(signal.SIGKILL)
                await asyncio.to_thread(process.communicate)
            said += await writing
        async with running(Relay(bus_db, Bus(bus_db.settings)).run()):
            await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


def a_relay_process(db: Database) -> subprocess.Popen[str]:
    settings = db.settings
    environment = {
        "THROUGHLINE_ENVIRONMENT": "test",
        "THROUGHLINE_SERVICE_NAME": settings.service_name,
        "THROUGHLINE_DATABASE_URL": settings.database_url.get_secret_value(),
        "THROUGHLINE_DATABASE_SCHEMA": settings.database_schema,
        "THROUGHLINE_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "THROUGHLINE_TOPIC_PREFIX": settings.topic_prefix,
    }
    program = Path(__file__).with_name("relay_process.py")
    return subprocess.Popen(
        [sys.executable, str(program)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


async def is_relaying(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return bool(await asyncio.to_thread(process.stdout.readline))


@pytest.mark.parametrize("fault", ["cut", "stall"])
async def test_eight_writers_while_the_broker_goes_away_and_comes_back(
    bus_db: Database, wire: Wire, fault: str
) -> None:
    async def away_and_back() -> None:
        while True:
            await asyncio.sleep(0.3)
            getattr(wire, fault)()
            await asyncio.sleep(0.45)
            wire.mend()

    # Less patient than the broker is away, so that producers are abandoned with events in flight.
    impatient = bus_db.settings.model_copy(update={"kafka_timeout": 0.15})
    async with running(Relay(bus_db, Bus(impatient)).run(), a_consumer(bus_db).run()):
        async with running(away_and_back()):
            said = await write_events(bus_db, commands=60)
        wire.mend()
        await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


async def test_a_broker_that_is_away_for_long_stops_no_command(
    bus_db: Database, wire: Wire
) -> None:
    wire.cut()
    async with running(Relay(bus_db, Bus(bus_db.settings)).run(), a_consumer(bus_db).run()):
        said = await write_events(bus_db, writers=4, commands=10)
        assert await outbox_depth(bus_db) == said
        wire.mend()
        await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


async def test_a_relay_whose_connection_is_lost_stops_and_takes_the_lock_anew(
    bus_db: Database,
) -> None:
    async with running(Relay(bus_db, Bus(bus_db.settings)).run(), a_consumer(bus_db).run()):
        said = 0
        for _ in range(3):
            said += await write_events(bus_db, writers=2, commands=3, cases=1)
            await cut_the_relay_off(bus_db)
        await until(all_applied(bus_db, said))
    await assert_each_once_and_in_order(bus_db, said)


async def cut_the_relay_off(db: Database) -> None:
    """Ends the session that holds the relay's lock, as its own role may."""
    own = await db.own_connection()
    try:
        await own.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database "
            "WHERE locktype = 'advisory' AND d.datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await own.close()


async def test_one_case_moves_on_while_nobody_else_writes(bus_db: Database) -> None:
    relay = Relay(bus_db, Bus(bus_db.settings))
    async with running(relay.run(), a_consumer(bus_db).run()):
        for number in range(3):
            async with bus_db.transaction(AMAL) as uow:
                uow.emit(an_event(a_case_ref(), number=number))
            await until(all_applied(bus_db, number + 1))
    assert [row.number for row in await applied(bus_db)] == [0, 1, 2]
