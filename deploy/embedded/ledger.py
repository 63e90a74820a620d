"""Which processes belong to a data folder, by pid and start time, so that the next start can end what a killed
supervisor left behind, and nothing else."""

import fcntl
import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil  # type: ignore[import-untyped]  # its stubs are not among our tools

from deploy.embedded.children import Child
from deploy.embedded.errors import AlreadyRunning

SAME_START = 1.0  # seconds; start times are read back from the kernel's ticks


@dataclass(frozen=True)
class Recorded:
    name: str
    pid: int
    created: float
    stop_signal: int = int(signal.SIGTERM)

    def process(self) -> psutil.Process | None:
        """The process, only while it is still the one that was recorded."""
        with suppress(psutil.Error):
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.created) < SAME_START
            if same and found.status() != psutil.STATUS_ZOMBIE:
                return found
        return None


def read(folder: Path) -> list[Recorded]:
    path = folder / "processes.json"
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text())
        return [Recorded(**row) for row in rows]
    except (OSError, ValueError, TypeError):
        return []


def supervisor(folder: Path) -> Recorded | None:
    """The supervisor recorded for the folder, if it runs."""
    for recorded in read(folder):
        if recorded.name == "supervisor" and recorded.process():
            return recorded
    return None


class Ledger:
    """Held by one supervisor a data folder; the lock goes with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None
        self._rows: dict[str, Recorded] = {}

    def open(self) -> list[str]:
        """Takes the folder and ends what is left of an earlier stack, whose names it returns.
        Raises AlreadyRunning."""
        lock = (self.folder / "supervisor.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            running = supervisor(self.folder)
            raise AlreadyRunning(
                folder=self.folder, pid=running.pid if running else "unknown"
            ) from error
        self._lock = lock
        healed = end_recorded(read(self.folder))
        created = psutil.Process().create_time()
        self._rows = {"supervisor": Recorded("supervisor", os.getpid(), created)}
        self._write()
        return healed

    def add(self, child: Child) -> None:
        self._rows[child.name] = Recorded(
            child.name, child.pid, child.created, int(child.stop_signal)
        )
        self._write()

    def remove(self, name: str) -> None:
        self._rows.pop(name, None)
        self._write()

    def close(self) -> None:
        if self._lock:
            (self.folder / "processes.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _write(self) -> None:
        draft = self.folder / "processes.new"
        draft.write_text(json.dumps([vars(row) for row in self._rows.values()], indent=2))
        draft.replace(self.folder / "processes.json")


def end_recorded(rows: list[Recorded], within: float = 10.0) -> list[str]:
    """Ends the processes that still are the recorded ones; their names."""
    found = [(row, row.process()) for row in rows if row.name != "supervisor"]
    alive = [(row, process) for row, process in found if process is not None]
    for row, process in alive:
        with suppress(psutil.Error):
            process.send_signal(row.stop_signal)
    limit = time.monotonic() + within
    for _row, process in alive:
        with suppress(psutil.TimeoutExpired):
            process.wait(max(0.1, limit - time.monotonic()))
    for row, _process in alive:
        if late := row.process():
            late.kill()
            late.wait(5)
    return [row.name for row, _process in alive]
