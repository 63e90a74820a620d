"""Deadlines on the record: what a fact means, and what a moment makes the owner say."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts.events.deadlines import DeadlineSet
from contracts.events.notifications import NotificationAcknowledged
from contracts.events.timekeeping import DeadlineMomentReached
from domain.deadlines import Deadline, Fact
from domain.disclosure import Viewer
from domain.errors import Missing
from domain.vocabulary import Risk, Role
from infrastructure import deadlines
from infrastructure.db import Database
from infrastructure.ids import new_id
from infrastructure.policy_packs import PolicyPacks
from infrastructure.settings import Settings
from tests.services.spine.world import AMAL, a_case_ref

REGISTERED = datetime(2026, 3, 2, 9, tzinfo=UTC)
PACKS = PolicyPacks.load()
POLICY = PACKS.latest("default").id
SYSTEM = Viewer.system("cases")
REF = a_case_ref()


class HandSetClock:
    """A clock that stands where the test has put it."""

    is_sandbox = True
    at = REGISTERED

    def now(self) -> datetime:
        return self.at

    def case_at(self, wall: datetime) -> datetime:
        return wall

    def wall_at(self, case: datetime) -> datetime:
        return case


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock()


@pytest.fixture
async def db(settings: Settings, clock: HandSetClock) -> AsyncIterator[Database]:
    database = Database(settings, clock=clock, packs=PACKS)
    yield database
    await database.close()


def a_fact(name: str = "case.registered", at: datetime = REGISTERED, **changes: Any) -> Fact:
    people = {Role.CASEWORKER: "amal-h"}
    fact = Fact(new_id(), name, at, REF, "agency-north", POLICY, Risk.HIGH, people=people)
    return replace(fact, **changes)


async def follow(db: Database, fact: Fact) -> list[Deadline]:
    async with db.transaction(AMAL) as uow:
        await deadlines.follow(uow, fact)
        return await deadlines.open_for(uow, REF)


async def reach(db: Database, deadline: Deadline, moment: str, **changes: Any) -> None:
    at = next(item.at for item in deadline.moments if item.name == moment)
    event = DeadlineMomentReached(
        case_ref=REF,
        at=at,
        deadline_id=deadline.id,
        version=deadline.version,
        owner="cases",
        moment=moment,
    )
    async with db.transaction(SYSTEM) as uow:
        await deadlines.reached(uow, event.model_copy(update=changes))


async def said(db: Database) -> list[tuple[str, dict[str, Any]]]:
    async with db.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT aggregatetype, type, payload FROM outbox ORDER BY seq")
        )
        found = [tuple(row) for row in rows]
    assert all(topic == "cases" for topic, _, _ in found)
    return [(kind.removeprefix("deadline.").removesuffix(".v1"), body) for _, kind, body in found]


async def kinds(db: Database) -> list[str]:
    return [kind for kind, _ in await said(db)]


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    async with db.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_a_registration_sets_the_initial_assessment_and_says_so(db: Database) -> None:
    (deadline,) = await follow(db, a_fact())
    assert (deadline.step, deadline.due_at) == (
        "initial-assessment",
        REGISTERED + timedelta(hours=24),
    )
    ((kind, body),) = await said(db)
    event = DeadlineSet.model_validate(body)
    assert (kind, event.deadline_id, event.due_at) == ("set", deadline.id, deadline.due_at)
    assert [moment.name for moment in event.moments] == [item.name for item in deadline.moments]


async def test_a_deadline_comes_back_from_the_record_as_it_was_set(db: Database) -> None:
    async with db.transaction(AMAL) as uow:
        found = await deadlines.follow(uow, a_fact())
    async with db.transaction(AMAL) as uow:
        assert await deadlines.open_for(uow, REF) == list(found.set)


async def test_the_same_fact_again_sets_nothing_again(db: Database) -> None:
    fact = a_fact()
    await follow(db, fact)
    assert len(await follow(db, fact)) == 1
    assert await kinds(db) == ["set"]


async def test_a_duty_done_in_time_is_never_reported_late_however_late_its_event(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    done = a_fact("initial-assessment.recorded", at=deadline.due_at)
    assert deadline.id not in {standing.id for standing in await follow(db, done)}
    clock.at = deadline.due_at + timedelta(days=5)
    await reach(db, deadline, "due")
    assert await kinds(db) == ["set", "met", "set"]


async def test_a_missed_duty_is_announced_once_however_often_the_moment_is_said(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    clock.at = deadline.due_at
    for _ in range(3):
        await reach(db, deadline, "due")
    assert await kinds(db) == ["set", "missed"]


async def test_after_an_outage_only_the_highest_rung_is_said_and_the_others_are_recorded(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    clock.at = deadline.due_at + timedelta(hours=25)
    for moment in ("reminder-1", "reminder-2", "due", "rung-1"):
        await reach(db, deadline, moment)
    (_, (kind, body)) = await said(db)
    assert (kind, body["rung"], body["moment"]) == ("missed", 1, "rung-1")
    assert body["skipped"] == ["reminder-1", "reminder-2", "due"]
    outcomes = await rows(db, "SELECT moment, outcome FROM deadline_announcements ORDER BY moment")
    assert outcomes == [
        ("due", "skipped"), ("reminder-1", "skipped"), ("reminder-2", "skipped"), ("rung-1", "announced"),
    ]  # fmt: skip


async def test_the_ladder_climbs_until_somebody_acknowledges(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    clock.at = deadline.due_at
    await reach(db, deadline, "due")
    clock.at += timedelta(hours=24)
    await reach(db, deadline, "rung-1")
    acknowledged = NotificationAcknowledged(
        case_ref=REF, at=clock.at, notification_id=new_id(), staff_id="sami-s", deadline_id=deadline.id,
        owner="cases",
    )  # fmt: skip
    handlers = deadlines.timekeeping_handlers("cases")
    for _ in range(2):
        async with db.transaction(SYSTEM) as uow:
            await handlers[NotificationAcknowledged](uow, acknowledged)
    clock.at += timedelta(hours=48)
    await reach(db, deadline, "rung-2")
    assert await kinds(db) == ["set", "missed", "escalated", "acknowledged"]
    assert await rows(db, "SELECT change, because FROM deadline_changes") == [
        ("acknowledged", "acknowledged")
    ]


async def test_a_risen_risk_moves_a_duty_and_the_old_one_names_its_successor(db: Database) -> None:
    (old,) = await follow(db, a_fact(risk=Risk.LOW))
    soon = REGISTERED + timedelta(hours=1)
    (new,) = await follow(db, a_fact("risk.changed", at=soon, risk=Risk.IMMINENT))
    assert new.due_at < old.due_at
    _, (cancelled, body), (set_anew, _) = await said(db)
    assert (cancelled, set_anew) == ("cancelled", "set")
    assert UUID(body["successor_id"]) == new.id
    assert await rows(db, "SELECT change, due_at, new_due_at FROM deadline_changes") == [
        ("moved", old.due_at, new.due_at)
    ]


async def test_a_workflow_a_little_ahead_of_our_clock_is_believed(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    clock.at = deadline.due_at - timedelta(milliseconds=3)
    await reach(db, deadline, "due")
    assert (await kinds(db))[-1] == "missed"


async def test_moments_of_other_owners_and_of_old_versions_mean_nothing(
    db: Database, clock: HandSetClock
) -> None:
    (deadline,) = await follow(db, a_fact())
    clock.at = deadline.due_at
    await reach(db, deadline, "due", owner="referrals", deadline_id=new_id())
    await reach(db, deadline, "due", version=7)
    assert await kinds(db) == ["set"]
    with pytest.raises(Missing):
        await reach(db, deadline, "due", deadline_id=new_id())


async def test_open_deadlines_can_be_said_again_so_that_workflows_are_rebuilt(db: Database) -> None:
    (deadline,) = await follow(db, a_fact())
    async with db.transaction(SYSTEM) as uow:
        assert await deadlines.restate(uow) == 1
    _, (kind, body) = await said(db)
    assert (kind, body["restated"], body["deadline_id"]) == ("set", True, str(deadline.id))
