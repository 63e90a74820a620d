"""A directory that was there before offers had terms: nothing lost, and every entry known to others by an id."""

from collections.abc import Callable

from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.migrations.run import alembic_config
from domain.listing import outer_id
from tests.stack.databases import TestDatabase

BEFORE = (
    "insert into agencies.agencies values ('harbour-help', 'Harbour Help', 'Europe/Berlin', 'default')",
    "insert into agencies.offers values ('talks', 'harbour-help', 'counselling', 'city', 3, 'Talks')",
)


def back_and_forth(connection: Connection) -> None:
    command.downgrade(alembic_config("agencies", connection), "agencies_0001")
    for statement in BEFORE:
        connection.execute(text(statement))
    command.upgrade(alembic_config("agencies", connection), "head")


async def test_entries_of_before_get_the_ids_that_follow_from_theirs(
    service_database: Callable[..., TestDatabase],
) -> None:
    database = service_database("agencies")
    url = database.admin_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(back_and_forth)
        async with engine.connect() as connection:
            agency = (await connection.execute(text("select hsds_id from agencies.agencies"))).one()
            offer = (
                (await connection.execute(text("select * from agencies.offers"))).mappings().one()
            )
    finally:
        await engine.dispose()
    assert agency.hsds_id == outer_id("agency", "harbour-help")
    assert offer["hsds_id"] == outer_id("offer", "talks")
    assert (offer["areas"], offer["paused"], offer["languages"]) == (["city"], False, [])
