"""Keeps a stack up in the foreground: reports what dies, restarts it if asked, ends all on a signal."""

import asyncio
import signal
import time
from collections.abc import Callable

from deploy.embedded.errors import StackError
from deploy.embedded.stack import EmbeddedStack

LOOK = 0.25  # seconds between looks at the processes
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30.0  # seconds between two restarts of one part

Died = Callable[[str, int], None]


class Supervisor:
    """`on_ready` is called once everything is up; `on_death` for each part that ends by itself."""

    def __init__(
        self,
        stack: EmbeddedStack,
        *,
        restart: bool,
        on_ready: Callable[[EmbeddedStack], None],
        on_death: Died,
    ) -> None:
        self._stack = stack
        self._restart = restart
        self._on_ready = on_ready
        self._on_death = on_death
        self._pauses: dict[str, float] = {}
        self._not_before: dict[str, float] = {}

    async def run(self) -> None:
        """Until a signal; raises StackError when the start fails. Nothing is left running."""
        work = asyncio.create_task(self._up())
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, work.cancel)
        try:
            await work
        except asyncio.CancelledError:
            return
        finally:
            for number in ENDING:
                loop.remove_signal_handler(number)

    async def _up(self) -> None:
        async with self._stack:
            self._on_ready(self._stack)
            await self._watch()

    async def _watch(self) -> None:
        reported: set[int] = set()
        while True:
            for name, code in self._stack.died().items():
                pid = self._stack.pid(name)
                if pid not in reported:
                    reported.add(pid)
                    self._on_death(name, code)
                    self._postpone(name)
                if self._restart and time.monotonic() >= self._not_before[name]:
                    await self._start_again(name)
            await asyncio.sleep(LOOK)

    def _postpone(self, name: str) -> None:
        """Doubles the pause before each further restart, so that a broken part does not spin."""
        pause = self._pauses.get(name, 0.0)
        self._not_before[name] = time.monotonic() + pause
        self._pauses[name] = min(LONGEST_PAUSE, max(1.0, pause * 2))

    async def _start_again(self, name: str) -> None:
        try:
            await self._stack.restart(name)
        except StackError:
            # It is reported as dead again by the next look, and tried again later.
            self._postpone(name)
