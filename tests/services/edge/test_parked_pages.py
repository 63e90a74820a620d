"""Operators see and skip parked events; to everybody else those pages are not there."""

import httpx2
import pytest
from sqlalchemy import text

from infrastructure.bus import Bus
from infrastructure.db import Database
from infrastructure.inbox import Consumer
from tests.services.edge.builders import a_token, an_api, client_of, count, some_settings

PARK = text("""
INSERT INTO parked_events
    (key, topic, partition, "offset", header_names, header_values, reason, sentence)
VALUES ('TL-1', 'throughline.cases', 0, 7, '{}', '{}', 'unknown-type', 'No such type.')
""")


@pytest.fixture
async def parked(db: Database) -> Database:
    async with db.engine.begin() as connection:
        await connection.execute(PARK)
    return db


async def ask(db: Database, role: str, method: str, path: str, **given: object) -> httpx2.Response:
    api = an_api(db, topics=["cases"])
    api.state.consumer = Consumer(db, Bus(some_settings()), "agencies", ["cases"], {})
    async with client_of(api, a_token(api.state.key, roles=[role])) as client:
        return await client.request(method, f"/operations/parked{path}", **given)  # type: ignore[arg-type]


async def test_operator_sees_why_an_event_waits(parked: Database) -> None:
    [event] = (await ask(parked, "operations", "GET", "")).json()["items"]
    assert (event["key"], event["reason"], event["offset"]) == ("TL-1", "unknown-type", 7)


async def test_parked_events_are_listed_page_by_page(parked: Database) -> None:
    async with parked.engine.begin() as connection:
        await connection.execute(text(str(PARK).replace("0, 7,", "1, 7,")))
    first = (await ask(parked, "operations", "GET", "?limit=1")).json()
    rest = (await ask(parked, "operations", "GET", f"?cursor={first['next_cursor']}")).json()
    assert [[each["id"] for each in page["items"]] for page in (first, rest)] == [[1], [2]]
    assert rest["next_cursor"] is None
    wrong = await ask(parked, "operations", "GET", "?cursor=nonsense")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/TL-1/replay", None),
        ("POST", "/events/1/skip", {"reason": "It was a test of the provider's."}),
    ],
)
async def test_to_anybody_else_there_is_nothing(
    parked: Database, method: str, path: str, body: object
) -> None:
    response = await ask(parked, "manager", method, path, json=body)
    assert (response.status_code, response.json()["code"]) == (404, "not-found")
    assert await count(parked, "SELECT count(*) FROM parked_events WHERE skipped_at IS NULL") == 1


async def test_event_is_skipped_with_a_reason_on_the_record(parked: Database) -> None:
    short = await ask(parked, "operations", "POST", "/events/1/skip", json={"reason": "no"})
    assert (short.status_code, short.json()["errors"][0]["field"]) == (422, "reason")
    reason = {"reason": "Sent twice by a test of the provider's."}
    assert (
        await ask(parked, "operations", "POST", "/events/1/skip", json=reason)
    ).status_code == 204
    assert (await ask(parked, "operations", "GET", "")).json()["items"] == []


async def test_event_that_still_fails_stays_parked(parked: Database) -> None:
    answer = (await ask(parked, "operations", "POST", "/TL-1/replay")).json()
    assert answer["applied"] == 0
    assert answer["reason"]
