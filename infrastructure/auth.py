"""Who is asking: a bearer token, checked, becomes the viewer that every load takes."""

import asyncio
import re
import time
import warnings
from collections.abc import Callable
from typing import Any

import httpx2
from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from starlette.requests import Request

from domain.disclosure import Viewer
from domain.errors import Unauthenticated, Unavailable
from domain.vocabulary import CODE_PATTERN, Role
from infrastructure import web_session
from infrastructure.clock import wall_now
from infrastructure.issuer_keys import IssuerKeys
from infrastructure.settings import Settings

# Pinned: `none` and the HMAC family are never read, whatever a token's header says.
ALGORITHMS = ("Ed25519", "EdDSA", "ES256")
LEEWAY_SECONDS = 30
_LONGEST_TOKEN = 8192
_CODE = re.compile(CODE_PATTERN)
_ROLES = {role.value: role for role in Role}


class TokenVerifier:
    """Checks signature, issuer, audience and time (by the wall: tokens know no sandbox)."""

    def __init__(
        self,
        settings: Settings,
        keys: IssuerKeys | None = None,
        now: Callable[[], int] = lambda: int(wall_now().timestamp()),
    ) -> None:
        self.keys = keys or IssuerKeys(settings)
        self._claims = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": settings.oidc_issuer},
            aud={"essential": True, "value": settings.oidc_audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Viewer:
        """Raises Unauthenticated, saying no more than a caller needs; Unavailable without keys."""
        if len(token) > _LONGEST_TOKEN:
            raise Unauthenticated("The token is longer than any of ours.")
        try:
            header = jws.extract_compact(token.encode()).headers()
            key_id, algorithm = header.get("kid"), header.get("alg")
            if not isinstance(key_id, str) or algorithm not in ALGORITHMS:
                raise Unauthenticated("The token is not signed in a way that is accepted.")
            key = await self.keys.find(key_id)
            if key is None:
                raise Unauthenticated("The token's key is not one of the issuer's.")
            with warnings.catch_warnings():
                # RFC 9864 renames EdDSA to Ed25519; most issuers still write the old name.
                warnings.simplefilter("ignore", SecurityWarning)
                claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
            self._claims.validate(claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated(_reason(error)) from None
        return viewer_from(claims)


def viewer_from(claims: dict[str, Any]) -> Viewer:
    """Roles that are not ours are passed over: an issuer may serve other systems too."""
    staff, agency, team = claims.get("sub"), claims.get("agency"), claims.get("team")
    if not (_is_code(staff) and _is_code(agency) and (team is None or _is_code(team))):
        raise Unauthenticated("The token lacks a usable sub, agency or team.")
    named = claims.get("roles")
    roles = named if isinstance(named, list) else []
    return Viewer(
        staff_id=str(staff),
        agency_id=str(agency),
        team_id=team,
        roles=frozenset(_ROLES[role] for role in roles if isinstance(role, str) and role in _ROLES),
    )


async def viewer(request: Request) -> Viewer:
    """FastAPI dependency: by bearer token or a browser's session; a token is checked once a request."""
    known = getattr(request.state, "viewer", None)
    if isinstance(known, Viewer):
        return known
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = await web_session.token_of(request)
    if not token:
        raise Unauthenticated
    verifier: TokenVerifier = request.app.state.tokens
    found = await verifier.verify(token.strip())
    request.state.viewer = found
    return found


class TokenSource:
    """A process's own token by client credentials, kept until shortly before it expires."""

    def __init__(self, settings: Settings, client: httpx2.AsyncClient | None = None) -> None:
        self._address = settings.token_url
        self._credentials = httpx2.BasicAuth(
            settings.client_id, settings.client_secret.get_secret_value()
        )
        self._client = client or httpx2.AsyncClient(timeout=httpx2.Timeout(5.0))
        self._token, self._renew_at = "", float("-inf")
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """Raises Unavailable when the issuer does not give one."""
        async with self._lock:
            if time.monotonic() >= self._renew_at:
                await self._renew()
            return self._token

    async def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {await self.token()}"}

    async def close(self) -> None:
        await self._client.aclose()

    async def _renew(self) -> None:
        try:
            response = await self._client.post(
                self._address,
                data={"grant_type": "client_credentials"},
                auth=self._credentials,
            )
            response.raise_for_status()
            granted = response.json()
            self._token = str(granted["access_token"])
            lives = float(granted.get("expires_in", 60))
        except (httpx2.HTTPError, ValueError, KeyError, TypeError):
            raise Unavailable("The issuer did not give this process a token.") from None
        # A fifth of its life early, so that no call sets out with a token about to lapse.
        self._renew_at = time.monotonic() + lives * 0.8


def _is_code(value: object) -> bool:
    return isinstance(value, str) and _CODE.match(value) is not None


def _reason(error: Exception) -> str:
    """Joserfc's short code such as `expired_token`; never the token or its claims."""
    code = getattr(error, "error", "") or "malformed"
    return f"The token is not accepted: {str(code).replace('_', ' ')}."
