import asyncio

import pytest
from sqlalchemy import text

from domain.errors import Hidden, Outdated, Refusal, Unavailable
from infrastructure.audit_chain import first_broken
from infrastructure.db import Database
from infrastructure.settings import Settings
from tests.services.spine.wire import Wire
from tests.services.spine.world import AMAL, a_case_ref, an_event, as_admin
from tests.stack.databases import TestDatabase


async def rows(db: Database, query: str) -> list[tuple[object, ...]]:
    async with db.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_events_are_numbered_within_their_case(db: Database) -> None:
    one, other = a_case_ref(1), a_case_ref(2)
    async with db.transaction(AMAL) as uow:
        for ref in (one, other, one):
            uow.emit(an_event(ref))
    async with db.transaction(AMAL) as uow:
        uow.emit(an_event(one))
    found = await rows(db, "SELECT aggregateid, sequence FROM outbox ORDER BY seq")
    assert found == [(one, 1), (other, 1), (one, 2), (one, 3)]


async def test_of_several_records_the_version_is_that_of_the_one_which_the_address_names(
    db: Database,
) -> None:
    one, other = a_case_ref(1), a_case_ref(2)

    async def both(named: str, expected: int | None) -> int | None:
        async with db.transaction(AMAL) as uow:
            uow.named = frozenset({named})
            uow.expected = None if expected is None else frozenset({expected})
            uow.emit(an_event(one))
            uow.emit(an_event(other))
        return uow.version

    async with db.transaction(AMAL) as uow:
        uow.emit(an_event(other))
    assert await both(one, None) == 1
    assert await both(other, expected=2) == 3
    with pytest.raises(Outdated):
        await both(one, expected=3)
    assert await both("somebody", None) is None
    with pytest.raises(Outdated):
        await both("somebody", expected=3)


async def test_a_refused_command_leaves_nothing_behind(db: Database) -> None:
    async def refused() -> None:
        async with db.transaction(AMAL) as uow:
            uow.emit(an_event())
            uow.audit("wrote", a_case_ref())
            raise Refusal

    with pytest.raises(Refusal):
        await refused()
    assert await rows(db, "SELECT 1 FROM outbox UNION ALL SELECT 1 FROM audit") == []
    assert await rows(db, "SELECT 1 FROM streams") == []


async def test_a_look_that_was_refused_is_audited_although_nothing_else_is_kept(
    db: Database,
) -> None:
    async def hidden() -> None:
        async with db.transaction(AMAL) as uow:
            uow.emit(an_event())
            uow.audit("read", a_case_ref(), outcome="hidden")
            raise Hidden

    with pytest.raises(Hidden):
        await hidden()
    assert await rows(db, "SELECT staff_id, action, outcome FROM audit") == [
        ("amal-h", "read", "hidden")
    ]
    assert await rows(db, "SELECT 1 FROM outbox") == []


async def test_whoever_waits_is_woken_after_the_commit_and_only_then(db: Database) -> None:
    woken: list[bool] = []
    db.on_commit(lambda: woken.append(True))
    async with db.transaction(AMAL) as uow:
        uow.audit("read", a_case_ref())
    assert woken == []
    async with db.transaction(AMAL) as uow:
        uow.emit(an_event())
        assert woken == []
    assert woken == [True]


async def audited_case(db: Database, entries: int = 5) -> str:
    ref = a_case_ref()

    async def audited(number: int) -> None:
        async with db.transaction(AMAL) as uow:
            uow.audit(f"action-{number}", ref, "plan")
            uow.audit(f"action-{number}-b", ref)

    await asyncio.gather(*(audited(number) for number in range(entries)))
    return ref


async def broken_at(db: Database, ref: str) -> int | None:
    async with db.engine.connect() as connection:
        return await first_broken(connection, ref)


async def test_the_audit_chain_holds_under_concurrent_writers(db: Database) -> None:
    ref = await audited_case(db)
    assert await broken_at(db, ref) is None


@pytest.mark.parametrize(
    ("tampering", "found_at"),
    [
        ("UPDATE spine.audit SET staff_id = 'somebody-else' WHERE sequence = 3", 3),
        ("UPDATE spine.audit SET section = NULL WHERE sequence = (SELECT min(sequence) FROM spine.audit "
         "WHERE section IS NOT NULL)", 1),
        ("DELETE FROM spine.audit WHERE sequence = 4", 4),
        ("DELETE FROM spine.audit WHERE sequence = 10", 10),  # the last: only the head knows
        ("INSERT INTO spine.audit SELECT subject, 11, at, staff_id, agency_id, roles, action, section, "
         "outcome, hash FROM spine.audit WHERE sequence = 10", 11),
    ],
)  # fmt: skip
async def test_an_entry_that_was_tampered_with_is_found(
    db: Database, spine: TestDatabase, tampering: str, found_at: int
) -> None:
    ref = await audited_case(db)
    await as_admin(spine.admin_url, tampering)
    assert await broken_at(db, ref) == found_at


async def test_postgres_out_of_reach_is_unavailable(settings: Settings) -> None:
    away = settings.model_copy(
        update={"database_url": type(settings.database_url)("postgresql://a:b@127.0.0.1:1/c")}
    )
    db = Database(away)
    with pytest.raises(Unavailable):
        async with db.transaction(AMAL):
            pass
    assert not await db.answers()
    await db.close()


async def test_postgres_gone_and_back_is_unavailable_meanwhile(settings: Settings) -> None:
    db, wire = await behind_a_wire(settings)
    async with asyncio.timeout(20):
        assert await db.answers()
        wire.cut()
        with pytest.raises(Unavailable):
            async with db.transaction(AMAL) as uow:
                uow.emit(an_event())
        wire.mend()
        async with db.transaction(AMAL) as uow:
            uow.emit(an_event())
    assert await rows(db, "SELECT sequence FROM outbox") == [(1,)]
    await db.close()
    await wire.close()


async def test_postgres_that_hangs_in_the_middle_is_unavailable(settings: Settings) -> None:
    db, wire = await behind_a_wire(settings.model_copy(update={"database_timeout": 0.4}))

    async def stalled() -> None:
        async with db.transaction(AMAL) as uow:
            await uow.connection.execute(text("SELECT 1"))
            wire.stall()
            await uow.connection.execute(text("SELECT 2"))

    async with asyncio.timeout(10):
        with pytest.raises(Unavailable):
            await stalled()
    wire.mend()
    await db.close()
    await wire.close()


async def behind_a_wire(settings: Settings) -> tuple[Database, Wire]:
    url = settings.database_url.get_secret_value()
    address = url.rpartition("@")[2].partition("/")[0]
    host, _, port = address.partition(":")
    wire = await Wire.open(host, int(port or 5432))
    there = type(settings.database_url)(url.replace(address, f"127.0.0.1:{wire.port}"))
    return Database(settings.model_copy(update={"database_url": there})), wire
