"""Killing one process after the other, and starting each again while commands go on."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from deploy.embedded.stack import EmbeddedStack
from infrastructure.clock import wall_now


@dataclass(frozen=True)
class Outage:
    """One part that was killed; nobody was there from `killed` to `ready`, both wall time (UTC)."""

    part: str
    killed: datetime
    started: datetime
    ready: datetime


async def kill_in_turn(
    stack: EmbeddedStack, parts: tuple[str, ...], away: float, between: float
) -> tuple[list[Outage], list[str]]:
    """`away` and `between` in seconds. The second: a sentence for each part that ended by itself."""
    outages, fallen = [], []
    for part in parts:
        killed = wall_now()
        await stack.kill(part)
        await asyncio.sleep(away)
        started = wall_now()
        await stack.start(part)
        outages.append(Outage(part, killed, started, wall_now()))
        await asyncio.sleep(between)
        for name, code in stack.died().items():
            fallen.append(f"{name} ended by itself (code {code}) when {part} was killed")
            await stack.restart(name)
    return outages, fallen
