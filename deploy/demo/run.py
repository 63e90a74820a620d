"""Plays a story through the whole platform and holds what happened against what was planned."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx2

from deploy.demo import check
from deploy.demo.cast import Company
from deploy.demo.check import Row
from deploy.demo.listener import Heard, Listener
from deploy.demo.pace import clock_plan
from deploy.demo.story import Story
from deploy.embedded.stack import EmbeddedStack
from deploy.embedded.stack import Heard as Progress
from infrastructure.clock import ClockPlan, wall_now

GET_READY = timedelta(seconds=20)  # wall time the processes have before the story begins
STAGE_TAKES = timedelta(seconds=4)  # wall time to sign people in and set the stage
PATIENCE = 30.0  # seconds of wall time for the last events to arrive
Acted = Callable[[datetime, str, str], None]


class NotReady(Exception):
    """The platform was not ready when the story was to begin."""


@dataclass(slots=True)
class Outcome:
    """What a run showed; `wrong` is empty when all was as planned."""

    story: Story
    plan: ClockPlan
    kept: dict[str, str]
    heard: list[Heard]
    acts: list[tuple[datetime, str, str]]
    clock: list[Row] = field(default_factory=list)
    duties: list[Row] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    mails: int = 0


class Run:
    """One playing of one story: a stack with a clock of its own, the people, and somebody who listens."""

    def __init__(
        self, story: Story, folder: Path, speed: float, progress: Progress, any_port: bool = False
    ) -> None:
        self._story, self._speed = story, speed
        self._lead = GET_READY
        self.plan: ClockPlan | None = None
        self.kept: dict[str, str] = {}
        self.stack = EmbeddedStack(
            folder, clock_plan=self._fix_clock, heard=progress, any_port=any_port
        )

    async def open(self) -> None:
        """Starts everything; a machine too busy to be ready in time gets a later beginning. Raises NotReady."""
        for _ in range(3):
            await self.stack.open()
            if wall_now() + STAGE_TAKES < self._plan().wall_at(self._story.begins):
                return
            await self.stack.close()
            self._lead *= 2
        raise NotReady("The platform did not start in time; the machine is too busy for a demo.")

    def _fix_clock(self) -> str:
        """Called when the engines run and before anything reads the clock."""
        self.plan = clock_plan(self._story.instants(), wall_now() + self._lead, self._speed)
        return self.plan.to_json()

    async def play(self, heard: Callable[[Heard], None], acted: Acted) -> Outcome:
        """`open` comes first; raises ActFailed."""
        plan, urls = self._plan(), self.stack.urls
        prefix = self.stack.env_for("cases").get("THROUGHLINE_TOPIC_PREFIX", "throughline.")
        acts: list[tuple[datetime, str, str]] = []
        async with (
            httpx2.AsyncClient(timeout=10.0) as client,
            Listener(self.stack.site.kafka_bootstrap, prefix, heard) as listener,
        ):
            company = Company(client, urls, self._story, self.kept)
            await company.sign_in()
            await company.set_stage()
            if wall_now() >= plan.wall_at(self._story.begins):
                raise NotReady(
                    "The platform took longer to start than the story allows; try again."
                )
            for number, act in enumerate(self._story.acts):
                await _until(plan.wall_at(act.at))
                who = self._story.cast[act.who].name
                acted(act.at, who, act.does)
                acts.append((act.at, who, act.does))
                await company.act(act, key=f"{self._story.story}-{number}")
            outcome = Outcome(self._story, plan, company.kept, listener.heard, acts)
            await self._settle(outcome)
            await self._judge(outcome, client)
        return outcome

    def _plan(self) -> ClockPlan:
        if self.plan is None:
            raise NotReady("The stack must be open before a story is played.")
        return self.plan

    async def _settle(self, outcome: Outcome) -> None:
        """Waits until everything expected has been heard, and a little longer for what is not."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while check.missing_facts(self._story, outcome.heard) or not all(  # noqa: ASYNC110 - what is heard grows by itself
                    row.ok for row in self._rows(outcome)
                ):
                    await asyncio.sleep(0.25)
        await asyncio.sleep(1.0)

    def _rows(self, outcome: Outcome) -> list[Row]:
        outcome.clock = check.clock_rows(outcome.story, outcome.heard, outcome.kept, outcome.plan)
        outcome.duties = check.duty_rows(outcome.story, outcome.heard, outcome.kept)
        return [*outcome.clock, *outcome.duties]

    async def _judge(self, outcome: Outcome, client: httpx2.AsyncClient) -> None:
        rows = self._rows(outcome)
        outcome.wrong = [
            f"{row.what} {row.step} {row.about}: {row.note}" for row in rows if not row.ok
        ]
        missing = check.missing_facts(self._story, outcome.heard)
        outcome.wrong += [f"not announced, or not in order: {fact}" for fact in missing]
        outcome.wrong += [f"announced twice: {moment}" for moment in check.doubled(outcome.heard)]
        mails = (await client.get(f"{self.stack.site.url('mail-page')}/messages")).content
        outcome.mails = mails.count(b'"subject"')
        texts = {"mails": mails, **self._written()}
        texts |= {f"the event {item.type}": item.raw for item in outcome.heard}
        outcome.wrong += [f"personal data: {leak}" for leak in check.leaked(self._story, texts)]

    def _written(self) -> dict[str, bytes]:
        """Every log and trace, and Temporal's own store, which must hold nothing about a child."""
        folder = self.stack.folder
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for pattern in ("logs/*", "traces/*", "temporal/*")
            for path in folder.glob(pattern)
            if path.is_file()
        }


async def _until(wall: datetime) -> None:
    await asyncio.sleep(max((wall - wall_now()).total_seconds(), 0.0))
