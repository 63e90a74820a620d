"""A million due instants against a calendar that is walked day by day: python -m bench.oracle --examples 1000000

Seeded, so that a difference can be asked about again by its number; runs on the given count of processes.
"""

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from tests.correctness.questions import a_question

_SHARE = 2000


def ask(numbers: range) -> list[int]:
    """The numbers of those questions to which the platform and the oracle answer differently."""
    different = []
    for number in numbers:
        question = a_question(Random(number))
        if question.ours() != question.oracles():
            different.append(number)
    return different


def run(examples: int, seed: int, processes: int) -> list[int]:
    last = seed + examples
    shares = [range(first, min(first + _SHARE, last)) for first in range(seed, last, _SHARE)]
    different: list[int] = []
    with _progress() as shown, multiprocessing.get_context("spawn").Pool(processes) as pool:
        task = shown.add_task("asked", total=examples)
        answers: Iterator[list[int]] = pool.imap(ask, shares)
        for share, found in zip(shares, answers, strict=True):
            different += found
            shown.update(task, advance=len(share), description=f"{len(different)} differ")
    return different


def _progress() -> Progress:
    return Progress("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first question")
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    begun = time.perf_counter()
    different = run(given.examples, given.seed, given.processes)
    taken = time.perf_counter() - begun
    print(
        f"{given.examples} duties asked about in {taken:.0f} s ({given.examples / taken:.0f} a second"
        f" on {given.processes} processes): {len(different)} differences"
    )
    for number in different[:10]:
        question = a_question(Random(number))
        bare = replace(question, work=replace(question.work, holidays=frozenset()))
        print(f"\n--seed {number} --examples 1\n{bare}\n{question.ours()}\n{question.oracles()}")
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
