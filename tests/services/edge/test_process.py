"""A service's process: it starts without Kafka, drains on SIGTERM, falls loudly, and says why it cannot start."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from infrastructure import crypto
from infrastructure.serving import CannotListenError, Pages, run_side_by_side
from infrastructure.settings import settings
from services.__main__ import main
from tests.services.edge.builders import A_KEY, an_api
from tests.stack.databases import TestDatabase

WITHIN = 20.0
BODY = b'{"risk": "high", "child_name": "' + b"x" * 10_000_000 + b'"}'


async def sleeping() -> None:
    await asyncio.Event().wait()


async def test_work_that_falls_ends_the_process_with_one() -> None:
    async def falls() -> None:
        raise RuntimeError("Noor")

    assert await run_side_by_side({"falls": falls, "sleeps": sleeping}) == 1


async def test_work_that_merely_ends_ends_the_process_too() -> None:
    async def ends() -> None:
        return

    assert await run_side_by_side({"ends": ends, "sleeps": sleeping}) == 1


async def test_request_under_way_is_answered_before_the_process_stops() -> None:
    api = an_api()
    entered = asyncio.Event()

    @api.get("/slow")
    async def slow() -> str:
        entered.set()
        await asyncio.sleep(0.2)
        return "answered"

    pages = Pages(api, "127.0.0.1", 0)
    running = asyncio.create_task(run_side_by_side({"sleeps": sleeping}, pages))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{pages.port}") as client:
        asked = asyncio.create_task(client.get("/slow"))
        await asyncio.wait_for(entered.wait(), WITHIN)
        os.kill(os.getpid(), signal.SIGTERM)
        assert (await asyncio.wait_for(asked, WITHIN)).json() == "answered"
    assert await asyncio.wait_for(running, WITHIN) == 0


async def test_ten_megabytes_are_answered_with_413_over_a_real_connection() -> None:
    async def pieces() -> Any:
        for start in range(0, len(BODY), 65_536):
            yield BODY[start : start + 65_536]

    pages = Pages(an_api(), "127.0.0.1", 0)
    running = asyncio.create_task(run_side_by_side({"sleeps": sleeping}, pages))
    headers = {"content-type": "application/json"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{pages.port}") as client:
        whole = await client.post("/cases", content=BODY, headers=headers)
        in_pieces = await client.post("/cases", content=pieces(), headers=headers)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, WITHIN)
    assert [whole.status_code, in_pieces.status_code] == [413, 413]
    assert whole.json()["code"] == in_pieces.json()["code"] == "too-large"


def test_answers_are_sent_without_delay() -> None:
    """Asyncio sets TCP_NODELAY only where the protocol is named; without it an answer waits 40 ms."""
    pages = Pages(an_api(), "127.0.0.1", 0)
    assert pages._socket.proto == socket.IPPROTO_TCP
    pages._socket.close()


def test_port_in_use_is_a_sentence_that_says_what_to_do() -> None:
    first = Pages(an_api(), "127.0.0.1", 0)
    with pytest.raises(CannotListenError, match="THROUGHLINE_HTTP_PORT"):
        Pages(an_api(), "127.0.0.1", first.port)
    first._socket.close()


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **given: str) -> subprocess.Popen[str]:
        named = {f"THROUGHLINE_{key.upper()}": value for key, value in given.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "services", *arguments],
            env={**os.environ, "THROUGHLINE_MASTER_KEYS": f"one:{A_KEY}", **named},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def listening_port(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if '"pages.listening"' in line:
            return int(line.split('"port": ')[1].split(",")[0].rstrip("}\n"))
    raise AssertionError("it never listened")


def test_service_starts_while_kafka_is_down_and_stops_when_asked(
    start: Start, service_database: Callable[..., TestDatabase]
) -> None:
    database = service_database("agencies")
    process = start(
        "agencies",
        database_url=database.url,
        kafka_bootstrap="127.0.0.1:1",
        oidc_issuer="http://127.0.0.1:1",
        http_port="0",
    )
    ready = httpx2.get(f"http://127.0.0.1:{listening_port(process)}/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    assert ready.json()["checks"]["postgres"] == "ok"
    assert ready.json()["checks"]["kafka"].startswith("missing")
    process.send_signal(signal.SIGTERM)
    assert process.wait(WITHIN) == 0


def test_service_without_postgres_lives_and_says_it_is_not_ready(start: Start) -> None:
    process = start(
        "agencies",
        database_url="postgresql://nobody:x@127.0.0.1:1/none",
        kafka_bootstrap="127.0.0.1:1",
        oidc_issuer="http://127.0.0.1:1",
        http_port="0",
    )
    address = f"http://127.0.0.1:{listening_port(process)}"
    assert httpx2.get(f"{address}/live").status_code == 200
    ready = httpx2.get(f"{address}/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "not-ready")
    process.send_signal(signal.SIGTERM)
    assert process.wait(WITHIN) == 0


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setenv("THROUGHLINE_DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none")
    monkeypatch.setenv("THROUGHLINE_MASTER_KEYS", f"one:{A_KEY}")
    forget_settings()
    yield monkeypatch
    forget_settings()
    root.handlers, root.level = handlers, level


def forget_settings() -> None:
    settings.cache_clear()
    crypto.master_ring.cache_clear()


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("HTTP_PORT", "banana", "THROUGHLINE_HTTP_PORT"),
        ("POLICY_DIR", "/nonexistent", "no policy pack"),
        ("MASTER_KEYS", "first:short", "base64"),
        ("MASTER_KEYS", "", "THROUGHLINE_MASTER_KEYS: At least one key is needed"),
        ("CLOCK_PLAN", "{}", "clock plan"),
    ],
)
def test_service_that_cannot_start_says_why_in_a_sentence(
    setting: str,
    value: str,
    word: str,
    environment: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment.setenv(f"THROUGHLINE_{setting}", value)
    assert main(["agencies"]) == 2
    said = capsys.readouterr().err
    assert "agencies cannot start" in said
    assert word in said
    assert "Traceback" not in said


def test_unknown_service_is_answered_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["nothing"]) == 2
    assert "agencies" in capsys.readouterr().err


def test_document_is_printed_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi", "agencies"]) == 0
    assert '"openapi": "3.1' in capsys.readouterr().out
