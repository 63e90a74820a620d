"""aiokafka clients begun and ended whole: one interrupted half-way leaves connections and tasks behind."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

CLOSE_WITHIN = 3.0
_ending: set[asyncio.Task[None]] = set()


async def begin(starting: asyncio.Task[None], within: float) -> None:
    """Waits for a client to start; raises TimeoutError or what it raised, and leaves it to `finish`."""
    async with asyncio.timeout(within):
        await asyncio.shield(starting)


async def finish(starting: asyncio.Task[None]) -> None:
    """Lets a start come to its end, within bounds, so that there is something whole to close."""
    await asyncio.wait({starting}, timeout=CLOSE_WITHIN)
    starting.cancel()
    with suppress(Exception, asyncio.CancelledError):
        await starting


async def to_the_end(closing: Coroutine[Any, Any, None]) -> None:
    """Closes, and goes on closing behind when whoever waits is cancelled."""
    task = asyncio.create_task(closing)
    _ending.add(task)
    task.add_done_callback(_ending.discard)
    await asyncio.shield(task)


async def abandon_producer(producer: AIOKafkaProducer) -> None:
    """Ends a producer of which nothing is wanted any more, whatever it is waiting for.

    aiokafka 0.14's own stop() waits for ever for a broker that is away, and its sender would go on trying; hence
    this reaches inside.
    """
    accumulator, sender = producer._message_accumulator, producer._sender.sender_task
    waiting = [batch for batches in accumulator._batches.values() for batch in batches]
    accumulator.fail_all(KafkaError("The producer was abandoned."))
    for batch in waiting:
        if batch._drain_waiter.done():
            batch._drain_waiter.exception()  # nobody waits for it; unread, asyncio would complain
    if sender is not None:
        sender.cancel()
    with suppress(KafkaError, OSError):
        async with asyncio.timeout(CLOSE_WITHIN):
            await producer.client.close()
            updated = producer.client._md_update_fut
            if updated is not None and not updated.done():
                updated.set_result(False)  # its maker is gone, and a request may wait for it
            if sender is not None:
                await asyncio.wait({sender})
            await producer.stop()
    if sender is not None:
        sender.cancel()
    producer._closed = True
