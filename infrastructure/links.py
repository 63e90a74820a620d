"""Signed links for people without an account: which link, until when, and that nobody else has made it up.

A token is `base64url(form | link id | expiry in seconds | HMAC-SHA256)`. It says nothing of whom it is about and
opens nothing by itself: the record behind it must still stand, and a code is asked for. The first key of the ring
signs, every one verifies, so that a key can be replaced in peace. Expiry is an instant of the case's clock, UTC.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from infrastructure.key_ring import KeyRing, SealError
from infrastructure.settings import settings

REFERRAL = "link"
ACKNOWLEDGEMENT = "acknowledgement"
_FORM = 1
_PLAIN = struct.Struct(">B16sQ")
_MAC_BYTES = hashlib.sha256().digest_size
_LONGEST = 100


class LinkNotSigned(Exception):
    """This token was not signed by a key on the ring, or has been changed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a token says. Whether it still holds is for the record to say."""

    link_id: UUID
    expires_at: datetime


def sign(link_id: UUID, expires_at: datetime, ring: KeyRing, purpose: str = REFERRAL) -> str:
    """The same link, expiry, purpose and key always give the same token."""
    plain = _PLAIN.pack(_FORM, link_id.bytes, int(expires_at.timestamp()))
    return _encoded(plain + _mac(ring.secrets[ring.current], plain, purpose))


def verify(token: str, ring: KeyRing, purpose: str = REFERRAL) -> Signed:
    """Raises LinkNotSigned, for another purpose's token too. Expiry is not looked at here."""
    signed = _decoded(token)
    plain, mac = signed[: _PLAIN.size], signed[_PLAIN.size :]
    # Every key is tried, in a time that does not say which one it was.
    right = [
        hmac.compare_digest(mac, _mac(secret, plain, purpose)) for secret in ring.secrets.values()
    ]
    if not any(right):
        raise LinkNotSigned
    form, link_id, seconds = _PLAIN.unpack(plain)
    if form != _FORM:
        raise LinkNotSigned
    return Signed(UUID(bytes=link_id), datetime.fromtimestamp(seconds, UTC))


def address(link_id: UUID, expires_at: datetime) -> str:
    """Where the link leads, signed with this process's current key; for a message or an answer."""
    token = sign(link_id, expires_at, link_ring())
    return f"{settings().link_url.rstrip('/')}/r/{token}"


@lru_cache(maxsize=1)
def link_ring() -> KeyRing:
    """This process's keys for links; raises SealError when none are set."""
    try:
        return KeyRing.parse(settings().link_keys.get_secret_value())
    except SealError as wrong:
        raise SealError(f"THROUGHLINE_LINK_KEYS: {wrong}") from None


def _mac(secret: bytes, plain: bytes, purpose: str) -> bytes:
    return hmac.new(secret, f"throughline {purpose}|".encode() + plain, hashlib.sha256).digest()


def _encoded(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _decoded(token: str) -> bytes:
    if len(token) > _LONGEST:
        raise LinkNotSigned
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkNotSigned from None
    # Only one way to write a token: trailing bits that decoding drops would make others.
    if len(signed) != _PLAIN.size + _MAC_BYTES or _encoded(signed) != token:
        raise LinkNotSigned
    return signed
