"""The house rules hold for what is here, and catch what is planted."""

import ast
import subprocess
from pathlib import Path

import pytest

from tests.architecture.rules import RULES, Module, Rule, foreign_words, modules

ROOT = Path(__file__).parents[2]
PLANTED = [
    # where, what is written there, the rule's words
    ("services/cases/commands.py", "at = datetime.now(UTC)", "datetime.now() reads the clock"),
    ("deploy/cli.py", "at = datetime.datetime.utcnow()", "utcnow() reads the clock"),
    ("domain/closure.py", "day = date.today()", "date.today() reads the clock"),
    ("workflows/worker.py", "at = time.time()", "time.time() reads the clock"),
    ("domain/closure.py", "timedelta(days=28)", "a length of time in code"),
    ("services/cases/commands/plan.py", "dt.timedelta(weeks=4)", "a length of time in code"),
    ("workflows/closure/workflow.py", "timedelta(hours=24, minutes=1)", "a length of time in code"),
    ("workflows/closure/workflow.py", "timedelta(28)", "a length of time in code"),
    ("services/cases/queries.py", "from sqlalchemy import select", "only the store speaks SQL"),
    (
        "services/cases/commands/plan.py",
        "import sqlalchemy.ext.asyncio",
        "only the store speaks SQL",
    ),
    ("services/cases/api.py", "import asyncpg", "only the store speaks SQL"),
    ("services/cases/commands.py", "def save(uow): uow.connection.commit()", "commits; only"),
    ("infrastructure/outbox.py", "async def f(c): await c.commit()", "commits; only"),
    ("infrastructure/bus.py", "import temporalio.client", "only infrastructure.temporal does"),
    ("domain/closure.py", "import requests", "the domain has no I/O"),
    ("domain/closure.py", "from pathlib import Path", "the domain has no I/O"),
    ("domain/closure.py", "def f():\n    import os", "the domain has no I/O"),
    ("domain/closure.py", "async def close(): ...", "waits; the domain does not"),
    ("domain/closure.py", "print('closed')", "print() is I/O"),
    ("services/cases/utils.py", "", "`utils` says nothing"),
    ("infrastructure/common/clock.py", "", "`common` says nothing"),
]
ALLOWED = [
    # where, what is rightly written there
    ("infrastructure/clock.py", "at = datetime.now(UTC)"),
    ("workflows/worker.py", "at = workflow.now()"),
    ("workflows/worker.py", "began = time.monotonic()"),
    ("workflows/worker.py", "timedelta(seconds=5)"),
    ("workflows/patience.py", "timedelta(hours=24)"),  # how long a machine is waited for
    ("domain/calendars.py", "timedelta(days=1)"),  # counting day by day
    ("services/cases/queries.py", "timedelta(days=limit.count)"),  # a figure that was read
    ("services/cases/store.py", "from sqlalchemy import select"),
    ("services/cases/store/plans.py", "from sqlalchemy import select"),
    ("infrastructure/db.py", "async def f(connection): await connection.commit()"),
    ("workflows/bridge/consumer.py", "async def f(consumer): await consumer.commit()"),
    ("infrastructure/temporal.py", "import temporalio.client"),
    ("domain/closure.py", "from zoneinfo import ZoneInfo"),
]


def breaches(path: str, source: str) -> list[str]:
    module = Module(Path(path), ast.parse(f'"""Planted."""\n{source}\n'))
    return [sentence for rule in RULES for sentence in rule(module)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Rule) -> None:
    assert [sentence for module in modules(ROOT) for sentence in rule(module)] == []


def _name(row: tuple[str, ...]) -> str:
    return f"{row[0]}: {row[1]!a}"


@pytest.mark.parametrize(("path", "source", "words"), PLANTED, ids=map(_name, PLANTED))
def test_planted_breach_is_caught_by_name_and_place(path: str, source: str, words: str) -> None:
    found = [each for each in breaches(path, source) if words in each]
    assert found
    assert found[0].startswith(f"{path}:")


@pytest.mark.parametrize(("path", "source"), ALLOWED, ids=map(_name, ALLOWED))
def test_what_is_rightly_there_is_left_alone(path: str, source: str) -> None:
    assert breaches(path, source) == []


def test_module_without_a_sentence_of_its_duty_is_caught() -> None:
    module = Module(Path("services/cases/store.py"), ast.parse("import os\n"))
    assert "has no docstring" in "".join(sentence for rule in RULES for sentence in rule(module))


def test_every_package_is_looked_at() -> None:
    looked_at = {module.path.as_posix() for module in modules(ROOT)}
    assert {"domain/deadlines.py", "services/__init__.py", "workflows/__init__.py"} <= looked_at


def committed_files() -> list[Path]:
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no working copy of git")
def test_committed_files_name_no_registry_and_no_machine() -> None:
    found: list[str] = []
    for path in committed_files():
        text = (ROOT / path).read_bytes()
        if b"\0" not in text:
            found += foreign_words(path, text.decode("utf-8", errors="replace"))
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-" + "url https://mirror.example/simple",
        "index-" + "url = https://mirror.example/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        "https://repo1." + "maven.org/maven2",
        "GOPROXY=https://proxy." + "golang.org",
        "data = '/wo" + "rk/main'",
        "cd /ro" + "ot/src",
        "PYTHON=/ho" + "me/amal/.venv/bin/python",
        "/Us" + "ers/amal/src",
    ],
)
def test_planted_address_or_path_is_caught(line: str) -> None:
    assert [
        each for each in foreign_words(Path("README.md"), line) if each.startswith("README.md:1")
    ]


@pytest.mark.parametrize(
    "line",
    [
        "uv pip compile --no-emit-index-url",
        "golang.org/x/net v0.40.0",  # a module's name, not where it is fetched
        "GET /homes/north/referrals",
        "https://example.org/work/items",
        "/var/lib/postgresql",
        "docs/root/page.md",
    ],
)
def test_what_only_looks_like_one_is_left_alone(line: str) -> None:
    assert list(foreign_words(Path("README.md"), line)) == []
