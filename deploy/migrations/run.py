"""Brings each service's schema to its newest version; the version table stands inside that schema."""

from collections.abc import Iterable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from deploy.migrations.bootstrap import SERVICES

TREES = Path(__file__).parent


def services_with_migrations() -> tuple[str, ...]:
    return tuple(name for name in SERVICES if (TREES / name / "versions").is_dir())


def alembic_config(service: str, connection: Connection | None = None) -> Config:
    config = Config(attributes={"schema": service, "connection": connection})
    config.set_main_option("script_location", str(TREES))
    config.set_main_option("version_locations", str(TREES / service / "versions"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, service: str, revision: str) -> None:
    command.upgrade(alembic_config(service, connection), revision)


async def migrate(
    database_url: str, services: Iterable[str] | None = None, revision: str = "head"
) -> tuple[str, ...]:
    """Migrates as the owner of the tables; the services that were brought up to date.

    `database_url` is the bootstrapped database's, with the admin's login.
    """
    wanted = tuple(services_with_migrations() if services is None else services)
    url = database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        for service in wanted:
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade, service, revision)
    finally:
        await engine.dispose()
    return wanted
