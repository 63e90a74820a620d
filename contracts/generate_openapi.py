"""The OpenAPI document of every service, asked of the service itself: contracts import nothing above them."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

_TREE = Path(__file__).parent.parent
_WITHIN = 60.0  # seconds


def services() -> list[str]:
    """Those that exist and serve HTTP."""
    return sorted(path.parent.name for path in (_TREE / "services").glob("*/app.py"))


def documents() -> dict[str, Any]:
    """By the service's name; raises SystemExit when one cannot describe itself."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(services(), pool.map(_document, services()), strict=True))


def _document(service: str) -> Any:
    command = [sys.executable, "-m", "services", "openapi", service]
    answer = subprocess.run(  # noqa: S603 - our own interpreter and a folder's name
        command, cwd=_TREE, capture_output=True, text=True, timeout=_WITHIN, check=False
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise SystemExit(f"services/{service} could not describe its API: {last[0]}")
    return json.loads(answer.stdout)
