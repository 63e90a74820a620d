"""A small service with routes that say no in every way, an issuer with keys, tokens and databases."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey
from sqlalchemy import MetaData, text

from domain.disclosure import Viewer
from domain.errors import Hidden, Missing, Refusal, Unavailable
from domain.vocabulary import Risk, Role
from infrastructure.auth import TokenVerifier
from infrastructure.db import Database
from infrastructure.http import RequestBody, Router, Uow, create_api
from infrastructure.issuer_keys import IssuerKeys
from infrastructure.service import Service
from infrastructure.settings import Settings, read_settings

ISSUER = "https://issuer.example"
NOW = 1_790_000_000
A_KEY = base64.b64encode(bytes(range(32))).decode()
ANOTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


def some_settings(**given: Any) -> Settings:
    return read_settings(
        **{
            "environment": "test",
            "service_name": "agencies",
            "oidc_issuer": ISSUER,
            "oidc_jwks_url": f"{ISSUER}/keys",
            "kafka_bootstrap": "127.0.0.1:1",
            **given,
        }
    )


def a_key(key_id: str = "one") -> OKPKey:
    return OKPKey.generate_key("Ed25519", parameters={"kid": key_id, "use": "sig"})


def an_ec_key(key_id: str = "two") -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": key_id, "use": "sig"})


class Issuer:
    """Answers for its keys, and counts how often it was asked."""

    def __init__(self, *keys: Key, mark: bool = False) -> None:
        self.published = [key.as_dict(private=False) for key in keys]
        self.extra = {"throughline_development": True} if mark else {}
        self.asked = 0
        self.away = False

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self.away:
            raise httpx2.ConnectError("away")
        if request.url.path.endswith("openid-configuration"):
            return httpx2.Response(200, json={"jwks_uri": f"{ISSUER}/keys", **self.extra})
        return httpx2.Response(200, json={"keys": self.published, **self.extra})

    def verifier(self, **given: Any) -> TokenVerifier:
        settings = some_settings(**given)
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.answer))
        return TokenVerifier(settings, IssuerKeys(settings, client), now=lambda: NOW)


def a_token(key: Key, header: dict[str, Any] | None = None, **claims: Any) -> str:
    algorithm = "ES256" if isinstance(key, ECKey) else "Ed25519"
    return jwt.encode(
        {"alg": algorithm, "kid": key.kid, **(header or {})},
        {
            "iss": ISSUER,
            "aud": "throughline",
            "sub": "amal-h",
            "agency": "agency-north",
            "team": "team-a",
            "roles": ["caseworker"],
            "exp": NOW + 600,
            **claims,
        },
        key,
        algorithms=["Ed25519", "ES256", "HS256"],
    )


def a_viewer(*roles: Role) -> Viewer:
    return Viewer("amal-h", "agency-north", "team-a", frozenset(roles or (Role.CASEWORKER,)))


class Registering(RequestBody):
    risk: Risk
    child_name: str
    siblings: int = 0


class Registered(RequestBody):
    ref: str
    child_name: str


class ClosureNotApproved(Refusal):
    """A case closes only with a supervisor's approval."""

    code = "closure-not-approved"


router = Router(prefix="/cases")
REFUSALS: dict[str, Callable[[], Exception]] = {
    "missing": lambda: Missing("There is no TL-1."),
    "hidden": lambda: Hidden("TL-1 belongs to another agency.", field="ref"),
    "refused": ClosureNotApproved,
    "away": Unavailable,
    "broken": lambda: RuntimeError("Noor Haddad, 12 Elm Street"),
}


@router.get("/refusing/{how}")
async def refuse(how: str, limit: int = 5) -> dict[str, str]:
    raise REFUSALS[how]()


@router.post("", status_code=201)
async def register_case(registering: Registering) -> Registered:
    return Registered(ref="TL-1", child_name=registering.child_name)


@router.post("/{ref}/notes", status_code=201)
async def write_note(ref: str, registering: Registering, uow: Uow) -> Registered:
    """Writes an audit row, so that a test can count how often it was carried out."""
    if registering.siblings > 10:
        raise ClosureNotApproved
    uow.audit("note-written", ref)
    return Registered(ref=ref, child_name=registering.child_name)


def a_service(**given: Any) -> Service:
    return Service(
        **{
            "name": "agencies",
            "title": "Example",
            "description": "Says no in every way.",
            "metadata": MetaData(),
            "routers": [router],
            **given,
        }
    )


@asynccontextmanager
async def client_of(api: FastAPI, token: str = "") -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(api)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://edge", headers=headers
    ) as client:
        yield client


def an_api(db: Database | None = None, **given: Any) -> FastAPI:
    key = a_key()
    api = create_api(a_service(**given), db, Issuer(key).verifier())
    api.state.key = key
    return api


async def count(db: Database, statement: str) -> int:
    async with db.engine.connect() as connection:
        return int((await connection.execute(text(statement))).scalar() or 0)
