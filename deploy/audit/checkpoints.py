"""A signed page of all heads, to be kept where nobody who can write the database can reach it.

Whoever rewrites a chain can make it whole again, and cannot make it agree with a checkpoint taken before.
"""

import base64
import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deploy.audit.chains import Chains, Head
from deploy.embedded.errors import StackError

_PRIVATE, _PUBLIC = "audit.key", "audit.pub"


class CheckpointRefused(StackError):
    """The audit cannot be shown to be whole: {why}"""

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


def make_key(folder: Path) -> tuple[Path, Path]:
    """The private and the public half; refuses to write over a key, for older checkpoints need it."""
    private, public = folder / _PRIVATE, folder / _PUBLIC
    folder.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CheckpointRefused(f"{private} is there already; choose another folder.") from None
    with os.fdopen(handle, "wb") as out:
        out.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return private, public


def write(path: Path, key: Path, chains: Iterable[Chains], at: datetime) -> None:
    """`at` in UTC. Refuses to write over a checkpoint."""
    said = {
        "throughline_audit_checkpoint": 1,
        "at": at.isoformat(),
        "heads": {each.service: each.heads for each in chains},
    }
    signature = _private(key).sign(_canonical(said))
    page = said | {"signature": base64.b64encode(signature).decode()}
    try:
        with path.open("x", encoding="utf-8") as out:
            json.dump(page, out, indent=1)
    except FileExistsError:
        raise CheckpointRefused(
            f"{path} is there already; a checkpoint is never replaced."
        ) from None


def read(path: Path, public: Path) -> dict[str, dict[str, Head]]:
    """The heads of each service, once the signature has been found to be right."""
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
        signature = base64.b64decode(page.pop("signature"))
        heads = {
            service: {subject: (int(many), str(last)) for subject, (many, last) in each.items()}
            for service, each in page["heads"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise CheckpointRefused(f"{path} is no checkpoint: {wrong}") from wrong
    try:
        _public(public).verify(signature, _canonical(page))
    except InvalidSignature:
        raise CheckpointRefused(
            f"{path} is not as it was signed, or {public} is another's key."
        ) from None
    return heads


def disagreements(kept: dict[str, dict[str, Head]], found: Iterable[Chains]) -> list[str]:
    """A sentence for each chain that does not go through the head it once had."""
    said, by_service = [], {each.service: each for each in found}
    for service, heads in kept.items():
        now = by_service.get(service)
        for subject, (many, last) in heads.items():
            if now is None or now.hashes.get((subject, many)) != last:
                said.append(
                    f"{service} {subject}: entry {many} is not the one the checkpoint knows"
                )
    return said


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise CheckpointRefused(f"{path} is no private key: {wrong}") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise CheckpointRefused(f"{path} is not an Ed25519 key; `throughline audit key` makes one.")
    return key


def _public(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as wrong:
        raise CheckpointRefused(f"{path} is no public key: {wrong}") from wrong
    if not isinstance(key, Ed25519PublicKey):
        raise CheckpointRefused(f"{path} is not an Ed25519 key.")
    return key
