"""A request said twice with one key is carried out once; the key with another body is refused."""

import asyncio
from typing import Any

import httpx2
import pytest

from infrastructure.db import Database
from infrastructure.idempotent_routes import REPLAYED
from tests.services.edge.builders import a_token, an_api, client_of, count

NOTES = "SELECT count(*) FROM audit"


async def say(client: httpx2.AsyncClient, key: str = "key-1", **changed: Any) -> httpx2.Response:
    body = {"risk": "high", "child_name": "Noor Haddad", **changed.pop("body", {})}
    path = changed.pop("path", "/cases/TL-1/notes")
    return await client.post(path, json=body, headers={"Idempotency-Key": key})


async def test_second_request_gets_the_first_answer_and_does_nothing(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        first, second = await say(client), await say(client)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers[REPLAYED] == "true"
    assert await count(db, NOTES) == 1


async def test_requests_at_the_same_moment_are_carried_out_once(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        answers = await asyncio.gather(*(say(client) for _ in range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (201, answers[0].content)
    }
    assert await count(db, NOTES) == 1


@pytest.mark.parametrize("other", [{"body": {"child_name": "Sami"}}, {"path": "/cases/TL-2/notes"}])
async def test_key_with_another_request_is_refused(db: Database, other: dict[str, Any]) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        await say(client)
        refused = await say(client, **other)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-key-reused")
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await count(db, NOTES) == 1


async def test_key_is_each_persons_own(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        await say(client)
    async with client_of(api, a_token(api.state.key, sub="ben-k")) as client:
        assert REPLAYED not in (await say(client)).headers
    assert await count(db, NOTES) == 2


async def test_refused_request_leaves_its_key_free(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        refused = await say(client, body={"siblings": 11})
        malformed = await say(client, body={"risk": "enormous"})
        answered = await say(client)
    assert [each.status_code for each in (refused, malformed, answered)] == [409, 422, 201]


async def test_without_a_key_each_request_is_carried_out(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        for _ in range(2):
            await client.post("/cases/TL-1/notes", json={"risk": "low", "child_name": "Noor"})
    assert await count(db, NOTES) == 2


@pytest.mark.parametrize("key", ["", "two words", "k" * 129])
async def test_unusable_key_is_malformed(db: Database, key: str) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        assert (await say(client, key)).status_code == 422


async def test_kept_answers_cannot_be_read_in_the_database(db: Database) -> None:
    api = an_api(db)
    async with client_of(api, a_token(api.state.key)) as client:
        await say(client)
    found = "SELECT count(*) FROM idempotency WHERE position('Noor'::bytea in body) > 0"
    assert await count(db, found) == 0
    assert await count(db, "SELECT count(*) FROM idempotency WHERE status = 201") == 1
