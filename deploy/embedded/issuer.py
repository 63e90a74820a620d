"""Development issuer: gives anybody the token of anybody; production refuses it.

`python -m deploy.embedded.issuer`.

POST /token  JSON {"sub", "agency", "team", "roles"} for a person's token, or
             grant_type=client_credentials with our client's id and secret for a worker's.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs

import uvicorn
from joserfc import jwt
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from domain.vocabulary import CODE_PATTERN, Role
from infrastructure.clock import wall_now
from infrastructure.settings import Settings, settings

ALGORITHM = "Ed25519"
LIFETIME = 3600  # seconds
LONGEST_REQUEST = 10_000  # bytes
Code = Annotated[str, Field(pattern=CODE_PATTERN)]


class PersonAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sub: Code
    agency: Code
    team: Code | None = None
    roles: list[Role] = Field(max_length=20)


class Refused(Exception):
    """An answer of RFC 6749, section 5.2."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        self.answer = {"error": code, "error_description": description}
        self.status = status


def load_key(path: Path) -> OKPKey:
    """The signing key, generated at the first start, so that tokens survive a restart."""
    if not path.exists():
        key = OKPKey.generate_key("Ed25519", {"kid": f"development-{secrets.token_hex(4)}"})
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(key.as_dict(private=True), out)
    return OKPKey.import_key(json.loads(path.read_text()))


class Issuer:
    def __init__(self, settings: Settings, key: OKPKey) -> None:
        self._settings = settings
        self._key = key

    def discovery(self, _request: Request) -> Response:
        issuer = self._settings.oidc_issuer
        return JSONResponse(
            {
                "issuer": issuer,
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/.well-known/jwks.json",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": ["token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "throughline_development": True,
            }
        )

    def keys(self, _request: Request) -> Response:
        public = {**self._key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}
        return JSONResponse({"keys": [public]})

    async def token(self, request: Request) -> Response:
        try:
            body = await request.body()
            if len(body) > LONGEST_REQUEST:
                raise Refused("invalid_request", "The request is longer than any of ours.")
            is_json = request.headers.get("content-type", "").startswith("application/json")
            claims = self._person(body) if is_json else self._client(request, body)
        except Refused as refused:
            return JSONResponse(refused.answer, refused.status)
        return JSONResponse(
            {
                "access_token": self._signed(claims),
                "token_type": "Bearer",
                "expires_in": LIFETIME,
            },
            headers={"Cache-Control": "no-store"},
        )

    def _person(self, body: bytes) -> dict[str, Any]:
        try:
            asked = PersonAsked.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "body"
            raise Refused("invalid_request", f"{field}: {first['msg']}") from None
        if Role.SYSTEM in asked.roles:
            raise Refused("invalid_request", "roles: system is for client credentials only")
        return asked.model_dump(mode="json", exclude_none=True)

    def _client(self, request: Request, body: bytes) -> dict[str, Any]:
        form = parse_qs(body.decode("utf-8", "replace"))
        if form.get("grant_type") != ["client_credentials"]:
            raise Refused("unsupported_grant_type", "grant_type: client_credentials")
        given = _basic(request) or (_first(form, "client_id"), _first(form, "client_secret"))
        ours = (self._settings.client_id, self._settings.client_secret.get_secret_value())
        same = [
            hmac.compare_digest(*pair) for pair in zip(_bytes(given), _bytes(ours), strict=True)
        ]
        if not (all(ours) and all(same)):
            raise Refused("invalid_client", "The client's id or secret is not ours.", 401)
        return {"sub": ours[0], "agency": "throughline", "roles": [Role.SYSTEM.value]}

    def _signed(self, claims: dict[str, Any]) -> str:
        now = int(wall_now().timestamp())
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}
        times = {"iat": now, "exp": now + LIFETIME}
        ours = {"iss": self._settings.oidc_issuer, "aud": self._settings.oidc_audience}
        return jwt.encode(header, {**claims, **ours, **times}, self._key, algorithms=[ALGORITHM])


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credentials).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret


def _first(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _bytes(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].encode(), pair[1].encode()


def _well(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def create_issuer(settings: Settings, key: OKPKey) -> Starlette:
    if settings.environment == "production":
        raise SystemExit("The development issuer gives anybody any token; production refuses it.")
    issuer = Issuer(settings, key)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/.well-known/jwks.json", issuer.keys),
            Route("/live", _well),
            Route("/ready", _well),
            Route("/token", issuer.token, methods=["POST"]),
        ]
    )


def main() -> None:
    chosen = settings()
    key = load_key(Path(os.environ["THROUGHLINE_ISSUER_KEY_FILE"]))
    app = create_issuer(chosen, key)
    uvicorn.run(app, host=chosen.http_host, port=chosen.http_port, log_level="warning")


if __name__ == "__main__":
    main()
