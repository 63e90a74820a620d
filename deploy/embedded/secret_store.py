"""The stack's own passwords and keys: generated once, kept in the data folder, readable by its owner only."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from deploy.embedded.errors import DamagedFolder


def _password() -> str:
    return secrets.token_urlsafe(24)


def _key_ring(prefix: str) -> str:
    return f"{prefix}-1:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@dataclass(frozen=True)
class Secrets:
    """Keys are written "id:base64", the current one first."""

    postgres_password: str
    role_passwords: dict[str, str]
    master_keys: str
    payload_keys: str
    client_secret: str
    kafka_cluster: str
    link_keys: str = ""  # a folder of an older version has none yet


def _generate() -> Secrets:
    return Secrets(
        postgres_password=_password(),
        role_passwords={},
        master_keys=_key_ring("master"),
        payload_keys=_key_ring("payload"),
        client_secret=_password(),
        link_keys=_key_ring("link"),
        kafka_cluster=base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="),
    )


def _write(path: Path, kept: Secrets) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(kept), out, indent=2)
    draft.replace(path)


def load_secrets(folder: Path, roles: tuple[str, ...]) -> Secrets:
    """Reads secrets.json, adding what is missing. Raises DamagedFolder."""
    path = folder / "secrets.json"
    try:
        kept = Secrets(**json.loads(path.read_text())) if path.exists() else _generate()
    except (ValueError, TypeError) as error:
        raise DamagedFolder(name="The stack", folder=path, reason="not its own JSON") from error
    missing = {role: _password() for role in roles if role not in kept.role_passwords}
    if missing or not kept.link_keys or not path.exists():
        kept = replace(kept, link_keys=kept.link_keys or _key_ring("link"))
        kept.role_passwords.update(missing)
        _write(path, kept)
    return kept
