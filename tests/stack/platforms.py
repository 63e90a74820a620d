"""Several processes of tests on one machine (`-n 2`): whole platforms come first, and never two at once.

What a whole platform does happens in real time, and most of that is waiting. Begun at once, they are over
while the other processes are still at work; two together would be late on a small machine.
"""

import fcntl
from collections.abc import Generator
from pathlib import Path

import pytest


def is_platform(item: pytest.Item) -> bool:
    return item.get_closest_marker("platform") is not None


class WholePlatforms:
    """Registered where there are several processes; a single one keeps the order it has drawn."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=is_platform, reverse=True)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if not is_platform(item):
            return (yield)
        # The outermost wrapper: a test's time limit begins when it has its turn.
        with Path(__file__).open("rb") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            return (yield)
