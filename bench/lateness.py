"""How late announcements are when many deadlines fall due in the same second, beside bare workflows."""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from bench.bus import behind, listening, until
from bench.figures import Part, p50, p99, quantile
from bench.ground import AT_ONCE, WORKER, Ground
from bench.timers import all_armed
from bench.wire import Line, send_all


@dataclass
class Batch:
    """What became of one batch; lateness in seconds."""

    size: int
    announced: list[float] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    early: int = 0
    lost: int = 0
    doubled: int = 0
    overdue_after: float = 0.0  # seconds until SQL says that all are overdue
    ready_before: float = 0.0  # seconds between all timers armed and the first due
    quiet_after: float = 0.0  # seconds from the due second until nothing was left to do
    bare: list[float] = field(default_factory=list)


async def measure(ground: Ground, size: int, *, spread: bool, ahead: float, name: str) -> Part:
    """`spread`: a second apart, each alone; else all at once. `ahead`: seconds to get ready."""
    on_record = len(ground.refs)
    batch = Batch(size)
    batch.bare = await _bare(ground, size, spread=spread)
    await _ours(ground, batch, spread=spread, ahead=ahead)
    return _part(batch, name, on_record, spread=spread)


async def settle(ground: Ground, within: float = 300.0) -> None:
    """Waits until the platform has done all there is to do; raises RuntimeError."""
    if not await until(lambda: _quiet(ground), within, every=1.0) or not await until(
        lambda: all_armed(ground, ground.refs[-50:]), within, every=1.0
    ):
        raise RuntimeError(f"The platform was still busy after {within:.0f} s.")


async def _bare(ground: Ground, size: int, *, spread: bool) -> list[float]:
    first = float(int(time.time() + 8 + size / 60))
    dues = [first + n for n in range(size)] if spread else [first]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.bare", ground.stack.site.temporal_address, str(size),
        *(str(due) for due in dues), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(120 + size / 5):
            out, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    found: list[float] = json.loads(out)
    return found


async def _ours(ground: Ground, batch: Batch, *, spread: bool, ahead: float) -> None:
    """Registers as many cases as are to fall due, agrees on the date, and listens."""
    fresh = (await ground.register(batch.size))[-batch.size :]
    refs = [each.json()["case_ref"] for each in fresh]
    first = float(int(time.time() + ahead))
    due = {ref: first + n if spread else first for n, ref in enumerate(refs)}
    requests = [(f"/cases/{ref}/initial-assessment", _assessment(at)) for ref, at in due.items()]
    async with listening(ground.stack, "cases", "timekeeping") as arrivals:
        await send_all(ground.url("cases"), ground.tokens[WORKER], requests, AT_ONCE)
        await until(lambda: _caught_up(ground), max(1.0, first - time.time()), every=1.0)
        batch.ready_before = first - time.time()
        watched = 0 if spread else batch.size  # one at a time, SQL has nothing to count
        watching = asyncio.create_task(_watch_overdue(ground, first, watched))
        last = max(due.values())
        await asyncio.sleep(max(0.0, last - time.time()))
        await until(lambda: len(_told(arrivals, due)) >= batch.size, 60 + batch.size / 20)
        batch.overdue_after = await watching
        await until(lambda: _quiet(ground), 120 + batch.size / 5, every=1.0)
        batch.quiet_after = time.time() - last
        _count(batch, due, _told(arrivals, due), arrivals)


def _assessment(due: float) -> dict[str, Any]:
    at = datetime.fromtimestamp(due, UTC).isoformat()
    return {
        "risk": "low", "immediate_needs": [], "safety": "No danger seen.",
        "urgent_actions": [{"title": "A visit", "responsible": "caseworker", "due": at}],
    }  # fmt: skip


def _told(arrivals: Any, due: dict[str, float]) -> list[tuple[float, str, str]]:
    """Every deadline.missed of the batch: when it was heard, of which case, its event id."""
    return [
        (at, ref, head["ce_id"].decode())
        for at, head, _ in arrivals.heard
        if head["ce_type"] == b"deadline.missed.v1" and (ref := head["ce_subject"].decode()) in due
    ]


def _count(
    batch: Batch, due: dict[str, float], told: list[tuple[float, str, str]], arrivals: Any
) -> None:
    events = {event_id: (at, ref) for at, ref, event_id in reversed(told)}  # the first of each
    times = Counter(ref for _, ref in events.values())
    batch.announced = [at - due[ref] for at, ref in events.values()]
    batch.early = sum(late < 0 for late in batch.announced)
    batch.lost = sum(times[ref] == 0 for ref in due)
    batch.doubled = sum(n > 1 for n in times.values())
    for at, head, body in arrivals.heard:
        if head["ce_type"] == b"deadline.moment-reached.v1":
            ref = json.loads(body)["case_ref"]
            if ref in due:
                batch.moments.append(at - due[ref])


async def _watch_overdue(ground: Ground, first: float, size: int) -> float:
    """Asks operations again and again around the due second; seconds until all were in its count."""
    await asyncio.sleep(max(0.0, first - 1 - time.time()))
    line = Line(ground.url("operations"), ground.tokens["olga"])
    before: int | None = None
    try:
        while time.time() < first + 30:
            counts = (await line.get("/counts?step=urgent-action")).json()
            as_of = datetime.fromisoformat(counts["as_of"]).timestamp()
            if as_of <= first:
                before = counts["overdue"]
            elif before is None or counts["overdue"] >= before + size:
                return as_of - first
            await asyncio.sleep(0.02)
        return float("inf")
    finally:
        line.close()


async def _caught_up(ground: Ground) -> bool:
    return await behind(ground.stack) == 0


async def _quiet(ground: Ground) -> bool:
    """Nothing on its way: no outbox row, no unread record, no mail to be sent."""
    left = await ground.query(
        " union all ".join(f"select id from {name}.outbox" for name in ("cases", "notifications"))
    )
    if left or await behind(ground.stack):
        return False
    client = await Client.connect(ground.stack.site.temporal_address)
    mails = await client.count_workflows("WorkflowType='Mailbox' AND ExecutionStatus='Running'")
    return mails.count == 0


def _part(batch: Batch, name: str, on_record: int, *, spread: bool) -> Part:
    how = "one at a time" if spread else "in the same second"
    part = Part(name, f"{batch.size} deadlines due {how}, {on_record} cases on record before")
    if not batch.announced:
        part.notes.append("Nothing was announced.")
        return part
    part.add("missed on the bus, p50", p50(batch.announced), "s")
    part.add("missed on the bus, p99", p99(batch.announced), "s")
    part.add("moment on the bus, p50", p50(batch.moments), "s")
    part.add("moment on the bus, p99", p99(batch.moments), "s")
    part.add("bare timer and activity, p50", p50(batch.bare), "s")
    part.add("bare timer and activity, p99", p99(batch.bare), "s")
    if not spread:
        part.add("announced a second", batch.size / max(batch.announced), "")
        part.add("bare a second", batch.size / max(batch.bare), "")
    part.at_least("bare p99 by ours", p99(batch.bare) / p99(batch.announced), "", 0.6)
    part.add("slowest", quantile(batch.announced, 1.0), "s")
    for what, value in (("early", batch.early), ("lost", batch.lost), ("doubled", batch.doubled)):
        part.at_most(what, value, "", 0)
    if not spread:
        part.at_most("overdue in SQL after", batch.overdue_after, "s", 1)
    part.notes.append(
        f"All timers armed {batch.ready_before:.0f} s before; nothing left to do {batch.quiet_after:.0f} s after."
    )
    if batch.ready_before < 1:
        part.notes.append(
            "Not everything was armed in time: these figures hold a backlog of registering."
        )
    return part
