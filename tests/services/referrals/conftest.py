"""The referrals service, served, with a case and a pathway of two providers it has heard of."""

from collections.abc import AsyncIterator, Callable

import pytest

from services.referrals.app import service
from tests.services.referrals.cast import a_pathway, registered
from tests.services.served import Served, serve
from tests.stack.databases import TestDatabase


@pytest.fixture
async def referrals(
    service_database: Callable[..., TestDatabase], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    async with serve(service, service_database("referrals"), monkeypatch) as served:
        await served.hear(*a_pathway(), registered())
        yield served
