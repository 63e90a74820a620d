"""Virtual time for workflow code: what `temporalio.workflow` asks of its runtime, without a server.

The DeadlineWatch that runs here is the shipped one, line for line; only the clock and the waiting are ours.
Stands in for the private runtime of temporalio 1.35 (found on the running event loop): a newer release may need
another stand-in, and the simulator then fails at once.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Clockwork(asyncio.AbstractEventLoop):
    """One workflow's loop: it runs what is ready, and goes on only when it is told what time it is."""

    def __init__(self, now: datetime) -> None:
        self.at = now
        self.armed = self.fired = self.revoked = 0
        self.failures: list[BaseException] = []
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[datetime, int, asyncio.Future[bool]]] = []
        self._waiting: dict[int, tuple[Callable[[], bool], asyncio.Future[bool]]] = {}
        self._number = 0
        setattr(self, "__temporal_workflow_runtime", self)

    # What moves it.

    def next_timer(self) -> datetime | None:
        while self._timers and self._timers[0][2].done():
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def go_on(self, now: datetime) -> None:
        """It is `now`: every timer that is due fires, and all that follows from it happens."""
        self.at = now
        while (first := self.next_timer()) is not None and first <= now:
            self.fired += 1
            heapq.heappop(self._timers)[2].set_result(False)
            self.run()
        self.run()

    def run(self, work: Callable[[], None] | None = None) -> None:
        """Runs `work`, then all that has become ready, until nothing moves."""
        asyncio._set_running_loop(self)
        try:
            if work is not None:
                work()
            while self._ready or self._wake():
                while self._ready:
                    handle = self._ready.popleft()
                    if not handle.cancelled():
                        handle._run()
        finally:
            asyncio._set_running_loop(None)

    def _wake(self) -> bool:
        found = [key for key, (holds, future) in self._waiting.items() if holds()]
        for key in found:
            future = self._waiting.pop(key)[1]
            if not future.done():
                future.set_result(True)
        return bool(found)

    # What workflow code asks.

    def workflow_time_ns(self) -> int:
        return (self.at - _EPOCH) // _MICROSECOND * 1000

    async def workflow_wait_condition(
        self,
        holds: Callable[[], bool],
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as the SDK calls it
        **_: Any,
    ) -> None:
        if holds():
            return
        self._number += 1
        key, future = self._number, self.create_future()
        self._waiting[key] = (holds, future)
        if timeout is not None:
            self._arm(timeout, key, future)
        has_come_true = await future
        self._waiting.pop(key, None)
        if not has_come_true:
            raise TimeoutError
        self.revoked += timeout is not None

    async def workflow_sleep(self, duration: float, **_: Any) -> None:
        self._number += 1
        future = self.create_future()
        self._arm(duration, self._number, future)
        await future

    def _arm(self, seconds: float, number: int, future: asyncio.Future[bool]) -> None:
        self.armed += 1
        heapq.heappush(self._timers, (self.at + timedelta(seconds=seconds), number, future))

    # What asyncio asks of a loop.

    def call_soon(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, **_: Any
    ) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, name=name)

    def time(self) -> float:
        return self.at.timestamp()

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        # A run that is given up, as when its worker is killed, leaves tasks behind: no failure.
        if "exception" in context:
            self.failures.append(context["exception"])
