"""Kafka, reached with patience of our own: an idempotent send never gives up by itself."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code

from contracts.envelope import Envelope
from contracts.events import TOPICS
from domain.errors import Unavailable
from infrastructure.cloudevents import Message
from infrastructure.kafka_clients import CLOSE_WITHIN, abandon_producer, begin, finish, to_the_end
from infrastructure.settings import Settings

_LINGER_MS = 5
_BATCH_BYTES = 262_144
_TOPIC_ALREADY_EXISTS = 36


class Producer:
    """One idempotent producer session. After a failure it is abandoned, never mended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._within = settings.kafka_timeout
        self._starting: asyncio.Task[None] | None = None
        self._kafka = AIOKafkaProducer(
            bootstrap_servers=settings.kafka_bootstrap,
            client_id=f"throughline-{settings.service_name}",
            acks="all",
            enable_idempotence=True,
            linger_ms=_LINGER_MS,
            max_batch_size=_BATCH_BYTES,
            # Also a batch's life while its partition has no leader. It must outlast our own patience: one that
            # expired within a session would let the batch behind it overtake.
            request_timeout_ms=int(self._within * 1000) * 4,
            retry_backoff_ms=50,
        )

    async def start(self) -> None:
        """Raises Unavailable when no broker answers in time."""
        self._starting = asyncio.create_task(self._kafka.start())
        try:
            await begin(self._starting, self._within)
        except (KafkaError, OSError) as failure:
            await self.abandon()
            raise Unavailable("Kafka did not answer.") from failure
        except BaseException:
            await self.abandon()
            raise

    async def send(self, messages: Sequence[Message]) -> list[int]:
        """Sends in order and waits, within bounds; answers the places of those acknowledged."""
        sent: list[asyncio.Future[object]] = []
        with suppress(KafkaError, OSError):
            async with asyncio.timeout(self._within):
                for message in messages:
                    future = await self._kafka.send(
                        self._settings.topic(message.topic),
                        value=message.body,
                        key=message.key.encode(),
                        headers=message.headers(),
                    )
                    future.add_done_callback(_acknowledged)
                    sent.append(future)
        if sent:
            await asyncio.wait(sent, timeout=self._within)
        return [place for place, future in enumerate(sent) if _acknowledged(future)]

    async def stop(self) -> None:
        """Sends what is queued, if the broker answers at once, and lets go."""
        with suppress(KafkaError, OSError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._kafka.flush()
        await self.abandon()

    async def abandon(self) -> None:
        """Lets go without waiting for what is in flight; nothing of it is sent again later."""
        await to_the_end(self._let_go())

    async def _let_go(self) -> None:
        if self._starting is not None:
            await finish(self._starting)
        await abandon_producer(self._kafka)


class Bus:
    """The topics and who may write to them at once. Raises Unavailable while Kafka is away."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._producer: Producer | None = None
        self._starting = asyncio.Lock()
        self._topics_exist = False

    async def ensure_topics(self) -> None:
        """Creates the topics that are missing; changes none that exist."""
        if self._topics_exist:
            return
        admin = AIOKafkaAdminClient(
            bootstrap_servers=self.settings.kafka_bootstrap,
            request_timeout_ms=int(self.settings.kafka_timeout * 1000),
        )
        starting = asyncio.create_task(admin.start())
        try:
            await begin(starting, self.settings.kafka_timeout)
            async with asyncio.timeout(self.settings.kafka_timeout):
                answer = await admin.create_topics([self._new_topic(name) for name in TOPICS])
        except (KafkaError, OSError) as failure:
            raise Unavailable("Kafka did not answer.") from failure
        finally:
            await to_the_end(_close(starting, admin))
        for name, code, *_ in answer.topic_errors:
            if code not in (0, _TOPIC_ALREADY_EXISTS):
                raise Unavailable(f"Topic {name} could not be made: {for_code(code).__name__}.")
        self._topics_exist = True

    def _new_topic(self, name: str) -> NewTopic:
        settings = self.settings
        return NewTopic(settings.topic(name), settings.topic_partitions, settings.topic_replicas)

    async def new_producer(self) -> Producer:
        """A producer session of one's own, on topics that exist; the caller stops or abandons it."""
        await self.ensure_topics()
        producer = Producer(self.settings)
        await producer.start()
        return producer

    async def publish(self, envelope: Envelope, topic: str | None = None) -> None:
        """Acknowledged by all replicas when this returns; raises Unavailable when that took too long.

        For those who have no outbox: give a derived id, so that saying it again makes no second event.
        """
        message = Message.of(envelope, topic or envelope.event.topic)
        producer = await self._shared()
        if not await producer.send([message]):
            await self._drop(producer)
            raise Unavailable("Kafka did not take the event in time.")

    async def _shared(self) -> Producer:
        async with self._starting:
            if self._producer is None:
                self._producer = await self.new_producer()
            return self._producer

    async def _drop(self, producer: Producer) -> None:
        if self._producer is producer:
            self._producer = None
            await producer.abandon()

    async def answers(self) -> bool:
        """Whether a broker can be reached now."""
        client = AIOKafkaClient(
            bootstrap_servers=self.settings.kafka_bootstrap, request_timeout_ms=1000
        )
        starting = asyncio.create_task(client.bootstrap())
        try:
            await begin(starting, self.settings.kafka_timeout)
        except (KafkaError, OSError):
            return False
        finally:
            await to_the_end(_close(starting, client))
        return True

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()


async def _close(
    starting: asyncio.Task[None], client: AIOKafkaAdminClient | AIOKafkaClient
) -> None:
    await finish(starting)
    with suppress(KafkaError, OSError):
        async with asyncio.timeout(CLOSE_WITHIN):
            await client.close()


def _acknowledged(future: asyncio.Future[object]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
