"""The people of a run, each with a token; whoever gets no answer, or a 503, asks again with the same key."""

import asyncio
import itertools
import random
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx2

from infrastructure.clock import wall_now
from tests.faults.ledger import Command, Fate, Ledger, TurnedAway

AGENCY, TEAM, HARBOUR, BRIDGE = "agency-north", "team-one", "harbour-help", "bridge-families"
CASEWORKERS = ("amal", "boris", "chiara")
SUPERVISOR = "jonas"
# staff id: agency, team, role
STAFF: dict[str, tuple[str, str | None, str]] = {
    **dict.fromkeys(CASEWORKERS, (AGENCY, TEAM, "caseworker")),
    SUPERVISOR: (AGENCY, TEAM, "supervisor"),
    "ruth": (AGENCY, None, "manager"),
    "elif": (AGENCY, None, "agency-head"),
    "piet": (AGENCY, "team-reviews", "review-chair"),
    "lina": ("school-linden", None, "referrer"),
    HARBOUR: (HARBOUR, None, "provider"),
    BRIDGE: (BRIDGE, None, "provider"),
}
TEAMS = [
    {"team_id": TEAM, "name": "Team One"},
    {"team_id": "team-reviews", "name": "Reviewing officers"},
]
AGENCIES: dict[str, dict[str, Any]] = {
    AGENCY: {"teams": TEAMS}, "school-linden": {}, HARBOUR: {}, BRIDGE: {},
}  # fmt: skip
NEED, AREA = "family-support", "north"
PATIENCE = 120.0  # seconds after which a client gives up; every outage of a run is shorter
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.0)
TOO_EARLY = "case-not-known-yet"  # another service's copy is a moment behind


class People:
    """Sends commands for people and keeps the ledger of what became of them."""

    def __init__(self, urls: Mapping[str, str], seed: int) -> None:
        self.ledger = Ledger()
        self.chance = random.Random(seed)
        self._urls = urls
        self._tokens: dict[str, str] = {}
        self._numbers = itertools.count(1)
        # A second and a half beyond what a command may take: an answer that never comes is asked for again.
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(6.0), limits=httpx2.Limits(max_keepalive_connections=40)
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def sign_in(self) -> None:
        claims = {
            name: {"sub": name, "agency": agency, "team": team, "roles": [role]}
            for name, (agency, team, role) in STAFF.items()
        }
        claims["seed"] = {
            "sub": "seed", "agency": "throughline", "team": None, "roles": ["administrator"],
        }  # fmt: skip
        for name, body in claims.items():
            answer = await self._client.post(f"{self._urls['issuer']}/token", json=body)
            answer.raise_for_status()
            self._tokens[name] = answer.json()["access_token"]

    async def set_stage(self) -> None:
        """The directory, a pathway of two providers, and everybody's address where there is mail."""
        for agency, more in AGENCIES.items():
            body = {"name": agency, "zone": "Europe/Berlin", "policy": "default", **more}
            await self._put("agencies", f"/agencies/{agency}", body)
        for name, (agency, team, role) in STAFF.items():
            body = {"name": name, "team_id": team, "roles": [role]}
            await self._put("agencies", f"/agencies/{agency}/staff/{name}", body)
            if "notifications" in self._urls:
                address = {"email": f"{name}@{agency}.example", "language": "en"}
                await self._put("notifications", f"/recipients/{name}", address)
        for provider in (HARBOUR, BRIDGE):
            offer = {"need": NEED, "area": AREA, "capacity": 500, "title": provider}
            await self._put("agencies", f"/agencies/{provider}/offers/{provider}", offer)
        await self._put("agencies", f"/pathways/{NEED}/{AREA}", {"offers": [HARBOUR, BRIDGE]})

    async def _put(self, service: str, path: str, body: dict[str, Any]) -> None:
        answer = await self._client.put(
            self._urls[service] + path, json=body, headers=self._as("seed")
        )
        if answer.is_error:
            raise RuntimeError(f"The stage could not be set: {path} {answer.text}")

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[who]}"}

    async def ask(self, who: str, service: str, path: str) -> Any:
        """What is on a list, or None when nobody answers just now."""
        try:
            answer = await self._client.get(self._urls[service] + path, headers=self._as(who))
        except httpx2.TransportError:
            return None
        if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.ledger.faulty.append(f"GET {service} {path}: {answer.text}")
        return None if answer.is_error else answer.json()

    async def command(
        self, name: str, who: str, where: str, body: dict[str, Any], about: str = ""
    ) -> Any:
        """The answer; None when it was refused or the client gave up. `where` is `service /path`."""
        service, path = where.split(" ", 1)
        command = Command(name, service, about, wall_now())
        self.ledger.commands.append(command)
        headers = {**self._as(who), "Idempotency-Key": f"key-{next(self._numbers)}"}
        limit = time.monotonic() + PATIENCE
        while not await self._tried(command, service + " " + path, body, headers):
            if time.monotonic() > limit:
                command.fate = Fate.UNKNOWN
                break
            pause = PAUSES[min(command.tries, len(PAUSES)) - 1]
            await asyncio.sleep(pause * self.chance.uniform(0.7, 1.3))
        command.ended = wall_now()
        return command.answer

    async def _tried(
        self, command: Command, where: str, body: dict[str, Any], headers: dict[str, str]
    ) -> bool:
        """Whether the fate of the command is known."""
        service, path = where.split(" ", 1)
        command.tries += 1
        began = time.monotonic()
        try:
            answer = await self._client.post(self._urls[service] + path, json=body, headers=headers)
        except httpx2.TimeoutException:
            self.ledger.silences.append(wall_now())
            return False
        except httpx2.TransportError:
            return False
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            turned_away = TurnedAway(
                wall_now(), time.monotonic() - began, "retry-after" in answer.headers
            )
            self.ledger.turned_away.append(turned_away)
        code = str(answer.json().get("code", "")) if answer.is_error else ""
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE or code == TOO_EARLY:
            return False
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.ledger.faulty.append(f"{command.name}: {answer.status_code} {answer.text}")
            return False
        if answer.is_error:
            command.fate, command.code = Fate.REFUSED, code
            return True
        command.fate, command.answer = Fate.ACKNOWLEDGED, answer.json()
        command.about = command.about or str(command.answer["case_ref"])
        return True
