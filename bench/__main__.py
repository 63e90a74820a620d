"""`python -m bench`: everything in one run; `--only` for parts of it, `--quick` to try it out."""

import argparse
import asyncio
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from bench import digests, growth, lateness, memory, referrals, registrations, report, travel
from bench.figures import Part
from bench.ground import Ground, Others, machine
from deploy.embedded.processes import PARTS

NAMES = (
    "registrations",
    "digests",
    "travel",
    "arming",
    "letters",
    "referrals",
    "lateness",
    "memory",
    "growth",
)


@dataclass(frozen=True)
class Sizes:
    """`cases` on record at first, ten times as many later; `due` at once at the most."""

    cases: int
    due: int
    registrations: int
    rounds: int
    seconds: int
    recipients: int


WHOLE = Sizes(cases=500, due=5000, registrations=600, rounds=3, seconds=20, recipients=10_000)
QUICK = Sizes(cases=40, due=80, registrations=60, rounds=2, seconds=4, recipients=200)


class Bench:
    def __init__(self, sizes: Sizes, only: set[str], console: Console) -> None:
        self._sizes, self._only, self._console = sizes, only, console
        self._others = Others()
        self.parts: dict[str, Part] = {}

    async def run(self, folder: Path) -> None:
        if "registrations" in self._only:
            self._say("One service alone")
            async with Ground(folder / "alone", registrations.ALONE) as ground:
                sizes = self._sizes
                self._keep(await registrations.measure(ground, sizes.registrations, sizes.rounds))
        if "digests" in self._only:
            self._say("Notifications alone")
            async with Ground(folder / "mail", digests.ALONE) as ground:
                self._keep(await digests.measure(ground, self._sizes.recipients))
        if self._only - {"registrations", "digests"}:
            self._say("The whole platform")
            async with Ground(folder / "whole", PARTS) as ground:
                await self._at_first(ground)
                if "growth" in self._only:
                    await self._grown(ground)

    async def _at_first(self, ground: Ground) -> None:
        sizes = self._sizes
        self._keep(await registrations.through_platform(ground, sizes.cases, "platform"))
        await lateness.settle(ground)
        if "travel" in self._only:
            self._keep(await travel.measure_travel(ground, sizes.seconds, "travel"))
            await lateness.settle(ground)
        if "arming" in self._only:
            self._keep(await travel.measure_arming(ground, sizes.seconds))
            await lateness.settle(ground)
        if "letters" in self._only:
            self._keep(await referrals.measure_letters(ground, sizes.seconds))
            await lateness.settle(ground)
        if "referrals" in self._only:
            self._keep(await referrals.measure_throughput(ground, sizes.cases))
            await lateness.settle(ground)
        if "memory" in self._only:
            self._keep(memory.measure(ground, "memory"))
        if "lateness" in self._only:
            await self._late(ground, 10, "lateness-one", spread=True)
            await self._late(ground, sizes.cases, "lateness-many")

    async def _grown(self, ground: Ground) -> None:
        """The same again at ten times the cases, and then the largest batch."""
        sizes = self._sizes
        missing = sizes.cases * 10 - len(ground.refs)
        self._say(f"Registering {missing} more")
        await ground.register(max(0, missing))
        await lateness.settle(ground)
        self._keep(
            await registrations.through_platform(ground, sizes.registrations, "platform-grown")
        )
        await lateness.settle(ground)
        if "travel" in self._only:
            self._keep(await travel.measure_travel(ground, sizes.seconds, "travel-grown"))
            await lateness.settle(ground)
        if "lateness" in self._only:
            await self._late(ground, sizes.cases, "lateness-many-grown")
            await self._late(ground, sizes.due, "lateness-most")
        if "memory" in self._only:
            self._keep(memory.measure(ground, "memory-grown"))
        self._keep(growth.compare(self.parts, sizes.cases, sizes.cases * 10))

    async def _late(self, ground: Ground, size: int, name: str, *, spread: bool = False) -> None:
        self._say(f"{size} deadlines, {'one at a time' if spread else 'in the same second'}")
        rate = self.parts["platform"].value("through HTTP") or 1.0
        # Agreeing on a date costs about two registrations, and the rest of the platform follows behind.
        ahead = 20 + size / rate * 4
        self._keep(await lateness.measure(ground, size, spread=spread, ahead=ahead, name=name))

    def _keep(self, part: Part) -> None:
        part.others = self._others.cores()
        self.parts[part.name] = part
        report.show(self._console, part)

    def _say(self, what: str) -> None:
        self._console.rule(what, style="dim")


def main() -> None:
    arguments = _arguments()
    sizes = QUICK if arguments.quick else WHOLE
    sizes = replace(sizes, cases=arguments.cases or sizes.cases, due=arguments.due or sizes.due)
    only = set(arguments.only or NAMES)
    on = machine()
    bench = Bench(sizes, only, Console())
    folder = Path(tempfile.mkdtemp(prefix="throughline-bench-"))
    try:
        asyncio.run(bench.run(folder))
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
        for part in bench.parts.values():
            part.taken = f"{on['date']}, commit {on['commit']}"
        report.save(bench.parts, on, page=sizes == WHOLE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=_parts, help=f"comma-separated: {', '.join(NAMES)}")
    parser.add_argument("--cases", type=int, help=f"cases on record at first ({WHOLE.cases})")
    parser.add_argument("--due", type=int, help=f"most deadlines due at once ({WHOLE.due})")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try it out")
    parser.add_argument("--keep", action="store_true", help="keep the stack's folder and logs")
    return parser.parse_args()


def _parts(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in NAMES:
            raise argparse.ArgumentTypeError(f"{name!r} is no part; allowed: {', '.join(NAMES)}")
    return names


if __name__ == "__main__":
    main()
