"""One service served in this process: its real API, a real database, a clock that is set by hand."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import SecretStr
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

from contracts.envelope import Envelope
from contracts.events import Event
from domain.disclosure import Viewer
from domain.vocabulary import Role
from infrastructure import crypto, idempotent_routes, links
from infrastructure.auth import TokenVerifier
from infrastructure.clock import wall_now
from infrastructure.db import Database
from infrastructure.http import create_api
from infrastructure.ids import derived_id
from infrastructure.issuer_keys import IssuerKeys
from infrastructure.key_ring import KeyRing
from infrastructure.policy_packs import PolicyPacks
from infrastructure.service import Service
from infrastructure.settings import Settings
from tests.stack.databases import TestDatabase

ISSUER, AUDIENCE = "http://issuer.test", "throughline"
DAY_0 = datetime(2027, 3, 1, 8, tzinfo=UTC)  # a Monday, nine o'clock in Berlin
_KEY = OKPKey.generate_key("Ed25519", {"kid": "test"})
_PACKS = PolicyPacks.load()
_RING = f"test:{base64.b64encode(b'k' * 32).decode()}"


class SetClock:
    """Case time stands until it is set."""

    is_sandbox = False

    def __init__(self, at: datetime = DAY_0) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def case_at(self, wall: datetime) -> datetime:
        return wall

    def wall_at(self, case: datetime) -> datetime:
        return case

    def forward(self, **length: float) -> datetime:
        self.at += timedelta(**length)
        return self.at


@dataclass
class Served:
    """What a test does with a service: somebody asks, the bus says something, the records are read."""

    service: Service
    db: Database
    client: httpx2.AsyncClient
    clock: SetClock

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx2.Response:
        """`who` is a bearer token, or empty for nobody."""
        if who:
            headers["Authorization"] = f"Bearer {who}"
        content = None if body is None else json.dumps(body)
        if content is not None:
            headers["Content-Type"] = "application/json"
        return await self.client.request(method, path, content=content, headers=headers)

    async def get(self, who: str, path: str) -> httpx2.Response:
        return await self.ask(who, "GET", path)

    async def post(self, who: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        return await self.ask(who, "POST", path, body, **headers)

    async def hear(self, *events: Event) -> None:
        """As the consumer does: one transaction an event, in the platform's own name."""
        for event in events:
            await self.hear_as(derived_cause(event), event)

    async def hear_as(self, cause: Envelope, event: Event) -> None:
        handler = self.service.handlers[type(event)]
        viewer = Viewer.system(self.service.name)
        async with self.db.transaction(viewer, cause=cause) as uow:
            await handler(uow, event)

    async def said(self, *types: type[Event]) -> list[dict[str, Any]]:
        """Payloads that wait in the outbox, in order, with their type as `type`."""
        rows = await self.rows("SELECT type, payload FROM outbox ORDER BY seq")
        wanted = {each.type for each in types}
        return [
            {"type": row["type"], **row["payload"]}
            for row in rows
            if not wanted or row["type"] in wanted
        ]

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        async with self.db.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(sql))).mappings()]


def derived_cause(event: Event) -> Envelope:
    """The outside of an event, as the bus would bring it; the same event has the same id."""
    return Envelope(
        id=derived_id("test", event.type, event.model_dump_json()),
        type=event.type,
        source="/throughline/test",
        subject=event.subject,
        time=event.happened_at,
        sequence=1,
        event=event,
    )


def a_token(staff_id: str, agency_id: str, *roles: Role, team: str | None = None) -> str:
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": staff_id,
        "agency": agency_id,
        "team": team,
        "roles": [role.value for role in roles],
        # Longer than any session: some tokens are made at import.
        "exp": int(wall_now().timestamp()) + 6 * 3600,
    }
    return jwt.encode({"alg": "Ed25519", "kid": "test"}, claims, _KEY, algorithms=["Ed25519"])


@asynccontextmanager
async def serve(
    service: Service,
    database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    **settings: Any,
) -> AsyncIterator[Served]:
    for module in (crypto, idempotent_routes):
        monkeypatch.setattr(module, "master_ring", lambda: KeyRing.parse(_RING))
    monkeypatch.setattr(links, "link_ring", lambda: KeyRing.parse(_RING))
    known = Settings(
        environment="test",
        service_name=service.name,
        database_url=SecretStr(database.url),
        database_schema=service.name,
        oidc_issuer=ISSUER,
        oidc_jwks_url=f"{ISSUER}/keys",
        database_timeout=10.0,  # the usual two seconds are few on a busy machine
        **settings,
    )
    clock = SetClock()
    db = Database(known, clock=clock, packs=_PACKS)
    issuer = httpx2.AsyncClient(transport=httpx2.MockTransport(_keys))
    api = create_api(service, db, TokenVerifier(known, IssuerKeys(known, issuer)))
    transport = httpx2.ASGITransport(app=api)
    try:
        async with httpx2.AsyncClient(transport=transport, base_url="http://service") as client:
            yield Served(service, db, client, clock)
    finally:
        await issuer.aclose()
        await db.close()


async def shape_differences(
    service: Service, create: Callable[..., TestDatabase]
) -> Iterable[object]:
    """What a migrated schema and the service's metadata disagree on."""
    database = create(service.name)
    url = database.admin_url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url)

    def compare(connection: Connection, metadata: MetaData) -> list[object]:
        connection.execute(text(f'set search_path to "{service.name}"'))
        connection.dialect.default_schema_name = service.name
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, *_: name != "alembic_version",
            },
        )
        return list(compare_metadata(context, metadata))

    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare, service.metadata)
    finally:
        await engine.dispose()


def _keys(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"keys": [_KEY.as_dict(private=False)]})
