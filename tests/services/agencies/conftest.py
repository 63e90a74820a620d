"""The agencies service, served."""

from collections.abc import AsyncIterator, Callable

import pytest

from services.agencies.app import service
from tests.services.served import Served, serve
from tests.stack.databases import TestDatabase


@pytest.fixture
async def agencies(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    async with serve(service, service_database("agencies"), monkeypatch) as served:
        yield served
