"""Master keys by id: the first seals, every one opens, so that a key can be replaced in peace."""

import base64
import binascii
import os
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = 1
_KEY_ID = re.compile(r"^[A-Za-z0-9_-]{1,32}$")


class SealError(Exception):
    """A key is missing or malformed, or a sealed text was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """AES-256-GCM under named keys; sealed bytes are `format | id length | id | nonce | text`."""

    current: str
    keys: dict[str, AESGCM]
    secrets: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """From `id:base64,id:base64`; the first is current. Raises SealError."""
        secrets: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, _, encoded = entry.partition(":")
            if not _KEY_ID.match(key_id) or key_id in secrets:
                raise SealError("Each key is written id:base64, with an id of its own.")
            secrets[key_id] = _decoded(key_id, encoded)
        if not secrets:
            raise SealError("At least one key is needed, written id:base64.")
        keys = {key_id: AESGCM(secret) for key_id, secret in secrets.items()}
        return cls(next(iter(secrets)), keys, secrets)

    def derived(self, purpose: bytes) -> list[bytes]:
        """A key for another purpose from each of ours by HKDF, the current one's first."""
        return [
            HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret)
            for secret in self.secrets.values()
        ]

    def seal(self, text: bytes, bound_to: bytes) -> bytes:
        key_id = self.current.encode()
        nonce = os.urandom(_NONCE_BYTES)
        head = bytes([_FORMAT, len(key_id)]) + key_id
        return head + nonce + self.keys[self.current].encrypt(nonce, text, head + bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Raises SealError when the key is unknown or anything was changed."""
        if len(sealed) < 2 + _NONCE_BYTES or sealed[0] != _FORMAT:
            raise SealError("These bytes are not in a sealed form that is known.")
        end = 2 + sealed[1]
        head, nonce, text = (
            sealed[:end],
            sealed[end : end + _NONCE_BYTES],
            sealed[end + _NONCE_BYTES :],
        )
        key = self.keys.get(head[2:].decode(errors="replace"))
        if key is None:
            raise SealError("The key that sealed this is not on the ring.")
        try:
            return key.decrypt(nonce, text, head + bound_to)
        except (InvalidTag, ValueError):
            raise SealError("The sealed text was changed, or belongs elsewhere.") from None


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise SealError(f"Key {key_id!r} is not base64.") from None
    if len(key) != KEY_BYTES:
        raise SealError(f"Key {key_id!r} has {len(key)} bytes; {KEY_BYTES} are needed.")
    return key
