"""The bridge: reads the services' topics and tells the workflows. `python -m workflows bridge`.

The offset is committed once every workflow has what it was told; read again, a fact counts once by its id.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from contracts.envelope import Envelope
from domain.errors import Unavailable
from infrastructure.bus import Bus
from infrastructure.clock import SandboxClock, clock_from
from infrastructure.cloudevents import Unreadable, read
from infrastructure.health import Check
from infrastructure.ids import derived_id
from infrastructure.settings import Settings
from workflows.bridge.carrier import CannotBeTold, Carrier
from workflows.bridge.errands import Errand, errands
from workflows.bridge_table import MAIL_TOPICS, TOPICS
from workflows.complaints import Complaints
from workflows.journey import Terms
from workflows.measures import POLL_AGE
from workflows.process import Process

_POLL_MS, _BATCH = 500, 300
_STOP_WITHIN = 3.0
_WAIT_SECONDS = 1.0
_SILENCE_SECONDS = 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Lane:
    """A consumer group of its own; `at_once` bounds what it asks of Temporal."""

    group: str
    topics: tuple[str, ...]
    at_once: int


FACTS = Lane("bridge", TOPICS, at_once=32)
MAIL = Lane("bridge-mail", MAIL_TOPICS, at_once=4)


async def carry_facts(process: Process) -> None:
    await _carry(process, FACTS)


async def carry_mail(process: Process) -> None:
    await _carry(process, MAIL)


async def _carry(process: Process, lane: Lane) -> None:
    """Until cancelled; outlives Kafka and Temporal being away."""
    bus = Bus(process.settings)
    clock = clock_from(process.settings)
    bridge = Bridge(process.settings, bus, Complaints(bus, clock), lane)
    process.checks += [
        Check(f"{lane.group}-kafka", bus.answers),
        Check(f"{lane.group}-reads", bridge.reads),
    ]
    terms = Terms(
        clock=clock.plan if isinstance(clock, SandboxClock) else None,
        continue_as_new_after=process.settings.continue_as_new_after,
    )
    try:
        client = await process.client()
        await bridge.run(Carrier(client, process.settings.temporal_task_queue, terms))
    finally:
        await bus.close()


class Bridge:
    def __init__(
        self, settings: Settings, bus: Bus, complaints: Complaints, lane: Lane = FACTS
    ) -> None:
        self._settings = settings
        self._bus = bus
        self._complaints = complaints
        self._lane = lane
        self._polled = time.monotonic()
        self._at_once = asyncio.Semaphore(lane.at_once)
        POLL_AGE.labels(lane.group).set_function(lambda: time.monotonic() - self._polled)

    async def reads(self) -> bool:
        """For readiness: whether the bus was read lately."""
        return time.monotonic() - self._polled < _SILENCE_SECONDS

    async def run(self, carrier: Carrier) -> None:
        while True:
            try:
                await self._bus.ensure_topics()
                await self._read(carrier)
            except (Unavailable, KafkaError, OSError) as failure:
                log.warning("bus.away", error=type(failure).__name__)
            except Exception:
                log.exception("bridge.failed")
            await asyncio.sleep(_WAIT_SECONDS)

    async def _read(self, carrier: Carrier) -> None:
        consumer = self._consumer()
        try:
            async with asyncio.timeout(self._settings.kafka_timeout * 2):
                await consumer.start()
            while True:
                batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
                self._polled = time.monotonic()
                if not batches:
                    continue
                await self._take(carrier, batches)
                # A rebalance may have taken a partition away: its new reader tells again what counts once.
                with suppress(KafkaError):
                    await consumer.commit({at: all_[-1].offset + 1 for at, all_ in batches.items()})
        finally:
            with suppress(KafkaError, OSError, TimeoutError):
                async with asyncio.timeout(_STOP_WITHIN):
                    await consumer.stop()

    def _consumer(self) -> AIOKafkaConsumer:
        group = self._settings.topic(self._lane.group)
        return AIOKafkaConsumer(
            *(self._settings.topic(topic) for topic in self._lane.topics),
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=group,
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            retry_backoff_ms=50,
            # The least that brokers allow: how long a killed bridge's partitions wait for the next one.
            session_timeout_ms=6000,
            heartbeat_interval_ms=2000,
        )

    async def _take(
        self, carrier: Carrier, batches: Mapping[TopicPartition, Sequence[Any]]
    ) -> None:
        """Workflows side by side; each is told in the order of the bus."""
        envelopes: list[Envelope] = []
        async with asyncio.TaskGroup() as group:
            for record in (record for records in batches.values() for record in records):
                try:
                    envelopes.append(read(record.headers, record.key, record.value))
                except Unreadable as wrong:
                    group.create_task(self._complain_of_record(record, wrong))
        async with asyncio.TaskGroup() as group:
            for errand in errands(envelopes):
                group.create_task(self._carry(carrier, errand))

    async def _carry(self, carrier: Carrier, errand: Errand) -> None:
        async with self._at_once:
            try:
                await carrier.carry(errand)
            except CannotBeTold as refused:
                await self._complain_of_errand(errand, str(refused))
            except Exception:
                # A failure of ours must not hold up the other cases for ever.
                log.exception("errand.failed", workflow_id=errand.address.workflow_id)
                await self._complain_of_errand(errand, "failure")

    async def _complain_of_errand(self, errand: Errand, why: str) -> None:
        await self._complaints.report(
            derived_id("cannot-be-told", errand.address.workflow_id, errand.facts[0].event_id),
            errand.address.case_ref,
            "bridge",
            errand.address.key,
            f"cannot-be-told.{why}",
        )

    async def _complain_of_record(self, record: Any, wrong: Unreadable) -> None:
        place = f"{record.partition}-{record.offset}"
        await self._complaints.report(
            derived_id("unreadable", record.topic, place),
            wrong.key,
            "bridge",
            str(wrong.event_id or place),
            f"event.{wrong.reason}",
        )
