"""Makes .env from env.example with fresh secrets: `python3 deploy/compose/write_env.py [file]`.

Needs nothing but Python, so that a machine with only Docker's tools can run it; never overwrites a file.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

EXAMPLE = Path(__file__).with_name("env.example")
DEFAULT = Path(__file__).parents[2] / ".env"


def fresh(name: str) -> str:
    """A secret of the form that this variable has; URL-safe, for passwords stand in addresses."""
    kind = name.removeprefix("THROUGHLINE_")
    if kind.endswith("_KEYS"):
        ring = kind.removesuffix("_KEYS").lower()
        return f"{ring}-1:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    if kind == "KAFKA_CLUSTER":
        # Sixteen bytes in Kafka's alphabet; a dash in front would be read as an option.
        name = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        return name if name[0] != "-" else fresh("THROUGHLINE_KAFKA_CLUSTER")
    return secrets.token_urlsafe(24)


def filled(example: str) -> str:
    lines = []
    for line in example.splitlines():
        name, is_setting, given = line.partition("=")
        is_empty = is_setting and not given and not name.startswith("#")
        lines.append(f"{name}={fresh(name)}" if is_empty else line)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else DEFAULT
    try:
        out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")
    except FileExistsError:
        sys.stderr.write(f"{path} is there already; its secrets are in use, so it stays.\n")
        return 1
    with out:
        out.write(filled(EXAMPLE.read_text()))
    sys.stdout.write(f"{path} written, readable by you alone. Keep a copy of its keys elsewhere.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
