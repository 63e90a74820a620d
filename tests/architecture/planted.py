"""A small tree with every room in its place, and what somebody might import across a boundary in it."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
# module: what it rightly imports
HOUSE = {
    "domain/__init__.py": "",
    "domain/vocabulary.py": "",
    "domain/deadlines.py": "from domain import vocabulary",
    "contracts/__init__.py": "",
    "contracts/events.py": "from domain import vocabulary",
    "infrastructure/__init__.py": "",
    "infrastructure/clock.py": "",
    "infrastructure/db.py": "import sqlalchemy\nfrom contracts import events",
    "infrastructure/unit_of_work.py": "from infrastructure import db",
    "infrastructure/temporal.py": "import temporalio",
    "services/__init__.py": "",
    "workflows/__init__.py": "",
    "workflows/worker.py": "import temporalio\nfrom infrastructure import clock, temporal",
    "deploy/__init__.py": "",
    "deploy/cli.py": "from infrastructure import clock",
}
ROOMS = {
    "__init__.py": "",
    "app.py": "from services.{0} import api, consumers, web",
    "api.py": "import fastapi\nfrom services.{0} import commands, queries, schemas",
    "consumers.py": "from services.{0} import commands",
    "web/__init__.py": "from services.{0} import queries",
    "commands.py": "from domain import deadlines\nfrom services.{0} import schemas, store",
    "queries.py": "from services.{0} import store",
    "schemas.py": "import pydantic",
    "store.py": "import sqlalchemy\nfrom infrastructure import db",
}
Plant = tuple[str, str]  # where, and the module it wrongly imports


def contracts() -> list[str]:
    """The names of the boundaries, as pyproject.toml has them."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [contract["name"] for contract in read["tool"]["importlinter"]["contracts"]]


def build(tree: Path, plants: tuple[Plant, ...] = ()) -> None:
    """The tree with our own boundaries, and an import for each plant."""
    house = HOUSE | {
        f"services/{service}/{room}": source.format(service)
        for service in ("cases", "referrals")
        for room, source in ROOMS.items()
    }
    for where, imported in plants:
        house[where] = f"{house.get(where, '')}\nimport {imported}"
    for name, source in house.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    (tree / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")


def lint(tree: Path) -> tuple[bool, str]:
    """Whether all boundaries hold in a tree, and what import-linter says of it."""
    program = "from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-c", program, "--no-cache", "--no-logo"]
    answer = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, timeout=60, check=False,
        env={"PYTHONPATH": str(tree), "COLUMNS": "200", "PATH": ""},
    )  # fmt: skip
    return answer.returncode == 0, answer.stdout + answer.stderr


def broken(said: str) -> dict[str, str]:
    """What import-linter says of each boundary that it found broken, by the boundary's name."""
    verdicts = {name for name in contracts() if f"{name} BROKEN" in _unwrapped(said)}
    _, _, details = said.partition("Broken contracts")
    places = sorted((details.find(f"{name}\n"), name) for name in verdicts)
    ends = [*(start for start, _ in places[1:]), len(details)]
    return {name: details[start:end] for (start, name), end in zip(places, ends, strict=True)}


def _unwrapped(said: str) -> str:
    return " ".join(said.split())
