"""One referral as its two sides take it along, from the request to help received, or to its end before that."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.faults import bodies
from tests.faults.pace import Now
from tests.faults.people import BRIDGE, CASEWORKERS, People

Step = Callable[[], Awaitable[None]]
ENDED = ("completed", "failed", "cancelled", "entered-in-error")


class ReferralLife:
    """`number` chooses by chance who acts and how; some providers stay silent, so that the clock goes on."""

    def __init__(self, number: int, people: People, now: Now) -> None:
        self._people, self._now = people, now
        self._chance = random.Random(number)
        self._worker = CASEWORKERS[number % len(CASEWORKERS)]
        self._ref, self._registered = "", now()
        self._seen: dict[str, Any] = {}

    async def get_under_way(self, at_once: asyncio.Semaphore) -> None:
        """A case whose first days are in order, and its referral; a refusal of either is the run's failure."""
        async with at_once:
            case = await self._say(
                "registration at once", "cases /cases", bodies.case(self._worker)
            )
            self._ref, self._registered = case["case_ref"], self._now()
            assessed = bodies.initial_assessment("low", self._now() + timedelta(hours=700))
            path = f"cases /cases/{self._ref}/initial-assessment"
            await self._say("initial assessment", path, assessed)
            urgent = self._chance.random() < 0.2
            asked = bodies.referral(self._ref, self._registered - timedelta(hours=1), urgent=urgent)
            self._seen = await self._say("referral", "referrals /referrals", asked)

    async def live(self, going: asyncio.Event, between: tuple[float, float]) -> None:
        """One side or the other acts every so many seconds, until the referral or the run has ended."""
        await asyncio.sleep(self._chance.uniform(0.0, between[1]))
        while going.is_set() and self._seen["state"] not in ENDED:
            await self._look()
            if step := self._next():
                await step()
            await asyncio.sleep(self._chance.uniform(*between))

    async def _look(self) -> None:
        about = self._seen["referral_id"]
        seen = await self._people.ask(self._worker, "referrals", f"/referrals/{about}")
        self._seen = seen or self._seen

    def _next(self) -> Step | None:
        """What the side whose turn it is does next; None where it stays silent."""
        if self._chance.random() < 0.04:
            return self._cancel
        match self._seen["state"]:
            case "requested":
                silent = self._chance.random() < 0.35
                return None if silent else self._chance.choice(self._answers())
            case "accepted":
                return self._chance.choice((self._book, self._give))
            case "in-progress":
                return self._confirm if self._seen.get("service_given_at") else self._give
            case _:
                return None  # no provider is left: the unmet need is the supervisor's

    def _answers(self) -> list[Step]:
        return [self._acknowledge, self._accept, self._accept, self._decline]

    async def _acknowledge(self) -> None:
        await self._provider_says("referral acknowledged", "acknowledgement", {})

    async def _accept(self) -> None:
        await self._provider_says("referral accepted", "acceptance", {})

    async def _decline(self) -> None:
        await self._provider_says("referral declined", "rejection", {"reason": "no-capacity"})

    async def _book(self) -> None:
        at = self._now() + timedelta(hours=self._chance.uniform(1, 60))
        await self._provider_says("appointment", "appointment", {"at": at.isoformat()})

    async def _give(self) -> None:
        await self._provider_says("service given", "service-given", {})

    async def _confirm(self) -> None:
        await self._on_referral(
            "help confirmed", "confirmation", {"confirmed": True, "by": "mother"}
        )

    async def _cancel(self) -> None:
        await self._on_referral("referral cancelled", "cancellation", {"reason": "family-declines"})

    async def _provider_says(self, name: str, path: str, body: Any) -> None:
        provider = str(self._seen["provider_agency_id"] or BRIDGE)
        await self._on_referral(name, path, body, provider)

    async def _on_referral(self, name: str, path: str, body: Any, who: str = "") -> None:
        about = self._seen["referral_id"]
        where = f"referrals /referrals/{about}/{path}"
        answer = await self._people.command(name, who or self._worker, where, body, about)
        self._seen = answer or self._seen

    async def _say(self, name: str, where: str, body: Any) -> Any:
        return await self._people.command(name, self._worker, where, body, self._ref)
