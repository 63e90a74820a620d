"""Nothing is left running: after a signal, after a kill of the supervisor, after a start that failed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.embedded import ledger
from deploy.embedded.ledger import Ledger, Recorded
from deploy.embedded.stack import EmbeddedStack

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


def until(true: Callable[[], object], within: float = 20.0) -> None:
    limit = time.monotonic() + within
    while not true():
        assert time.monotonic() < limit, "it did not come true in time"
        time.sleep(0.05)


@pytest.fixture
def supervisors():
    """Starts `throughline up` on a folder; whatever the test leaves is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "deploy.cli", "up", "--data", str(folder), *options]
        up = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
        started.append(up)
        return up

    yield start
    for up in started:
        up.kill()
        up.communicate()


def recorded(folder: Path) -> dict[str, Recorded]:
    return {row.name: row for row in ledger.read(folder)}


def is_up(folder: Path, *names: str) -> bool:
    rows = recorded(folder)
    return all(name in rows and rows[name].process() for name in names)


def test_a_signal_ends_every_process_and_the_command_ends_well(tmp_path, supervisors):
    up = supervisors(tmp_path, "--parts", "mail,issuer")
    until(lambda: is_up(tmp_path, "mail", "issuer"))
    children = psutil.Process(up.pid).children(recursive=True)
    up.send_signal(signal.SIGINT)
    said, _ = up.communicate(timeout=20)
    assert up.returncode == 0
    assert "Everything has ended." in said
    assert not any(child.is_running() for child in children)


def test_a_killed_supervisor_takes_its_processes_along_and_the_next_start_is_well(
    tmp_path, supervisors
):
    up = supervisors(tmp_path, "--parts", "mail")
    until(lambda: is_up(tmp_path, "mail"))
    mail = recorded(tmp_path)["mail"]
    up.kill()
    up.wait(5)
    until(lambda: mail.process() is None or sys.platform != "linux")
    again = supervisors(tmp_path, "--parts", "mail")
    until(lambda: is_up(tmp_path, "supervisor", "mail"))
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=20)
    assert again.returncode == 0
    assert mail.process() is None


def test_a_dead_part_is_reported_and_restarted_when_asked(tmp_path, supervisors):
    up = supervisors(tmp_path, "--parts", "mail", "--restart")
    until(lambda: is_up(tmp_path, "mail"))
    first = recorded(tmp_path)["mail"].pid
    # Only a part that was ready once is restarted; before that, the start fails.
    line = ""
    while "Ctrl-C ends it" not in line:
        line = up.stdout.readline()
    os.kill(first, signal.SIGKILL)
    until(lambda: is_up(tmp_path, "mail") and recorded(tmp_path)["mail"].pid != first)
    up.send_signal(signal.SIGTERM)
    said, _ = up.communicate(timeout=20)
    assert "mail ended by itself (code -9)" in said


def test_the_next_start_ends_what_was_recorded_and_nothing_else(tmp_path):
    ours, another = subprocess.Popen(SLEEPER), subprocess.Popen(SLEEPER)
    try:
        rows = [
            Recorded("cases", ours.pid, psutil.Process(ours.pid).create_time()),
            # Its pid was used again by a stranger since.
            Recorded("reviews", another.pid, psutil.Process(another.pid).create_time() - 60),
        ]
        (tmp_path / "processes.json").write_text(json.dumps([vars(row) for row in rows]))
        taken = Ledger(tmp_path)
        assert taken.open() == ["cases"]
        taken.close()
        assert ours.poll() is not None
        assert another.poll() is None
    finally:
        for sleeper in (ours, another):
            sleeper.kill()
            sleeper.wait()


async def test_a_cancelled_start_leaves_nothing(tmp_path):
    stack = EmbeddedStack(tmp_path, parts=("mail", "issuer"), any_port=True, given={})
    starting = asyncio.create_task(stack.open())
    while "mail" not in recorded(tmp_path):  # noqa: ASYNC110 - a file has no event
        await asyncio.sleep(0.01)
    mail = recorded(tmp_path)["mail"]
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert mail.process() is None
    assert recorded(tmp_path) == {}
