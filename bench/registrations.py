"""Registrations a second through HTTP, one cases process, beside the same rows by asyncpg alone."""

import time

from bench.figures import Part, p50, p99
from bench.ground import AT_ONCE, Ground
from bench.raw_inserts import CONNECTIONS, RawInserts

ALONE = ("postgres", "kafka", "issuer", "cases")
_BUSY = 0.85  # of one core: what uses more than this is what bounds it


async def measure(ground: Ground, count: int, rounds: int) -> Part:
    """Raw and HTTP by turns, so that whatever else the machine does meets both."""
    part = Part("registrations", "Registering a child (POST /cases), one cases process")
    await ground.register(50)  # warm
    raw = RawInserts(ground)
    rows = await raw.prepare(ground.refs[-1])
    await raw.run(50)
    bare_rates, rates, took, used, spent = [], [], [], dict[str, float](), 0.0
    for _ in range(rounds):
        bare_rates.append(await raw.run(count))
        before, began = ground.cpu_seconds(), time.perf_counter()
        took += [each.took for each in await ground.register(count)]
        seconds = time.perf_counter() - began
        rates.append(count / seconds)
        spent += seconds
        for name, after in ground.cpu_seconds().items():
            used[name] = used.get(name, 0.0) + after - before[name]
    rate, bare = p50(rates), p50(bare_rates)
    part.add("through HTTP", rate, "a second")
    part.add("p50", p50(took) * 1000, "ms")
    part.add("p99", p99(took) * 1000, "ms")
    part.add("the same rows by asyncpg", bare, "a second")
    part.at_least("HTTP by raw", rate / bare, "", 0.2)
    shares = {name: seconds / spent for name, seconds in used.items()}
    for name in ("cases", "postgres", "kafka", "bench"):
        part.add(f"{name}: of one core", shares[name] * 100, "%")
    part.notes.append(
        f"{rounds} x {count} registrations, {AT_ONCE} at once, {rows} rows each; raw on {CONNECTIONS} connections."
    )
    part.add("time of the processor each, cases", used["cases"] / (rounds * count) * 1000, "ms")
    part.notes.append(_bound(shares))
    return part


def _bound(shares: dict[str, float]) -> str:
    name, most = max(shares.items(), key=lambda item: item[1])
    if most >= _BUSY:
        return f"What bounds it: the {name} process uses {most:.0%} of one core."
    return (
        f"No process uses a whole core (the most: {name}, {most:.0%}): waiting bounds it - for commits,"
        " or for a processor that others use."
    )


async def through_platform(ground: Ground, count: int, name: str) -> Part:
    """While every other process takes in what is said: the platform's own rate on this machine."""
    part = Part(
        name, f"Registering with the whole platform running, {len(ground.refs)} cases on record"
    )
    began = time.perf_counter()
    took = [each.took for each in await ground.register(count)]
    part.add("through HTTP", count / (time.perf_counter() - began), "a second")
    part.add("p50", p50(took) * 1000, "ms")
    part.add("p99", p99(took) * 1000, "ms")
    return part
