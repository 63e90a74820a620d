"""The consumer: reads the bus for one service, partitions side by side, and in order within each.

Offsets are committed after the effects. Whoever reads a record again, after a crash or a rebalance, begins at or
before the first unapplied one and finds in the inbox what is done; so nothing is lost or applied twice.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from prometheus_client import Gauge
from sqlalchemy import text

from contracts.events import Event
from domain.disclosure import Viewer
from domain.errors import Unavailable
from infrastructure.bus import Bus
from infrastructure.db import Database
from infrastructure.effects import Effects, Handler, Replay
from infrastructure.kafka_clients import CLOSE_WITHIN, begin, finish, to_the_end
from infrastructure.parking import Record

_POLL_MS = 500
_BATCH = 500
_LONGEST_BACKOFF = 5.0
_FIRST_BACKOFF = 0.1
SILENCE_SECONDS = 30.0

# Wall time, as Kafka's own retention goes.
_FORGET = text(
    "DELETE FROM inbox WHERE applied_at < clock_timestamp() - make_interval(days => :days)"
)
POLL_AGE = Gauge(
    "throughline_inbox_poll_age_seconds", "Time since the bus was last read", ["service"]
)
log = structlog.get_logger()


class Consumer:
    """Runs until cancelled; outlives Kafka and Postgres being away."""

    def __init__(
        self,
        db: Database,
        bus: Bus,
        service: str,
        topics: Sequence[str],
        handlers: Mapping[type[Event], Handler],
    ) -> None:
        self._bus = bus
        self._settings = bus.settings
        self._topics = [self._settings.topic(topic) for topic in topics]
        self._group = self._settings.topic(service)
        self._effects = Effects(db, service, handlers)
        self._polled = time.monotonic()
        self._backoff = _FIRST_BACKOFF
        POLL_AGE.labels(service).set_function(self.last_poll_age)

    def last_poll_age(self) -> float:
        """Seconds since the bus was last read; a consumer that hangs says nothing by itself."""
        return time.monotonic() - self._polled

    async def polled_lately(self) -> None:
        """For readiness: raises Unavailable when the bus was not read for too long."""
        if self.last_poll_age() > SILENCE_SECONDS:
            raise Unavailable("The bus was not read for too long.")

    async def replay(self, key: str, viewer: Viewer) -> Replay:
        """Applies a key's parked events in order until one fails; raises Hidden."""
        return await self._effects.replay(key, viewer)

    async def run(self) -> None:
        while self._topics:
            try:
                await self._bus.ensure_topics()
                await self._read()
            except (Unavailable, KafkaError, OSError) as failure:
                log.warning("bus_not_read", because=type(failure).__name__)
            except Exception:
                log.exception("consumer_failed")
            await self._wait()

    async def _read(self) -> None:
        consumer = self._new_consumer()
        starting = asyncio.create_task(consumer.start())
        try:
            await begin(starting, self._settings.kafka_timeout * 2)
            while True:
                batches = await consumer.getmany(timeout_ms=_POLL_MS, max_records=_BATCH)
                self._polled = time.monotonic()
                if batches:
                    await self._take_all(consumer, batches)
        finally:
            await to_the_end(_stop(starting, consumer))

    def _new_consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *self._topics,
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=self._group,
            group_id=self._group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            retry_backoff_ms=50,
        )

    async def _take_all(
        self, consumer: AIOKafkaConsumer, batches: Mapping[TopicPartition, list[ConsumerRecord]]
    ) -> None:
        async with asyncio.TaskGroup() as group:
            taking = {
                partition: group.create_task(self._take(partition, records))
                for partition, records in batches.items()
            }
        done = {partition: task.result() for partition, task in taking.items()}
        behind = {
            partition: offset
            for partition, offset in done.items()
            if offset <= batches[partition][-1].offset
        }
        # A rebalance may have taken a partition away meanwhile; its new reader finds our inbox rows.
        with suppress(KafkaError, OSError):
            for partition, offset in behind.items():
                consumer.seek(partition, offset)
            async with asyncio.timeout(self._settings.kafka_timeout):
                await consumer.commit(done)
        if behind:
            log.warning("effects_wait_for_what_is_away", partitions=len(behind))
            await self._wait()
        else:
            self._backoff = _FIRST_BACKOFF

    async def _take(self, partition: TopicPartition, records: list[ConsumerRecord]) -> int:
        """The offset to go on from: that of a record which must be tried again, else the next."""
        for found in records:
            record = Record(
                partition.topic,
                partition.partition,
                found.offset,
                found.key,
                found.headers,
                found.value,
            )
            try:
                await self._effects.take(record)
            except Unavailable:
                return int(found.offset)
        return int(records[-1].offset) + 1

    async def _wait(self) -> None:
        await asyncio.sleep(self._backoff)
        self._backoff = min(self._backoff * 2, _LONGEST_BACKOFF)


async def _stop(starting: asyncio.Task[None], consumer: AIOKafkaConsumer) -> None:
    await finish(starting)
    with suppress(KafkaError, OSError):
        async with asyncio.timeout(CLOSE_WITHIN):
            await consumer.stop()


async def forget_old(db: Database, kept_days: int) -> None:
    """Events that Kafka has long forgotten come no second time; raises Unavailable."""
    async with db.transaction(Viewer.system(db.service)) as uow:
        await uow.connection.execute(_FORGET, {"days": kept_days})
