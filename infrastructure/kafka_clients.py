"""aiokafka clients begun and ended whole: one interrupted half-way leaves connections and tasks behind."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

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
