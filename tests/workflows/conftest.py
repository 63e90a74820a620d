"""Worlds to run workflows in: one where time skips, and the real server."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.workflows.props import RememberingBus
from tests.workflows.skipping import Skipping, skipping_world


@pytest.fixture
def bus() -> RememberingBus:
    return RememberingBus()


@pytest.fixture
async def skipping(bus: RememberingBus) -> AsyncIterator[Skipping]:
    """A server of one's own whose time skips; the workflows run in the sandbox."""
    async with skipping_world(bus) as world:
        yield world


@pytest.fixture
async def temporal(temporal_address: str) -> Client:
    """The real server, payloads in the open."""
    return await Client.connect(temporal_address, data_converter=pydantic_data_converter)
