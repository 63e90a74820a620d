"""The sandbox clock of a run: case time hurries while processes are killed, then goes like the wall's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from infrastructure.clock import ClockPlan, wall_now

BEGINS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Phase = tuple[float, float]  # seconds of wall time, hours of case time in each of them


class Pace:
    """`fix` is called when the engines run; `lead` seconds later the first phase begins."""

    def __init__(self, phases: tuple[Phase, ...], lead: float) -> None:
        self._phases, self._lead = phases, lead
        self._plan: ClockPlan | None = None

    @property
    def plan(self) -> ClockPlan:
        if self._plan is None:
            raise RuntimeError("The stack has not been started.")
        return self._plan

    def fix(self) -> str:
        wall, case = wall_now() + timedelta(seconds=self._lead), BEGINS
        points = [(wall, case)]
        for seconds, hours in (*self._phases, (3600.0, 1 / 3600)):
            wall += timedelta(seconds=seconds)
            case += timedelta(hours=hours * seconds)
            points.append((wall, case))
        self._plan = ClockPlan(tuple(points))
        return self._plan.to_json()

    def case_now(self) -> datetime:
        return self.plan.case_at(wall_now())

    def seconds_to_begin(self) -> float:
        return (self.plan.segments[0][0] - wall_now()).total_seconds()

    def seconds_of_hurry(self) -> float:
        """What is left of the quick phases."""
        return (self.plan.segments[-2][0] - wall_now()).total_seconds()


Now = Callable[[], datetime]
