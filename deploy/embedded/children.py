"""Processes the stack has started: each in its own session, its words in a log, ended within a bound."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its stubs are not among our tools

POLL = 0.05
LARGEST_LOG = 20 * 1024**2  # bytes; a larger one makes room at the next start, one older is kept
LEASH = Path(__file__).with_name("leash.py")


@dataclass(frozen=True)
class Launch:
    """How a program is started; `account` is the system account it runs as, if not ours."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass
class Child:
    name: str
    popen: subprocess.Popen[bytes]
    log: Path
    log_start: int
    stop_signal: signal.Signals
    created: float

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def exit_code(self) -> int | None:
        return self.popen.poll()

    def words(self, limit: int = 16_384) -> str:
        """The end of what it wrote to its log since this start."""
        with self.log.open("rb") as log:
            log.seek(max(self.log_start, self.log.stat().st_size - limit))
            return log.read().decode(errors="replace")

    def signal_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    async def ended(self, within: float) -> bool:
        """Waits until it has ended; `within` in seconds."""
        limit = time.monotonic() + within
        while self.exit_code is None:
            if time.monotonic() > limit:
                return False
            await asyncio.sleep(POLL)
        return True

    async def stop(self, within: float = 10.0) -> None:
        """Asks it to end, and ends it by force after `within` seconds."""
        if self.exit_code is None:
            self.signal_group(self.stop_signal)
            if not await self.ended(within):
                self.signal_group(signal.SIGKILL)
                await self.ended(5.0)


def _make_room(log: Path) -> int:
    """Where in the log the words of this start begin."""
    log.parent.mkdir(parents=True, exist_ok=True)
    size = log.stat().st_size if log.is_file() else 0
    if size <= LARGEST_LOG:
        return size
    log.replace(log.with_suffix(".log.1"))
    return 0


def spawn(name: str, launch: Launch, log: Path) -> Child:
    program = shutil.which(launch.command[0])
    if program is None:
        raise FileNotFoundError(launch.command[0])
    leash = [
        sys.executable, "-I", "-S", str(LEASH),
        str(int(launch.stop_signal)), str(os.getpid()), launch.account or "-",
    ]  # fmt: skip
    log_start = _make_room(log)
    with log.open("ab") as words:
        popen = subprocess.Popen(
            [*leash, str(Path(program).absolute()), *launch.command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            env={**os.environ, **launch.environment},
            cwd=launch.folder,
            start_new_session=True,
        )
    created = psutil.Process(popen.pid).create_time()
    return Child(name, popen, log, log_start, launch.stop_signal, created)


async def run_to_end(name: str, launch: Launch, log: Path, within: float) -> tuple[int, str]:
    """Its exit code and what it wrote; ended by force when cancelled or late."""
    child = spawn(name, launch, log)
    try:
        await child.ended(within)
    finally:
        if child.exit_code is None:
            await child.stop(1.0)
    return child.popen.returncode, child.words()
