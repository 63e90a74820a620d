"""The time of a story on a server whose time skips: case time is the server's, moved by a fixed length."""

from datetime import datetime, timedelta

from temporalio.testing import WorkflowEnvironment

from infrastructure.clock import ClockPlan


class SkippedTime:
    """Also every service's clock: it says what the server's said when it was last looked at."""

    is_sandbox = True

    def __init__(self, env: WorkflowEnvironment, wall: datetime, begins: datetime) -> None:
        self._env = env
        self.wall = wall
        self.plan = ClockPlan(((wall, begins),))

    @classmethod
    async def beginning(cls, env: WorkflowEnvironment, begins: datetime) -> "SkippedTime":
        return cls(env, await env.get_current_time(), begins)

    def now(self) -> datetime:
        return self.plan.case_at(self.wall)

    def case_at(self, wall: datetime) -> datetime:
        return self.plan.case_at(wall)

    def wall_at(self, case: datetime) -> datetime:
        return self.plan.wall_at(case)

    async def look(self) -> None:
        self.wall = max(self.wall, await self._env.get_current_time())

    async def until(self, case: datetime) -> None:
        """Skips to an instant; what is timed before it happens on the way."""
        await self.look()
        await self.pass_by(self.plan.wall_at(case) - self.wall)

    async def pass_by(self, length: timedelta) -> None:
        if length > timedelta():
            await self._env.sleep(length)
        await self.look()

    def quarter(self) -> datetime:
        """When the server's next quarter of a year begins, in case time: workflows then go on afresh."""
        months = self.wall.year * 12 + (self.wall.month - 1) // 3 * 3 + 3
        begins = datetime(months // 12, months % 12 + 1, 1, tzinfo=self.wall.tzinfo)
        return self.plan.case_at(begins)
