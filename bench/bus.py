"""What a run sees of the bus: one case's events, arrivals as they come, and how far its readers are behind."""

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from contracts.envelope import Envelope
from contracts.events import TOPICS
from deploy.embedded.stack import EmbeddedStack
from infrastructure.cloudevents import read
from infrastructure.settings import Settings

PREFIX = str(Settings.model_fields["topic_prefix"].default)
_READERS = ("cases", "referrals", "reviews", "notifications", "operations", "bridge", "bridge-mail")


def _consumer(stack: EmbeddedStack, *topics: str, reset: str) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *(f"{PREFIX}{topic}" for topic in topics),
        bootstrap_servers=stack.site.kafka_bootstrap,
        auto_offset_reset=reset,
        enable_auto_commit=False,
        group_id=None,
    )


async def said_of(stack: EmbeddedStack, topic: str, key: str) -> list[Envelope]:
    """Every event of one case so far, in order."""
    consumer = _consumer(stack, topic, reset="earliest")
    await consumer.start()
    try:
        places = consumer.assignment()
        ends = await consumer.end_offsets(places)
        found = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [each for each in records if each.key == key.encode()]
        return [read(each.headers, each.key, each.value) for each in found]
    finally:
        await consumer.stop()


class Arrivals:
    """`async with listening(...) as arrivals`: (Unix time, headers, body) of each record from now on."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, dict[str, bytes], bytes]] = []


@asynccontextmanager
async def listening(stack: EmbeddedStack, *topics: str) -> Any:
    """What comes from now on."""
    consumer = _consumer(stack, *topics, reset="latest")
    arrivals = Arrivals()

    async def listen() -> None:
        while True:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                now = time.time()
                arrivals.heard += [(now, dict(each.headers), each.value) for each in records]

    await consumer.start()
    await consumer.seek_to_end()
    for place in consumer.assignment():
        await consumer.position(place)
    task = asyncio.create_task(listen())
    try:
        yield arrivals
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await consumer.stop()


async def behind(stack: EmbeddedStack) -> int:
    """How many records the platform's own readers have not committed yet, all together."""
    readers = [name for name in _READERS if name.removesuffix("-mail") in stack.parts]
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.site.kafka_bootstrap)
    consumer = _consumer(stack, *TOPICS, reset="latest")
    await admin.start()
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        left = 0
        for reader in readers:
            done: dict[TopicPartition, Any] = await admin.list_consumer_group_offsets(
                f"{PREFIX}{reader}"
            )
            left += sum(max(0, ends.get(place, 0) - at.offset) for place, at in done.items())
        return left
    finally:
        await consumer.stop()
        await admin.close()


async def until(true: Callable[[], Any], within: float, every: float = 0.5) -> bool:
    """Whether it came true in time (seconds); `true` may be a coroutine function."""
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        found = true()
        if await found if asyncio.iscoroutine(found) else found:
            return True
        await asyncio.sleep(every)
    return False
