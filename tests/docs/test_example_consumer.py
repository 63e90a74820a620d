"""The example consumer of docs/integrators.md prints a case's events, once each, from a real Kafka."""

import asyncio
import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from contracts.compatibility import ROOT as CONTRACTS
from contracts.envelope import Envelope
from contracts.events import REGISTRY
from infrastructure.bus import Bus
from infrastructure.cloudevents import Message
from infrastructure.ids import new_id
from infrastructure.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "case_events.py"
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CASE, OTHER = "TL-7K2M-9QXA-Y", "TL-0000-0000-0"
WITHIN = 60.0


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("case_events", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up
    spec.loader.exec_module(module)
    return module


def an_envelope(name: str, **fields: object) -> Envelope:
    golden = json.loads((CONTRACTS / "golden" / name / "full.json").read_text())
    event = REGISTRY[name].model_validate_json(json.dumps({**golden, **fields}))
    return Envelope(new_id(), name, "cases", event.subject, NINE, 1, event)


def test_binary_and_structured_modes_are_told_apart_by_content_type(example: ModuleType) -> None:
    message = Message.of(an_envelope("case.closed.v1"), "cases")
    binary = example.read(message.headers(), message.body)
    whole = {**binary.attributes, "data": json.loads(message.body)}
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    structured = example.read(headers, json.dumps(whole).encode())
    assert binary.fields == structured.fields
    assert binary.attributes["type"] == structured.attributes["type"] == "case.closed.v1"


def test_what_is_no_event_is_refused(example: ModuleType) -> None:
    with pytest.raises(ValueError, match="not a CloudEvent"):
        example.read([("content-type", b"application/json")], b"{}")


def test_double_is_the_same_id_of_the_same_source(example: ModuleType) -> None:
    seen = example.Seen(remembered=2)
    one, other = ({"id": "1", "source": source} for source in ("cases", "reviews"))
    found = [seen.is_double(example.CloudEvent(each, {})) for each in (one, one, other)]
    assert found == [False, True, False]


@pytest.fixture
def settings(kafka_bootstrap: str, topic_prefix: str) -> Settings:
    return read_settings(
        environment="test",
        service_name="cases",
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=topic_prefix,
    )


@pytest.fixture
async def bus(settings: Settings) -> AsyncIterator[Bus]:
    bus = Bus(settings)
    await bus.ensure_topics()
    yield bus
    await bus.close()


async def printed(settings: Settings, *options: str) -> tuple[str, str]:
    """What the example writes until it ends by itself."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, str(EXAMPLE), "--bootstrap", settings.kafka_bootstrap, *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(program.communicate(), WITHIN)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    return out.decode(), err.decode()


async def groups(settings: Settings) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await admin.start()
    try:
        return {group for group, *_ in await admin.list_consumer_groups()}
    finally:
        await admin.close()


async def test_events_of_one_case_are_printed_once_and_nothing_is_committed(
    bus: Bus, settings: Settings
) -> None:
    before = await groups(settings)
    registered = an_envelope("case.registered.v1", case_ref=CASE)
    for envelope, topic in (
        (registered, None),
        (an_envelope("case.closed.v1", case_ref=OTHER), None),
        (registered, None),  # delivered again
        (an_envelope("deadline.set.v1", case_ref=CASE), "cases"),
    ):
        await bus.publish(envelope, topic)
    options = ("--case", CASE, "--prefix", settings.topic_prefix, "--stop-after", "2")
    out, err = await printed(settings, *options)
    assert err == ""
    assert [each.split()[1] for each in out.splitlines()] == [
        "case.registered.v1",
        "deadline.set.v1",
    ]
    assert 'risk="imminent"' in out
    assert await groups(settings) == before


async def test_wrong_prefix_and_absent_kafka_are_sentences(bus: Bus, settings: Settings) -> None:
    _, err = await printed(settings, "--case", CASE, "--prefix", "nowhere.")
    assert "There is no topic nowhere.cases" in err
    away = settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:9"})
    _, err = await printed(away, "--case", CASE)
    assert "Kafka at 127.0.0.1:9 did not answer" in err
