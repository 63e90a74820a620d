"""One run: a stack of its own, cases under way, processes killed in turn, and a judgement when all is quiet."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.embedded.stack import EmbeddedStack
from tests.faults import judge, report
from tests.faults.calamity import kill_in_turn
from tests.faults.journey import Journey
from tests.faults.judge import Finding
from tests.faults.pace import Pace, Phase
from tests.faults.people import People
from tests.faults.record import Recorder
from tests.faults.referring import ReferralLife


@dataclass(frozen=True)
class Ordeal:
    """`settles_within`, `away`, `between` and `pause` (between two commands of a case) in seconds."""

    cases: int
    parts: tuple[str, ...]
    killed: tuple[str, ...]
    phases: tuple[Phase, ...]
    away: float
    between: float
    pause: tuple[float, float]
    settles_within: float
    lead: float = 20.0
    referrals: int = 0  # each of a case of its own, beside `cases`
    at_once: int = 8  # referrals that are got under way side by side


async def undergo(ordeal: Ordeal, folder: Path, console: Console) -> list[str]:
    """Every breach; none is what is hoped for. The stack has ended when it returns."""
    pace = Pace(ordeal.phases, ordeal.lead)
    stack = EmbeddedStack(folder, parts=ordeal.parts, clock_plan=pace.fix, any_port=True, given={})
    async with stack:
        people = People(stack.urls, seed=ordeal.cases)
        try:
            return await _undergo(ordeal, stack, pace, people, console)
        finally:
            await people.close()


async def _undergo(
    ordeal: Ordeal, stack: EmbeddedStack, pace: Pace, people: People, console: Console
) -> list[str]:
    await people.sign_in()
    await people.set_stage()
    refers = "referrals" in ordeal.parts
    journeys = [
        Journey(number, people, pace.case_now, referrals=refers) for number in range(ordeal.cases)
    ]
    lives = [ReferralLife(number, people, pace.case_now) for number in range(ordeal.referrals)]
    at_once = asyncio.Semaphore(ordeal.at_once)
    async with asyncio.TaskGroup() as group:
        for journey in journeys:
            group.create_task(journey.get_under_way())
        for life in lives:
            group.create_task(life.get_under_way(at_once))
    await asyncio.sleep(max(pace.seconds_to_begin(), 0.0))
    going = asyncio.Event()
    going.set()
    async with asyncio.TaskGroup() as group:
        for each in (*journeys, *lives):
            group.create_task(each.live(going, ordeal.pause))
        outages, fallen = await kill_in_turn(stack, ordeal.killed, ordeal.away, ordeal.between)
        await asyncio.sleep(max(pace.seconds_of_hurry(), 0.0))
        going.clear()
    found = await _settled(ordeal, Recorder(stack), pace, people, console)
    fallen += [f"{name} ended by itself (code {code})" for name, code in stack.died().items()]
    report.show(console, outages, people.ledger, found)
    return fallen + [f"{each.what}: {breach}" for each in found for breach in each.breaches]


async def _settled(
    ordeal: Ordeal, recorder: Recorder, pace: Pace, people: People, console: Console
) -> list[Finding]:
    """Judged again and again until nothing is wrong twice in a row, or patience is over."""
    began, calm = time.monotonic(), 0
    while True:
        try:
            found = judge.findings(await recorder.read(pace.case_now()), people.ledger)
        except OSError as error:
            found = [Finding("the record can be read", 1, (f"it cannot: {error}",))]
        calm = calm + 1 if not any(each.breaches for each in found) else 0
        if calm == 2 or time.monotonic() - began > ordeal.settles_within:
            console.print(f"Judged after {time.monotonic() - began:.0f} s of quiet.")
            return found
        await asyncio.sleep(2.0)
