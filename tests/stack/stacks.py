"""Where the servers of a test session come from: started here, or given by their URLs."""

import asyncio
import os
import shutil
import tempfile
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psutil

from deploy.embedded.site import GIVEN_BY, engines_given
from deploy.embedded.stack import EmbeddedStack

T = TypeVar("T")
MEMORY = Path("/dev/shm")  # Linux; a container often has too little of it
ROOM = 2 * 1024**3  # bytes; a session takes less than half of one
OURS = "throughline-tests-"
WITHIN = 300.0  # seconds for any one thing asked of the servers; the first start may download


class Servers(Protocol):
    """Each engine is started when its address is first asked for."""

    def postgres_admin_url(self) -> str: ...
    def kafka_bootstrap(self) -> str: ...
    def temporal_address(self) -> str: ...
    def close(self) -> None: ...


class StackLoop:
    """An event loop in a thread of its own, so that tests with and without a loop can use it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stack", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


def folder_of_a_session() -> Path:
    """In memory where there is room: nearly every test has a database made. What killed sessions left goes."""
    for left in MEMORY.glob(f"{OURS}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(OURS).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-", dir=MEMORY if roomy else None))


class EmbeddedServers:
    """One small stack an engine, each with its own folder, ended with the session."""

    def __init__(self, loop: StackLoop) -> None:
        self._loop = loop
        self._folder = folder_of_a_session()
        self.stacks: dict[str, EmbeddedStack] = {}

    def engine(self, name: str) -> EmbeddedStack:
        if name not in self.stacks:
            stack = EmbeddedStack(
                self._folder / name, parts=(name,), any_port=True, durable=False, given={}
            )
            self._loop.run(stack.open())
            self.stacks[name] = stack
        return self.stacks[name]

    def postgres_admin_url(self) -> str:
        return self.engine("postgres").site.database_admin_url

    def kafka_bootstrap(self) -> str:
        return self.engine("kafka").site.kafka_bootstrap

    def temporal_address(self) -> str:
        return self.engine("temporal").site.temporal_address

    def close(self) -> None:
        for stack in self.stacks.values():
            self._loop.run(stack.close())
        shutil.rmtree(self._folder, ignore_errors=True)


class ExternalServers:
    """Servers that somebody else runs, named by THROUGHLINE_* variables."""

    def _given(self, engine: str) -> str:
        address = engines_given().get(engine)
        if not address:
            raise RuntimeError(f"--stack=external needs {GIVEN_BY[engine]}.")
        return address

    def postgres_admin_url(self) -> str:
        return self._given("postgres")

    def kafka_bootstrap(self) -> str:
        return self._given("kafka")

    def temporal_address(self) -> str:
        return self._given("temporal")

    def close(self) -> None:
        return None


def servers(kind: str, loop: StackLoop) -> Servers:
    """`kind` is what --stack says."""
    os.environ.setdefault("THROUGHLINE_ENVIRONMENT", "test")
    if kind == "embedded":
        return EmbeddedServers(loop)
    if kind == "external":
        return ExternalServers()
    # Loaded only where it is asked for: Docker's client need not be paid for otherwise.
    from tests.stack.containers import ContainerServers

    return ContainerServers(loop)
