"""The way to a site's own gateway for SMS or chat: one POST a message; nothing of it is logged.

The body is the site's template with `{to}`, `{text}` and `{id}` filled in as JSON strings, so that any gateway can
be spoken to. The idempotency key is the notification's own id: one that heeds it sends a repeated message once.
"""

import json

import httpx2

from domain.errors import Refusal, Unavailable
from infrastructure.settings import Settings

_BODY = '{"to": {to}, "text": {text}, "id": {id}}'
_WITHIN = 5.0
_COME_AGAIN = frozenset({408, 425, 429})
_SERVER_ERROR = 500


class TextRefused(Refusal):
    """The gateway will not take a message to this number."""

    code = "text-refused"


class TextGateway:
    """Raises Unavailable when it is away or asks to come again, TextRefused when it never will."""

    def __init__(self, settings: Settings, client: httpx2.AsyncClient | None = None) -> None:
        self._url = settings.text_gateway_url
        self._token = settings.text_gateway_token.get_secret_value()
        self._body = settings.text_gateway_body or _BODY
        self._given = client
        self._client: httpx2.AsyncClient | None = client

    @property
    def is_there(self) -> bool:
        """Whether the site has one at all."""
        return bool(self._url)

    async def deliver(self, to: str, text: str, key: str) -> None:
        """Returns once the gateway has taken responsibility for the message."""
        if self._client is None:
            self._client = httpx2.AsyncClient(timeout=httpx2.Timeout(_WITHIN))
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            answer = await self._client.post(
                self._url, content=self._filled(to, text, key), headers=headers
            )
        except httpx2.HTTPError:
            raise Unavailable("The text gateway does not answer.") from None
        if httpx2.codes.is_success(answer.status_code):
            return
        if answer.status_code >= _SERVER_ERROR or answer.status_code in _COME_AGAIN:
            raise Unavailable("The text gateway asks to come again later.")
        raise TextRefused

    async def close(self) -> None:
        if self._client is not None and self._given is None:
            await self._client.aclose()
            self._client = None

    def _filled(self, to: str, text: str, key: str) -> bytes:
        filled = self._body
        for name, value in (("to", to), ("text", text), ("id", key)):
            filled = filled.replace(f"{{{name}}}", json.dumps(value))
        return filled.encode()
