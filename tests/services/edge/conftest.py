"""A real database for the edge, with the keys that seal."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from infrastructure import crypto
from infrastructure.db import Database
from infrastructure.settings import settings
from tests.services.edge.builders import A_KEY, some_settings
from tests.stack.databases import TestDatabase


@pytest.fixture
def master_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("THROUGHLINE_MASTER_KEYS", f"first:{A_KEY}")
    settings.cache_clear()
    crypto.master_ring.cache_clear()
    yield
    settings.cache_clear()
    crypto.master_ring.cache_clear()


@pytest.fixture
async def db(
    service_database: Callable[..., TestDatabase], master_key: None
) -> AsyncIterator[Database]:
    made = service_database("agencies")
    database = Database(some_settings(database_url=made.url, database_schema=made.schema))
    yield database
    await database.close()
