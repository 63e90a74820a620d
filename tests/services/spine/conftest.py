"""A service's database, Kafka's topics of this test, and a wire to Kafka that can be cut."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aiokafka.client
import pytest

from deploy.migrations.spine_0001 import statements
from infrastructure.bus import Bus
from infrastructure.db import Database
from infrastructure.settings import Settings, read_settings
from tests.services.spine.wire import Wire
from tests.services.spine.world import APPLIED, as_admin
from tests.stack.databases import TestDatabase

_SCHEMA = "spine"


@pytest.fixture
async def spine(service_database: Callable[..., TestDatabase]) -> TestDatabase:
    database = service_database(_SCHEMA)
    made = [*statements(_SCHEMA), APPLIED.format(schema=_SCHEMA)]
    await as_admin(database.admin_url, *made)
    return database


@pytest.fixture
def settings(spine: TestDatabase) -> Settings:
    """Without Kafka."""
    return read_settings(
        environment="test", service_name="cases", database_url=spine.url, database_schema=_SCHEMA
    )


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()


@pytest.fixture
def bus_settings(settings: Settings, kafka_bootstrap: str, topic_prefix: str) -> Settings:
    more = {"kafka_bootstrap": kafka_bootstrap, "topic_prefix": topic_prefix, "kafka_timeout": 2.0}
    return settings.model_copy(update=more)


@pytest.fixture
async def bus_db(bus_settings: Settings) -> AsyncIterator[Database]:
    database = Database(bus_settings)
    await Bus(bus_settings).ensure_topics()
    yield database
    await database.close()


@pytest.fixture
async def wire(kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """All of this test's connections to Kafka go through it."""
    host, _, port = kafka_bootstrap.rpartition(":")
    wire = await Wire.open(host, int(port))
    connect = aiokafka.client.create_conn

    async def through_the_wire(_host: str, _port: int, **options: object) -> object:
        return await connect("127.0.0.1", wire.port, **options)

    monkeypatch.setattr(aiokafka.client, "create_conn", through_the_wire)
    yield wire
    await wire.close()


@pytest.fixture(autouse=True)
async def nothing_goes_on() -> AsyncIterator[None]:
    """No task outlives its test."""
    yield
    for _ in range(50):
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if not left:
            return
        await asyncio.sleep(0.05)
    assert not left, f"Tasks go on: {left}"
