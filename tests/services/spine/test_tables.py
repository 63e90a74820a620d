from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from deploy.migrations.spine_0001 import statements, tables
from infrastructure.db import Database
from infrastructure.spine import NAMING, spine_tables
from tests.services.spine.world import as_admin
from tests.stack.databases import TestDatabase


async def test_the_frozen_tables_are_those_the_statements_are_written_for(db: Database) -> None:
    metadata = MetaData(naming_convention=NAMING)
    spine_tables(metadata)

    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return [
            found for found in compare_metadata(context, metadata) if "applied" not in str(found)
        ]

    async with db.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_tables_can_be_dropped_and_made_again(spine: TestDatabase) -> None:
    drops = [f"DROP TABLE spine.{table}" for table in tables()]
    await as_admin(spine.admin_url, *drops, *statements("spine"))
