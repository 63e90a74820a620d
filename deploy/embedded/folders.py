"""Where the stack keeps its data, and where downloads and builds are cached for every stack."""

import asyncio
import errno
import fcntl
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.embedded.errors import DiskFull, FolderOutOfReach, StackError

NEEDED_MB = 512
POLL = 0.05


def cache_folder() -> Path:
    """THROUGHLINE_CACHE, else $XDG_CACHE_HOME/throughline, else ~/.cache/throughline."""
    given = os.environ.get("THROUGHLINE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(given) if given else Path(base) / "throughline"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


@asynccontextmanager
async def turn(what: str) -> AsyncIterator[None]:
    """One process at a time prepares what all stacks of this machine share; who waited looks again."""
    lock = os.open(cache_folder() / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        while not _taken(lock):  # noqa: ASYNC110 - another process's lock has no event
            await asyncio.sleep(POLL)
        yield
    finally:
        os.close(lock)  # and with it the lock, as when the process is killed


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def default_data_folder() -> Path:
    """THROUGHLINE_DATA, else .data in the current folder."""
    return Path(os.environ.get("THROUGHLINE_DATA", ".data")).absolute()


def open_data_folder(folder: Path, needed_mb: int = NEEDED_MB) -> Path:
    """Raises FolderOutOfReach, DiskFull."""
    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"\0" * 4096)
        probe.unlink()
    except OSError as error:
        raise as_stack_error(error, folder) from error
    free_mb = shutil.disk_usage(folder).free // 1024**2
    if free_mb < needed_mb:
        raise DiskFull(free_mb=free_mb, folder=folder, needed_mb=needed_mb)
    return folder.resolve()


def as_stack_error(error: OSError, folder: Path) -> StackError:
    """What to tell when the folder could not be written."""
    if error.errno == errno.ENOSPC:
        return DiskFull(free_mb=0, folder=folder, needed_mb=NEEDED_MB)
    reason = f"{error.strerror}: {error.filename}" if error.filename else str(error)
    return FolderOutOfReach(folder=folder, reason=reason)
