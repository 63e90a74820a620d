"""The people of a story, each with a token of her own from the development issuer."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx2

from deploy.demo.story import Act, Cast, Find, Story

_NAME = re.compile(r"\{([a-z_0-9]+)\}")
MINUTE = timedelta(minutes=1)
_TRIES, _PAUSE = 20, 0.05  # seconds of wall time
_ADMINISTRATOR = {"sub": "seed", "agency": "throughline", "team": None, "roles": ["administrator"]}


class ActFailed(Exception):
    """An answer other than the story expects."""


class Company:
    """Signs people in and lets them act; `kept` is what answers gave that later acts name."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        urls: Mapping[str, str],
        story: Story,
        kept: dict[str, str],
    ) -> None:
        self._client, self._urls, self._story, self.kept = client, urls, story, kept
        self._tokens: dict[str, str] = {}

    async def sign_in(self) -> None:
        """A token each; the administrator's sets the stage."""
        claims = {key: _claims(key, person) for key, person in self._story.cast.items()}
        for key, body in {**claims, "administrator": _ADMINISTRATOR}.items():
            answer = await self._client.post(f"{self._urls['issuer']}/token", json=body)
            answer.raise_for_status()
            self._tokens[key] = answer.json()["access_token"]

    async def set_stage(self) -> None:
        """Agencies, staff, offers, pathways and addresses of the story."""
        for agency, body in self._story.agencies.items():
            await self._put(f"agencies /agencies/{agency}", body)
        for key, person in self._story.cast.items():
            staff = {"name": person.name, "team_id": person.team, "roles": list(person.roles)}
            await self._put(f"agencies /agencies/{person.agency}/staff/{key}", staff)
            address = {"email": person.email, "language": "en"}
            await self._put(f"notifications /recipients/{key}", address)
        for request in self._story.stage:
            await self._put(request.put, request.body)

    async def _put(self, where: str, body: Any) -> None:
        await self._send("administrator", "PUT", where, body, None)

    async def act(self, act: Act, key: str) -> None:
        """Raises ActFailed when the answer is not the one in the story."""
        if act.find:
            self.kept[act.find.keep] = await self._find(act.who, act.find)
        method, where = act.asks
        body = None if method == "GET" else act.body
        answer = await self._send(act.who, method, where, body, act.refused, key)
        for name, path in act.keep.items():
            if (found := pick(answer, path)) is None:
                raise ActFailed(f"{act.who}: {act.does}: the answer has no {path} to keep")
            self.kept[name] = str(found)
        for path, expected in act.expect.items():
            found, wanted = pick(answer, self.fill(path)), self.fill(expected)
            if not agree(found, wanted):
                raise ActFailed(
                    f"{act.who}: {act.does}: {path} is {found!r}, and not {wanted!r} as in the story"
                )

    async def _find(self, who: str, find: Find) -> str:
        """The id of the first listed item that fits; what was only just announced may need a moment."""
        for _ in range(_TRIES):
            listed = await self._send(who, "GET", find.see, None, None)
            items = next(value for value in listed.values() if isinstance(value, list))
            for item in items:
                if all(str(item.get(field)) == value for field, value in find.where.items()):
                    return str(item[find.field])
            await asyncio.sleep(_PAUSE)
        raise ActFailed(f"{who}: nothing in {find.see} fits {find.where}: {items}")

    async def _send(
        self, who: str, method: str, where: str, body: Any, refused: str | None, key: str = ""
    ) -> Any:
        service, path = self.fill(where).split(" ", 1)
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        if key:
            headers["Idempotency-Key"] = key
        answer = await self._client.request(
            method, self._urls[service] + path, json=self.fill(body), headers=headers
        )
        # Another service's copy of the directory or the case may be a moment behind.
        for _ in range(_TRIES):
            if (
                answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE
                and _code(answer) != "case-not-known-yet"
            ):
                break
            await asyncio.sleep(_PAUSE)
            answer = await self._client.request(
                method, self._urls[service] + path, json=self.fill(body), headers=headers
            )
        if refused is not None and _code(answer) == refused:
            return answer.json()
        if refused is not None or answer.is_error:
            raise ActFailed(
                f"{who}: {method} {where}: {answer.status_code} {answer.text}"
                + (f" (the story expects the refusal {refused!r})" if refused else "")
            )
        return answer.json() if answer.content else None

    def fill(self, value: Any) -> Any:
        """Puts kept ids in the place of their {names}."""
        if isinstance(value, str):
            return _NAME.sub(lambda found: self.kept[found[1]], value)
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        return value


def _claims(key: str, person: Cast) -> dict[str, Any]:
    return {"sub": key, "agency": person.agency, "team": person.team, "roles": list(person.roles)}


def _code(answer: httpx2.Response) -> str | None:
    if not answer.is_error or "json" not in answer.headers.get("content-type", ""):
        return None
    code: str | None = answer.json().get("code")
    return code


def pick(answer: Any, path: str) -> Any:
    """`actions.0.id`; `items.step=review.due_at`: of the first item with this step; `items.count`.

    None where the answer leaves the field out.
    """
    for part in path.split("."):
        field, is_sought, value = part.partition("=")
        if is_sought:
            answer = next((item for item in answer if str(item.get(field)) == value), None)
        elif isinstance(answer, list):
            answer = len(answer) if part == "count" else answer[int(part)]
        else:
            answer = answer.get(part)
        if answer is None:
            return None
    return answer


def agree(found: Any, wanted: Any) -> bool:
    """Alike; of instants, in the minute that is wanted."""
    if isinstance(found, str) and isinstance(wanted, str) and found != wanted:
        with suppress(ValueError, TypeError):
            off = datetime.fromisoformat(found) - datetime.fromisoformat(wanted)
            return timedelta(0) <= off < MINUTE
    return bool(found == wanted)
