"""A process that does nothing but relay; says so, and waits to be killed."""

import asyncio
import sys

from infrastructure.bus import Bus
from infrastructure.db import Database
from infrastructure.outbox import ACTIVE, Relay
from infrastructure.settings import settings


async def main() -> None:
    db = Database(settings())
    relaying = asyncio.create_task(Relay(db, Bus(settings())).run())
    while not ACTIVE.labels("cases")._value.get():  # noqa: ASYNC110 - it is a number
        await asyncio.sleep(0.01)
    sys.stdout.write("relaying\n")
    sys.stdout.flush()
    await relaying


asyncio.run(main())
