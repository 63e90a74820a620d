"""Fixtures for the real servers: `--stack=embedded|containers|external`. Nothing starts until it is asked for,
and each process of tests has servers of its own.

postgres_admin_url, kafka_bootstrap, temporal_address   addresses (session)
service_database    a call: service_database("cases") -> a fresh, migrated database (dropped after the test)
topic_prefix        a prefix for topics and consumer groups that no other test has
stack               the servers themselves (session)
stack_folder        a folder for a platform of a test's own
"""

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.stack.databases import TestDatabase, TestDatabases
from tests.stack.platforms import WholePlatforms
from tests.stack.stacks import OURS, Servers, StackLoop, servers


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stack",
        default="embedded",
        choices=("embedded", "containers", "external"),
        help="where Postgres, Kafka and Temporal come from (external: THROUGHLINE_* variables)",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Readline tells the processes of tests how wide its terminal is, and every console would obey.
    for size in ("COLUMNS", "LINES"):
        os.environ.pop(size, None)
    if hasattr(config, "workerinput"):  # one of several processes of pytest-xdist
        config.pluginmanager.register(WholePlatforms())


@pytest.fixture(scope="session")
def stack_loop() -> Iterator[StackLoop]:
    before = set(psutil.Process().children(recursive=True))
    loop = StackLoop()
    yield loop
    loop.close()
    left = [child for child in psutil.Process().children(recursive=True) if child not in before]
    assert not left, f"The session left processes behind: {left}"


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, stack_loop: StackLoop) -> Iterator[Servers]:
    started = servers(request.config.getoption("--stack"), stack_loop)
    yield started
    started.close()


@pytest.fixture(scope="session")
def postgres_admin_url(stack: Servers) -> str:
    return stack.postgres_admin_url()


@pytest.fixture(scope="session")
def kafka_bootstrap(stack: Servers) -> str:
    return stack.kafka_bootstrap()


@pytest.fixture(scope="session")
def temporal_address(stack: Servers) -> str:
    return stack.temporal_address()


@pytest.fixture(scope="session")
def test_databases(stack_loop: StackLoop, postgres_admin_url: str) -> Iterator[TestDatabases]:
    databases = TestDatabases(stack_loop, postgres_admin_url)
    yield databases
    databases.close()


@pytest.fixture
def service_database(test_databases: TestDatabases) -> Iterator[Callable[..., TestDatabase]]:
    created: list[str] = []

    def create(*services: str) -> TestDatabase:
        database = test_databases.create(*services)
        created.append(database.name)
        return database

    yield create
    for name in created:
        test_databases.drop(name)


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> str:
    test = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower())[:40].strip("-")
    return f"{test}-{uuid.uuid4().hex[:8]}."


@pytest.fixture
def stack_folder() -> Iterator[Path]:
    """Not below tmp_path: root's Postgres has a user of its own, whom the next session of pytest shuts out."""
    folder = Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
