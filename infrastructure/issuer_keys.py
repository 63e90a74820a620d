"""The issuer's public keys: fetched when needed, kept a while, fetched again for an unknown key."""

import asyncio
import time
from typing import Any

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey

from domain.errors import Unavailable
from infrastructure.settings import Settings

FRESH_SECONDS = 600
USABLE_SECONDS = 3600  # with the issuer away: after this a withdrawn key must not be trusted
LEAST_SECONDS_AFTER_FAILURE = 1
LEAST_SECONDS_BETWEEN = 10  # a stream of tokens with invented key ids must not become a stream here
DEVELOPMENT_MARK = "throughline_development"
_TIMEOUT = httpx2.Timeout(2.0)

log = structlog.get_logger(__name__)


class DevelopmentIssuerError(Exception):
    """Production refuses the development issuer: anybody can have any token from it."""


class IssuerKeys:
    """Public Ed25519 and P-256 keys by id; one fetch at a time, and never two within ten seconds."""

    def __init__(self, settings: Settings, client: httpx2.AsyncClient | None = None) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._address = settings.oidc_jwks_url
        self._production = settings.environment == "production"
        self._client = client or httpx2.AsyncClient(timeout=_TIMEOUT)
        self._keys: dict[str, Key] = {}
        self._fetched = self._not_before = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, key_id: str) -> Key | None:
        """None for a key the issuer does not have; raises Unavailable when it cannot be asked."""
        if key_id in self._keys and self._age() < FRESH_SECONDS:
            return self._keys[key_id]
        await self.refresh()
        if self._age() > USABLE_SECONDS:
            raise Unavailable("The issuer of tokens does not answer.")
        return self._keys.get(key_id)

    async def refresh(self) -> None:
        """Fetches the keys unless that was tried just now; a failure leaves the kept ones."""
        async with self._lock:
            if time.monotonic() < self._not_before:
                return
            try:
                self._keys = await self._fetch()
                self._fetched = time.monotonic()
                self._not_before = self._fetched + LEAST_SECONDS_BETWEEN
            except (httpx2.HTTPError, ValueError, JoseError) as error:
                self._not_before = time.monotonic() + LEAST_SECONDS_AFTER_FAILURE
                log.warning("issuer.unreachable", exception=type(error).__name__)

    async def answers(self) -> bool:
        """Whether tokens can be checked now; for readiness."""
        if self._age() >= FRESH_SECONDS:
            await self.refresh()
        return self._age() < USABLE_SECONDS

    async def close(self) -> None:
        await self._client.aclose()

    def _age(self) -> float:
        return time.monotonic() - self._fetched

    async def _fetch(self) -> dict[str, Key]:
        address = self._address
        if self._production or not address:
            discovery = await self._get(f"{self._issuer}/.well-known/openid-configuration")
            address = address or str(discovery.get("jwks_uri", ""))
        return usable_keys(await self._get(address))

    async def _get(self, address: str) -> dict[str, Any]:
        response = await self._client.get(address)
        response.raise_for_status()
        document = response.json()
        if not isinstance(document, dict):
            raise ValueError("The issuer's document is not an object.")
        if self._production and document.get(DEVELOPMENT_MARK):
            raise DevelopmentIssuerError
        return document


def usable_keys(document: dict[str, Any]) -> dict[str, Key]:
    """Only asymmetric keys for signatures: a shared secret in the set is never used to verify."""
    listed = [
        each
        for each in document.get("keys", [])
        if isinstance(each, dict)
        and each.get("use", "sig") == "sig"
        and (each.get("kty"), each.get("crv")) in (("OKP", "Ed25519"), ("EC", "P-256"))
    ]
    keys: list[Key] = [
        OKPKey.import_key(each) if each["kty"] == "OKP" else ECKey.import_key(each)
        for each in listed
    ]
    return {str(key.kid): key for key in KeySet(keys)}
