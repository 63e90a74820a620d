"""Nothing of a person reaches the logs or the traces, however it is said."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from infrastructure.logs import configure_logs
from infrastructure.telemetry import SpanFile, WithoutWords, continue_from, current_traceparent
from tests.services.edge.builders import an_api, client_of

SEEDED = "Noor Haddad"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logs("cases", "debug")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers, root.level = handlers, level


def test_key_that_is_not_listed_is_dropped_and_named(lines: Any) -> None:
    structlog.get_logger().info("case.registered", case_ref="TL-1", child_name=SEEDED)
    [line] = lines()
    assert line["case_ref"] == "TL-1"
    assert line["dropped"] == ["child_name"]
    assert SEEDED not in json.dumps(line)


def test_exception_is_logged_by_its_kind_and_place_without_its_words(lines: Any) -> None:
    try:
        raise ValueError(SEEDED)
    except ValueError:
        structlog.get_logger().exception("request.failed")
    [line] = lines()
    assert line["exception"] == "ValueError"
    assert line["frames"][-1].endswith(
        "test_exception_is_logged_by_its_kind_and_place_without_its_words"
    )
    assert SEEDED not in json.dumps(line)


def test_library_that_logs_an_exception_cannot_quote_it(lines: Any) -> None:
    log = logging.getLogger("some.library")
    try:
        raise ValueError(SEEDED)
    except ValueError as error:
        log.exception("Failed: %s", error)
        log.error("Failed again\nfuture: <Task exception=ValueError('%s')>", SEEDED)
    first, second = lines()
    assert (first["event"], first["exception"]) == ("Failed: ValueError", "ValueError")
    assert second["event"] == "Failed again"


async def test_requests_are_logged_by_their_route_never_by_what_was_asked(lines: Any) -> None:
    async with client_of(an_api()) as client:
        await client.get(f"/cases/refusing/missing?limit=1&name={SEEDED}")
        await client.get("/cases/refusing/broken")
        await client.get(f"/{SEEDED}")
        await client.post("/cases", json={"risk": SEEDED, "child_name": SEEDED, SEEDED: 1})
    logged = lines()
    answered = [line for line in logged if line["event"] == "request.answered"]
    assert [line["route"] for line in answered] == [
        "/cases/refusing/{how}",
        "/cases/refusing/{how}",
        "unmatched",
        "/cases",
    ]
    assert all(line["request_id"] for line in answered)
    assert "Noor" not in json.dumps(logged)
    assert "Haddad" not in json.dumps(logged)


@pytest.fixture
def spans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    provider = TracerProvider()
    file = tmp_path / "cases.jsonl"
    provider.add_span_processor(SimpleSpanProcessor(WithoutWords(SpanFile(file))))
    monkeypatch.setattr("infrastructure.telemetry.tracer", lambda: provider.get_tracer("test"))
    return lambda: [json.loads(line) for line in file.read_text().splitlines()]


def test_span_goes_on_from_where_the_event_came(spans: Any) -> None:
    with continue_from(PARENT, "applied"):
        onward = current_traceparent()
    [span] = spans()
    assert (span["trace_id"], span["parent_id"]) == (PARENT.split("-")[1], PARENT.split("-")[2])
    assert onward == f"00-{span['trace_id']}-{span['span_id']}-01"


@pytest.mark.parametrize("broken", [None, "", "00-xyz", "Noor"])
def test_broken_traceparent_starts_a_trace_of_its_own(broken: str | None, spans: Any) -> None:
    with continue_from(broken, "applied"):
        pass
    assert spans()[0]["parent_id"] is None


def test_exceptions_in_spans_keep_their_kind_and_lose_their_words(spans: Any) -> None:
    with pytest.raises(ValueError, match="Noor"), continue_from(PARENT, "applied"):
        raise ValueError(SEEDED)
    [span] = spans()
    assert span["status"] == "error"
    assert SEEDED not in json.dumps(span)


async def test_request_span_has_the_route_and_no_query(spans: Any) -> None:
    async with client_of(an_api()) as client:
        await client.get(
            f"/cases/refusing/missing?limit=1&x={SEEDED}", headers={"traceparent": PARENT}
        )
    [span] = spans()
    assert span["name"] == "GET /cases/refusing/{how}"
    assert span["trace_id"] == PARENT.split("-")[1]
    assert "Noor" not in json.dumps(span)


def test_without_a_collector_nothing_is_traced_and_traces_pass_through() -> None:
    assert not isinstance(trace.get_tracer_provider(), TracerProvider)
    with continue_from(PARENT, "applied"):
        assert current_traceparent() == PARENT
