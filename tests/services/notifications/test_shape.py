"""The migrated schema is what the code expects."""

from collections.abc import Callable

from services.notifications.app import service
from tests.services.served import shape_differences
from tests.stack.databases import TestDatabase


async def test_migrated_schema_is_the_metadatas(
    service_database: Callable[..., TestDatabase],
) -> None:
    assert list(await shape_differences(service, service_database)) == []
