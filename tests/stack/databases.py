"""A database for one test: copied in some milliseconds from a template that was migrated once a session."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass

import asyncpg

from deploy.migrations.bootstrap import bootstrap, service_url, with_database
from deploy.migrations.run import migrate, services_with_migrations
from tests.stack.stacks import StackLoop

PASSWORD = "only-for-tests"


@dataclass(frozen=True)
class TestDatabase:
    """`url` logs in as the service's role, `admin_url` as the owner of the tables; libpq form."""

    __test__ = False

    name: str
    service: str
    url: str
    admin_url: str

    @property
    def schema(self) -> str:
        return self.service

    @property
    def env(self) -> dict[str, str]:
        """The THROUGHLINE_* settings of a process that works on this database."""
        return {"THROUGHLINE_DATABASE_URL": self.url, "THROUGHLINE_DATABASE_SCHEMA": self.service}


class TestDatabases:
    """Templates and copies on one server; unique to this session, so that sessions can share it."""

    __test__ = False

    def __init__(self, loop: StackLoop, admin_url: str) -> None:
        self._loop = loop
        self._admin_url = admin_url
        self._templates: dict[tuple[str, ...], str] = {}
        self._numbers: Iterator[int] = itertools.count(1)

    def create(self, *services: str) -> TestDatabase:
        """A fresh database with a schema for each service; logs in as the first."""
        return self._loop.run(self._create(services))

    def drop(self, name: str) -> None:
        self._loop.run(self._execute(f'drop database if exists "{name}" with (force)'))

    def close(self) -> None:
        for name in self._templates.values():
            self.drop(name)

    async def _create(self, services: tuple[str, ...]) -> TestDatabase:
        template = self._templates.get(services) or await self._make_template(services)
        name = self._name("db")
        await self._execute(f'create database "{name}" template "{template}"')
        for service in services:
            # A role's settings belong to one database, and a copy does not inherit them.
            role = f"throughline_{service}"
            await self._execute(
                f'grant connect on database "{name}" to "{role}";'
                f'alter role "{role}" in database "{name}" set search_path = "{service}"'
            )
        first = services[0]
        return TestDatabase(
            name=name,
            service=first,
            url=service_url(self._admin_url, first, PASSWORD, name),
            admin_url=with_database(self._admin_url, name),
        )

    async def _make_template(self, services: tuple[str, ...]) -> str:
        name = self._name("template")
        await bootstrap(self._admin_url, dict.fromkeys(services, PASSWORD), name)
        migrated = [service for service in services if service in services_with_migrations()]
        await migrate(with_database(self._admin_url, name), migrated)
        self._templates[services] = name
        return name

    def _name(self, kind: str) -> str:
        return f"test_{os.getpid()}_{kind}_{next(self._numbers)}"

    async def _execute(self, statements: str) -> None:
        admin = await asyncpg.connect(self._admin_url)
        try:
            for statement in statements.split(";"):
                await admin.execute(statement)
        finally:
            await admin.close()
