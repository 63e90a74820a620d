"""Shows a start as it goes: spinners on a terminal, lines elsewhere, for all that takes over two seconds."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

SLOW = 2.0  # seconds


class StartProgress:
    """Hears a stack (`EmbeddedStack(heard=...)`); use it as a context around the start."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: dict[str, float] = {}
        self._tasks: dict[str, TaskID] = {}
        self._spinners = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<14}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", style="dim"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._spinners.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._spinners.stop()

    def hear(self, part: str, state: str, detail: str) -> None:
        if state == "starting":
            self._starting(part, detail)
        elif state == "ready":
            self._ready(part)
        elif state == "stopped" and detail:
            self._console.print(f"{part}: ended, {detail}", highlight=False)
        elif state == "stopping":
            self._stopping(part)

    def _starting(self, part: str, detail: str) -> None:
        self._began.setdefault(part, time.monotonic())
        if part not in self._tasks:
            self._tasks[part] = self._spinners.add_task(part, total=1, detail=detail)
        self._spinners.update(self._tasks[part], detail=detail)
        if detail and not self._console.is_terminal:
            self._console.print(f"{part}: {detail}", highlight=False)

    def _ready(self, part: str) -> None:
        took = time.monotonic() - self._began.pop(part, time.monotonic())
        if part in self._tasks:
            self._spinners.remove_task(self._tasks.pop(part))
        if took > SLOW:
            self._console.print(f"{part}: ready after {took:.1f} s", highlight=False)

    def _stopping(self, part: str) -> None:
        if part in self._tasks:
            self._spinners.remove_task(self._tasks.pop(part))
