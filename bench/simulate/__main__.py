"""Plays generated lives on virtual time until so many case-years are reached: python -m bench.simulate

Exit code 1 when a moment was missed, early, late or doubled, or a case in work owed nothing.
"""

import argparse
import multiprocessing
import time
from collections import Counter

from rich.progress import BarColumn, Progress, TimeRemainingColumn

from bench.simulate.figures import page
from bench.simulate.play import Played, play_share

_SHARE = 20


def run(case_years: float, seed: int, processes: int, minutes: float) -> Played:
    together = Played()
    until = time.perf_counter() + 60 * minutes
    shares = (range(first, first + _SHARE) for first in range(seed, 1 << 40, _SHARE))
    with _progress() as shown, multiprocessing.get_context("spawn").Pool(processes) as pool:
        task = shown.add_task("playing", total=case_years)
        while together.years < case_years and time.perf_counter() < until:
            some = [next(shares) for _ in range(_still_needed(together, case_years, processes))]
            for played in pool.imap_unordered(play_share, some):
                together.add(played)
                shown.update(task, completed=together.years, description=_so_far(together))
                if time.perf_counter() > until:
                    break
    return together


def _still_needed(together: Played, case_years: float, processes: int) -> int:
    """How many shares are handed out: about as many as are needed."""
    if not together.cases:
        return processes
    a_share = _SHARE * together.years / together.cases
    return max(processes, int((case_years - together.years) / a_share))


def _so_far(together: Played) -> str:
    return f"{together.years:,.0f} case-years, {len(together.faults)} faults"


def _progress() -> Progress:
    return Progress("{task.description}", BarColumn(), TimeRemainingColumn())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case-years", type=float, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first life")
    parser.add_argument("--processes", type=int, default=min(2, multiprocessing.cpu_count()))
    parser.add_argument("--minutes", type=float, default=60, help="ends then, whatever was played")
    given = parser.parse_args()
    begun = time.perf_counter()
    together = run(given.case_years, given.seed, given.processes, given.minutes)
    print(page(together, time.perf_counter() - begun, given.processes))
    for kind, what in together.faults[:20]:
        print(f"{kind}: {what}")
    if together.faults:
        print(Counter(kind for kind, _ in together.faults))
    return 1 if together.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
