"""A service with its doors open: its real HTTP API on a real Postgres, signed tokens, a clock that is set."""

import base64
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.events import REGISTRY, Event
from domain.disclosure import Viewer
from infrastructure import crypto
from infrastructure import settings as known_settings
from infrastructure.auth import TokenVerifier
from infrastructure.db import Database
from infrastructure.http import create_api
from infrastructure.issuer_keys import IssuerKeys
from infrastructure.policy_packs import PolicyPacks
from infrastructure.service import Service
from infrastructure.settings import read_settings
from infrastructure.spine import SPINE
from tests.stack.databases import TestDatabase

ISSUER = "http://issuer.test"
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
_KEY = OKPKey.generate_key("Ed25519", {"kid": "tests", "use": "sig"})


class SetClock:
    """A clock that stands until it is moved."""

    is_sandbox = True

    def __init__(self, at: datetime = BEGIN) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def case_at(self, wall: datetime) -> datetime:
        return wall

    def wall_at(self, case: datetime) -> datetime:
        return case

    def advance(self, **length: float) -> datetime:
        self.at += timedelta(**length)
        return self.at


@dataclass(frozen=True)
class Person:
    """Somebody with a token."""

    staff_id: str
    agency_id: str
    roles: tuple[str, ...]
    team_id: str | None = None

    def token(self) -> str:
        claims = {
            "iss": ISSUER,
            "aud": "throughline",
            "sub": self.staff_id,
            "agency": self.agency_id,
            "team": self.team_id,
            "roles": list(self.roles),
            "exp": int(time.time()) + 6 * 3600,
        }
        return jwt.encode({"alg": "Ed25519", "kid": "tests"}, claims, _KEY, algorithms=["Ed25519"])


@dataclass
class Served:
    service: Service
    db: Database
    client: httpx2.AsyncClient
    clock: SetClock
    admin_url: str
    applied: set[UUID] = field(default_factory=set)

    async def ask(
        self, who: Person | None, method: str, path: str, body: Any = None, **options: Any
    ) -> httpx2.Response:
        headers = dict(options.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {who.token()}"
        return await self.client.request(method, path, json=body, headers=headers, **options)

    async def hear(self, *events: Event) -> None:
        """Events arrive: the service's own handlers, each in a transaction of its own."""
        for event in events:
            async with self.db.transaction(Viewer.system(self.service.name)) as uow:
                await self.service.handlers[type(event)](uow, event)

    async def said(self, *types: str) -> list[Event]:
        """What waits in the outbox, in order; of these types only, when any is named."""
        async with self.db.engine.connect() as connection:
            rows = await connection.execute(SPINE.outbox.select().order_by(SPINE.outbox.c.seq))
            events = [REGISTRY[row.type].model_validate(row.payload) for row in rows]
        return [event for event in events if not types or event.type in types]

    async def rows(self, statement: str) -> list[asyncpg.Record]:
        """As the owner of the tables sees them."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            await connection.execute(f'set search_path = "{self.service.name}"')
            return list(await connection.fetch(statement))
        finally:
            await connection.close()


@asynccontextmanager
async def serve(
    service: Service, database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Served]:
    master = f"m1:{base64.b64encode(bytes(range(32))).decode()}"
    monkeypatch.setenv("THROUGHLINE_MASTER_KEYS", master)
    monkeypatch.setenv("THROUGHLINE_ENVIRONMENT", "test")
    for cached in (known_settings.settings, crypto.master_ring):
        cached.cache_clear()
    settings = read_settings(
        environment="test",
        service_name=service.name,
        database_url=database.url,
        database_schema=service.name,
        oidc_issuer=ISSUER,
        oidc_jwks_url=f"{ISSUER}/jwks",
        master_keys=master,
        database_timeout=10.0,
    )
    clock = SetClock()
    db = Database(settings, clock=clock, packs=_packs())
    keys = httpx2.AsyncClient(transport=httpx2.MockTransport(_jwks))
    api = create_api(service, db, TokenVerifier(settings, IssuerKeys(settings, keys)))
    transport = httpx2.ASGITransport(app=api)
    async with keys, httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Served(service, db, client, clock, database.admin_url)
    await db.close()
    for cached in (known_settings.settings, crypto.master_ring):
        cached.cache_clear()


async def differences(database: TestDatabase, metadata: MetaData) -> list[Any]:
    """What a migrated schema has otherwise than the metadata say; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def compared(connection: Any) -> list[Any]:
        connection.exec_driver_sql(f'set search_path = "{database.service}"')
        connection.dialect.default_schema_name = database.service
        options = {"compare_type": True, "compare_server_default": False}
        context = MigrationContext.configure(
            connection, opts={**options, "include_name": _not_alembics_own}
        )
        return list(compare_metadata(context, metadata))

    engine = create_async_engine(
        database.admin_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compared)
    finally:
        await engine.dispose()


def _not_alembics_own(name: str | None, kind: str, _: Mapping[str, str | None]) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _jwks(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"keys": [_KEY.as_dict(private=False)]})


_loaded: list[PolicyPacks] = []


def _packs() -> PolicyPacks:
    if not _loaded:
        _loaded.append(PolicyPacks.load())
    return _loaded[0]
