"""One case as its people take it along: a command at a time, each chosen by chance from what is possible."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from tests.faults import bodies
from tests.faults.pace import Now
from tests.faults.people import BRIDGE, CASEWORKERS, HARBOUR, SUPERVISOR, People

Step = Callable[[], Awaitable[None]]
RISKS = ("low", "medium", "high")


class Journey:
    """`number` chooses the caseworker and how far the case goes before anything is killed."""

    def __init__(self, number: int, people: People, now: Now, *, referrals: bool) -> None:
        self._people, self._now = people, now
        self._chance = random.Random(number)
        self._worker = CASEWORKERS[number % len(CASEWORKERS)]
        self._begins_with_intake = number % 3 == 0
        self._steps_before = number % 6
        self._refers = referrals
        self.ref = ""
        self._registered: datetime | None = None
        self._stage: Step = self._begin
        self._risk = "medium"
        self._actions: list[str] = []
        self._follow_ups: list[str] = []
        self._referral: dict[str, Any] = {}
        self._referral_step: Step | None = None
        self._settled: datetime | None = None

    async def get_under_way(self) -> None:
        await self._stage()
        for _ in range(self._steps_before):
            await self._stage()

    async def live(self, going: asyncio.Event, between: tuple[float, float]) -> None:
        """A command every so many seconds, until `going` is cleared."""
        await asyncio.sleep(self._chance.uniform(0.0, between[1]))
        while going.is_set():
            await self._chance.choice(self._possible())()
            await asyncio.sleep(self._chance.uniform(*between))

    def _possible(self) -> list[Step]:
        """The next step of the practice, and what else the case allows; a step may well come too late."""
        steps: list[Step] = [self._stage, self._take_up_what_is_late]
        if self._registered:
            steps += [self._add_consent]
        if self._actions:
            steps += [self._complete_action]
        if self._follow_ups:
            steps += [self._visit, self._visit, self._change_risk]
        if self._referral_step:
            steps += [self._referral_step] * 2
        return steps

    async def _say(self, name: str, who: str, where: str, body: Any, about: str = "") -> Any:
        return await self._people.command(name, who, where, body, about or self.ref)

    async def _on_case(self, name: str, path: str, body: Any, who: str = "") -> Any:
        return await self._say(name, who or self._worker, f"cases /cases/{self.ref}/{path}", body)

    async def _begin(self) -> None:
        if self._begins_with_intake:
            answer = await self._say("intake", "lina", "cases /intakes", bodies.INTAKE)
            following = self._register
        else:
            answer = await self._say(
                "registration at once", self._worker, "cases /cases", bodies.case(self._worker)
            )
            following = self._assess_initially
        if answer:
            self.ref, self._stage = answer["case_ref"], following
            self._registered = None if self._begins_with_intake else self._now()

    async def _register(self) -> None:
        body = bodies.registration(self._worker)
        if await self._on_case("registration", "registration", body):
            self._registered, self._stage = self._now(), self._assess_initially

    async def _assess_initially(self) -> None:
        self._risk = self._chance.choice(RISKS)
        body = bodies.initial_assessment(self._risk, self._in_hours(20, 200))
        if answer := await self._on_case("initial assessment", "initial-assessment", body):
            self._actions += [each["action_id"] for each in answer["actions"]]
            self._stage = self._assess_comprehensively

    async def _assess_comprehensively(self) -> None:
        body = bodies.COMPREHENSIVE
        if await self._on_case("comprehensive assessment", "comprehensive-assessment", body):
            self._stage = self._plan

    async def _plan(self) -> None:
        due = [self._in_hours(12, 100), self._in_hours(100, 900)]
        if answer := await self._on_case("plan", "plan", bodies.plan(self._now(), due)):
            self._actions += [each["action_id"] for each in answer["actions"]]
            self._follow_ups = [each["follow_up_id"] for each in answer["follow_ups"]]
            self._stage = self._refer if self._refers else self._achieve_goals

    async def _refer(self) -> None:
        assert self._registered is not None
        consented = self._registered - timedelta(hours=1)
        body = bodies.referral(self.ref, consented, urgent=self._chance.random() < 0.3)
        answer = await self._say("referral", self._worker, "referrals /referrals", body)
        if answer:
            self._referral = answer
            self._referral_step = self._provider_acknowledges
            self._stage = self._achieve_goals

    async def _achieve_goals(self) -> None:
        if self._chance.random() < 0.6:
            return  # most cases go on
        answer = await self._on_case("goals achieved", "goals-achieved", {"note": "All of it."})
        if answer:
            self._settled = datetime.fromisoformat(answer["settled_at"])
            self._stage = self._ask_for_closure

    async def _ask_for_closure(self) -> None:
        if self._settled is None or self._now() < self._settled:
            return
        body = bodies.closure_request()
        if await self._on_case("closure request", "closure-request", body):
            self._follow_ups, self._actions, self._referral_step = [], [], None
            self._stage = self._approve

    async def _approve(self) -> None:
        body = {"note": "Agreed."}
        if await self._on_case("closure approval", "closure-approval", body, SUPERVISOR):
            self._stage = self._look_back

    async def _look_back(self) -> None:
        body = {"occurred_at": self._now().isoformat(), "gains_hold": True, "feedback": "Well."}
        if await self._on_case("look back", "look-back", body):
            self._stage = self._archive

    async def _archive(self) -> None:
        if await self._on_case("archive", "archive", {}):
            self._stage, self._registered = self._rest, None

    async def _rest(self) -> None:
        return None

    async def _add_consent(self) -> None:
        body = {"given_by": "child", "how": "spoken", "purpose": "contact-school"}
        await self._on_case("consent", "consents", body)

    async def _complete_action(self) -> None:
        action = self._chance.choice(self._actions)
        path = f"actions/{action}/completion"
        await self._on_case("action completed", path, {"note": "Done."})
        self._actions.remove(action)

    async def _visit(self) -> None:
        track = self._chance.choice(self._follow_ups)
        finding = self._chance.choice(("better", "same", "same", "worse"))
        body = bodies.visit(self._now(), finding)
        await self._on_case("follow-up", f"follow-ups/{track}/records", body)

    async def _change_risk(self) -> None:
        self._risk = self._chance.choice([each for each in RISKS if each != self._risk])
        await self._on_case("risk", "risk", {"risk": self._risk, "reason": "Seen anew."})

    async def _take_up_what_is_late(self) -> None:
        listed = await self._people.ask(self._worker, "cases", f"/cases/{self.ref}/deadlines")
        late = [
            each["deadline_id"]
            for each in (listed or {}).get("items", [])
            if each["overdue"] and not each["acknowledged_by"]
        ]
        if late and self._chance.random() < 0.3:
            where = f"cases /deadlines/{late[0]}/acknowledgement"
            await self._say("deadline taken up", SUPERVISOR, where, {}, late[0])

    async def _on_referral(self, name: str, who: str, path: str, body: Any) -> Any:
        about = self._referral["referral_id"]
        return await self._say(name, who, f"referrals /referrals/{about}/{path}", body, about)

    async def _provider_acknowledges(self) -> None:
        """Where nobody answered in time, the next provider may have been asked meanwhile."""
        about = self._referral["referral_id"]
        seen = await self._people.ask(self._worker, "referrals", f"/referrals/{about}")
        if not seen:
            return
        self._referral = seen
        if seen["state"] != "requested":
            self._referral_step = None
            return
        if await self._on_referral("referral acknowledged", self._provider, "acknowledgement", {}):
            declines = self._chance.random() < 0.4
            self._referral_step = self._decline if declines else self._accept

    @property
    def _provider(self) -> str:
        return str(self._referral["provider_agency_id"] or HARBOUR)

    async def _decline(self) -> None:
        body = {"reason": "no-capacity"}
        answer = await self._on_referral("referral declined", self._provider, "rejection", body)
        again = answer and self._provider != BRIDGE
        self._referral_step = self._provider_acknowledges if again else None

    async def _accept(self) -> None:
        accepted = await self._on_referral("referral accepted", self._provider, "acceptance", {})
        self._referral_step = self._give_service if accepted else self._provider_acknowledges

    async def _give_service(self) -> None:
        given = await self._on_referral("service given", self._provider, "service-given", {})
        self._referral_step = self._confirm if given else None

    async def _confirm(self) -> None:
        body = {"confirmed": True, "by": "mother"}
        await self._on_referral("help confirmed", self._worker, "confirmation", body)
        self._referral_step = None

    def _in_hours(self, least: float, most: float) -> datetime:
        return self._now() + timedelta(hours=self._chance.uniform(least, most))
