"""Personal fields sealed under a key per case; destroying the key erases the child everywhere.

A case key is 32 random bytes, kept only wrapped by a master key. It is read with every use: another
process may erase the case at any moment, so nothing unwrapped outlives a transaction.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from domain.errors import Missing
from infrastructure.key_ring import KEY_BYTES, KeyRing, SealError
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork

_FORMAT = 1
_MARK_BYTES = 4
_NONCE_BYTES = 12
_HEAD_BYTES = 1 + _MARK_BYTES

_FIND = text("SELECT wrapped FROM case_keys WHERE subject = :subject")
_FIND_ALL = text("SELECT subject, wrapped FROM case_keys WHERE subject = ANY(:subjects)")
_CREATE = text("""
INSERT INTO case_keys (subject, key_id, wrapped) VALUES (:subject, :key_id, :wrapped)
ON CONFLICT (subject) DO NOTHING RETURNING subject
""")
# A row is left behind, so that no new key is made for a child who was erased.
_ERASE = text("""
INSERT INTO case_keys (subject, key_id, wrapped, erased_at) VALUES (:subject, '', NULL, :now)
ON CONFLICT (subject) DO UPDATE
SET wrapped = NULL, erased_at = coalesce(case_keys.erased_at, excluded.erased_at)
""")


@dataclass(frozen=True, slots=True, repr=False)
class CaseKey:
    """The key of one case; `mark` tells one key's texts from another's and says nothing of it."""

    secret: bytes

    @property
    def mark(self) -> bytes:
        return hashlib.sha256(b"throughline case key" + self.secret).digest()[:_MARK_BYTES]


def seal(key: CaseKey, ref: str, field: str, plain: str) -> bytes:
    """`format | mark | nonce | text`, bound to the case and the field: it opens nowhere else."""
    head = bytes([_FORMAT]) + key.mark
    nonce = os.urandom(_NONCE_BYTES)
    return (
        head + nonce + AESGCM(key.secret).encrypt(nonce, plain.encode(), _bound(head, ref, field))
    )


def open_sealed(key: CaseKey, ref: str, field: str, sealed: bytes) -> str:
    """Raises SealError when the text was changed, moved, or sealed by another key."""
    head, rest = sealed[:_HEAD_BYTES], sealed[_HEAD_BYTES:]
    if head != bytes([_FORMAT]) + key.mark or len(rest) < _NONCE_BYTES:
        raise SealError("This was not sealed by the case's key.")
    nonce, cipher = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    try:
        return AESGCM(key.secret).decrypt(nonce, cipher, _bound(head, ref, field)).decode()
    except (InvalidTag, ValueError):
        raise SealError("The sealed text was changed, or belongs elsewhere.") from None


async def case_key(uow: UnitOfWork, ref: str, create: bool = False) -> CaseKey:
    """Raises Missing when the case has no key: never had, or was erased."""
    if create:
        made = CaseKey(os.urandom(KEY_BYTES))
        row = {"subject": ref, "key_id": master_ring().current, "wrapped": _wrap(made, ref)}
        if (await uow.connection.execute(_CREATE, row)).first():
            return made
    found = (await uow.connection.execute(_FIND, {"subject": ref})).scalar()
    if found is None:
        raise Missing
    return CaseKey(master_ring().open(bytes(found), _for_wrapping(ref)))


async def case_keys(uow: UnitOfWork, refs: Sequence[str]) -> dict[str, CaseKey]:
    """Those of several subjects in one question; whoever has none, or was erased, is left out."""
    rows = await uow.connection.execute(_FIND_ALL, {"subjects": list(refs)})
    return {
        row.subject: CaseKey(master_ring().open(bytes(row.wrapped), _for_wrapping(row.subject)))
        for row in rows
        if row.wrapped is not None
    }


async def erase(uow: UnitOfWork, ref: str) -> None:
    """Destroys the key for good; what it sealed can be read by nobody, here or in a copy."""
    await uow.connection.execute(_ERASE, {"subject": ref, "now": uow.now})


@lru_cache(maxsize=1)
def master_ring() -> KeyRing:
    """This process's master keys; raises SealError when none are set."""
    try:
        return KeyRing.parse(settings().master_keys.get_secret_value())
    except SealError as wrong:
        raise SealError(f"THROUGHLINE_MASTER_KEYS: {wrong}") from None


def _wrap(key: CaseKey, ref: str) -> bytes:
    return master_ring().seal(key.secret, _for_wrapping(ref))


def _for_wrapping(ref: str) -> bytes:
    return f"case-key|{ref}".encode()


def _bound(head: bytes, ref: str, field: str) -> bytes:
    return head + f"{ref}|{field}".encode()
