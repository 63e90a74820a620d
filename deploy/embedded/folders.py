"""Where the stack keeps its data, and where downloads and builds are cached for every stack."""

import errno
import os
import shutil
from pathlib import Path

from deploy.embedded.errors import DiskFull, FolderOutOfReach, StackError

NEEDED_MB = 512


def cache_folder() -> Path:
    """THROUGHLINE_CACHE, else $XDG_CACHE_HOME/throughline, else ~/.cache/throughline."""
    given = os.environ.get("THROUGHLINE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(given) if given else Path(base) / "throughline"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


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
