"""The only reader of time: the real clock, or a sandbox clock that follows a plan fixed at its start.

A plan maps wall time to case time, rising and piecewise linear, the same for every process. Case time never
runs slower than wall time, which makes the map exact: instants are whole microseconds, `case_at` rounds down and
`wall_at` up, so `wall_at(case_at(w)) == w` and a timer armed for `wall_at(c)` never fires before `c`.
"""

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Protocol, Self

from infrastructure.settings import Settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ClockPlanRefused(ValueError):
    """The clock plan cannot be followed."""


def wall_now() -> datetime:
    """Wall time in UTC: for measuring, and for arming what waits in wall time."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place that reads it


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """Points (wall, case): alike before the first; after the last, the last slope goes on."""

    segments: tuple[tuple[datetime, datetime], ...]

    def __post_init__(self) -> None:
        if not self.segments:
            raise ClockPlanRefused("A clock plan needs at least one point [wall, case].")
        if any(instant.tzinfo is None for point in self.segments for instant in point):
            raise ClockPlanRefused("Every instant of a clock plan needs its time zone.")
        for (wall, case), (next_wall, next_case) in pairwise(self.segments):
            if next_wall <= wall or next_case <= case:
                raise ClockPlanRefused(
                    f"The plan must rise after {wall.isoformat()}, and does not."
                )
            if next_case - case < next_wall - wall:
                raise ClockPlanRefused(
                    f"After {wall.isoformat()} case time would run slower than wall time."
                )

    def case_at(self, wall: datetime) -> datetime:
        """The case time (UTC) at a wall instant, rounded down to the microsecond."""
        x = _micros(wall)
        (x0, y0), (run, rise) = self._line(x, axis=0)
        return _instant(y0 + (x - x0) * rise // run)

    def wall_at(self, case: datetime) -> datetime:
        """The first wall instant (UTC, whole microseconds) at which it is `case` or later."""
        y = _micros(case)
        (x0, y0), (run, rise) = self._line(y, axis=1)
        return _instant(x0 - ((y0 - y) * run // rise))

    def _line(self, value: int, axis: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The point to reckon from and the (run, rise) of the line through it, in microseconds."""
        points = [(_micros(wall), _micros(case)) for wall, case in self.segments]
        at = bisect_right([point[axis] for point in points], value) - 1
        if at < 0 or len(points) == 1:
            return points[0], (1, 1)
        start, end = points[at : at + 2] if at + 1 < len(points) else points[-2:]
        return points[at], (end[0] - start[0], end[1] - start[1])

    def to_json(self) -> str:
        points = [[wall.isoformat(), case.isoformat()] for wall, case in self.segments]
        return json.dumps({"segments": points})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads {"segments": [[wall, case], ...]}, ISO 8601 with zone; raises ClockPlanRefused."""
        try:
            points = json.loads(text)["segments"]
            return cls(tuple((_parsed(wall), _parsed(case)) for wall, case in points))
        except ClockPlanRefused:
            raise
        except (ValueError, KeyError, TypeError) as wrong:
            raise ClockPlanRefused(
                'A clock plan is {"segments": [["<wall ISO instant>", "<case ISO instant>"], ...]}.'
            ) from wrong


class Clock(Protocol):
    """What time it is for the cases, and when on the wall a case instant will be."""

    def now(self) -> datetime: ...
    def case_at(self, wall: datetime) -> datetime: ...
    def wall_at(self, case: datetime) -> datetime: ...
    @property
    def is_sandbox(self) -> bool: ...


class RealClock:
    """Case time is wall time."""

    is_sandbox = False

    def now(self) -> datetime:
        return wall_now()

    def case_at(self, wall: datetime) -> datetime:
        return wall.astimezone(UTC)

    def wall_at(self, case: datetime) -> datetime:
        return case.astimezone(UTC)


class SandboxClock:
    """Case time follows a plan."""

    is_sandbox = True

    def __init__(self, plan: ClockPlan) -> None:
        self.plan = plan

    def now(self) -> datetime:
        return self.plan.case_at(wall_now())

    def case_at(self, wall: datetime) -> datetime:
        return self.plan.case_at(wall)

    def wall_at(self, case: datetime) -> datetime:
        return self.plan.wall_at(case)


def clock_from(settings: Settings) -> Clock:
    """The clock the settings ask for; raises ClockPlanRefused, OSError for a plan's missing file."""
    given = settings.clock_plan.strip()
    if not given:
        return RealClock()
    text = given if given.startswith("{") else Path(given).read_text(encoding="utf-8")
    return SandboxClock(ClockPlan.from_json(text))


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)
