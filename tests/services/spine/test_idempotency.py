import asyncio

import pytest

from domain.errors import Refusal
from infrastructure.db import Database
from infrastructure.idempotency import IdempotencyKeyReused, StoredAnswer, recall, remember
from tests.services.spine.world import AMAL, OPERATOR


async def test_the_second_request_gets_the_first_answer(db: Database) -> None:
    async with db.transaction(AMAL) as uow:
        assert await recall(uow, "key-1", "POST /cases", b"hash") is None
        await remember(uow, "key-1", 201, b"answer")
    async with db.transaction(AMAL) as uow:
        assert await recall(uow, "key-1", "POST /cases", b"hash") == StoredAnswer(201, b"answer")


@pytest.mark.parametrize(
    ("route", "body_hash"), [("POST /cases", b"other"), ("POST /else", b"hash")]
)
async def test_a_key_used_for_another_request_is_refused(
    db: Database, route: str, body_hash: bytes
) -> None:
    async with db.transaction(AMAL) as uow:
        await recall(uow, "key-1", "POST /cases", b"hash")
        await remember(uow, "key-1", 201, b"answer")
    with pytest.raises(IdempotencyKeyReused) as refused:
        async with db.transaction(AMAL) as uow:
            await recall(uow, "key-1", route, body_hash)
    assert (refused.value.code, refused.value.status) == ("idempotency-key-reused", 409)


async def test_keys_belong_to_their_viewer(db: Database) -> None:
    for viewer in (AMAL, OPERATOR):
        async with db.transaction(viewer) as uow:
            assert await recall(uow, "key-1", "POST /cases", b"hash") is None


async def test_a_refused_command_frees_its_key(db: Database) -> None:
    async def refused() -> None:
        async with db.transaction(AMAL) as uow:
            await recall(uow, "key-1", "POST /cases", b"hash")
            raise Refusal

    with pytest.raises(Refusal):
        await refused()
    async with db.transaction(AMAL) as uow:
        assert await recall(uow, "key-1", "POST /cases", b"hash") is None


async def test_of_eight_requests_at_once_one_is_carried_out(db: Database) -> None:
    carried_out = 0

    async def request() -> None:
        nonlocal carried_out
        async with db.transaction(AMAL) as uow:
            if await recall(uow, "key-1", "POST /cases", b"hash") is None:
                carried_out += 1
                await asyncio.sleep(0.01)
                await remember(uow, "key-1", 201, b"answer")

    await asyncio.gather(*(request() for _ in range(8)))
    assert carried_out == 1
