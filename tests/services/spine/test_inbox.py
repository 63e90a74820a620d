import pytest
from sqlalchemy import text

from contracts.envelope import Envelope
from contracts.events.timekeeping import DeadlineMomentReached, ReviewConveningDue
from domain.errors import Hidden, Malformed, Missing, Refusal, Unavailable
from infrastructure.bus import Bus
from infrastructure.clock import wall_now
from infrastructure.db import Database
from infrastructure.ids import derived_id, new_id
from infrastructure.inbox import forget_old
from infrastructure.parking import ParkedEvent, list_parked, skip
from infrastructure.unit_of_work import UnitOfWork
from tests.services.spine.world import (
    AMAL,
    OPERATOR,
    a_case_ref,
    a_consumer,
    a_message,
    an_event,
    applied,
    note_applied,
    put_on_bus,
    running,
    until,
)

pytestmark = pytest.mark.slow
POISONED, HEALTHY = a_case_ref(1), a_case_ref(2)


async def parked(db: Database) -> list[ParkedEvent]:
    async with db.transaction(OPERATOR) as uow:
        waiting, _ = await list_parked(uow)
        return waiting


async def numbers(db: Database, ref: str) -> list[int]:
    return [row.number for row in await applied(db) if row.case_ref == ref]


async def say(db: Database, ref: str, number: int, **wrong: object) -> None:
    await put_on_bus(db.settings, a_message(an_event(ref, number), sequence=number + 1), **wrong)


class Weather:
    """A handler that refuses poisoned events until the sun shines."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure: Exception | None = failure or Refusal("her own words")
        self.refused = {POISONED: 1}

    async def __call__(self, uow: UnitOfWork, event: object) -> None:
        await note_applied(uow, event)
        if self.failure and self.refused.get(event.case_ref) == event.version:
            raise self.failure


async def test_a_poison_event_parks_its_key_and_no_other(bus_db: Database) -> None:
    async with running(a_consumer(bus_db, Weather()).run()):
        for number in range(4):
            await say(bus_db, POISONED, number)
            await say(bus_db, HEALTHY, number)
        await until(lambda: is_parked(bus_db, 3))
        await until(lambda: have_applied(bus_db, HEALTHY, 4))
    assert await numbers(bus_db, POISONED) == [0]
    assert await numbers(bus_db, HEALTHY) == [0, 1, 2, 3]
    first, *behind = await parked(bus_db)
    assert (first.reason, first.sentence) == ("refused", "The practice does not allow this now.")
    assert {event.reason for event in behind} == {"waits"}


async def is_parked(db: Database, count: int) -> bool:
    return len(await parked(db)) >= count


async def have_applied(db: Database, ref: str, count: int) -> bool:
    return len(await numbers(db, ref)) >= count


async def test_a_replay_applies_in_order_and_stops_at_what_still_fails(bus_db: Database) -> None:
    weather = Weather()
    consumer = a_consumer(bus_db, weather)
    async with running(consumer.run()):
        for number in range(4):
            await say(bus_db, POISONED, number)
        await until(lambda: is_parked(bus_db, 3))
        still = await consumer.replay(POISONED, OPERATOR)
        assert (still.applied, still.cause and still.cause.reason) == (0, "refused")
        weather.failure = None
        assert (await consumer.replay(POISONED, OPERATOR)).applied == 3
        await say(bus_db, POISONED, 4)
        await until(lambda: have_applied(bus_db, POISONED, 5))
    assert await numbers(bus_db, POISONED) == [0, 1, 2, 3, 4]
    assert await parked(bus_db) == []


async def test_a_skipped_event_is_on_the_record_and_those_behind_it_go_on(bus_db: Database) -> None:
    consumer = a_consumer(bus_db, Weather())
    async with running(consumer.run()):
        for number in range(3):
            await say(bus_db, POISONED, number)
        await until(lambda: is_parked(bus_db, 2))
    poison, _ = await parked(bus_db)
    async with bus_db.transaction(OPERATOR) as uow:
        await skip(uow, poison.id, "Corrected by hand with the caseworker.")
    assert (await consumer.replay(POISONED, OPERATOR)).applied == 1
    assert await numbers(bus_db, POISONED) == [0, 2]
    async with bus_db.engine.connect() as connection:
        audit = await connection.execute(
            text("SELECT staff_id, action FROM audit ORDER BY sequence")
        )
        assert [tuple(row) for row in audit] == [
            ("olga-o", "event-skipped"),
            ("olga-o", "events-replayed"),
        ]


async def test_only_an_operator_sees_skips_or_replays_and_a_skip_needs_a_reason(
    bus_db: Database,
) -> None:
    with pytest.raises(Hidden):
        await a_consumer(bus_db).replay(POISONED, AMAL)
    for viewer, parked_id, reason, refusal in (
        (AMAL, 1, "a good enough reason", Hidden),
        (OPERATOR, 1, "", Malformed),
        (OPERATOR, 1, "a good enough reason", Missing),
    ):
        with pytest.raises(refusal):
            async with bus_db.transaction(viewer) as uow:
                await skip(uow, parked_id, reason)


async def test_what_cannot_be_read_is_parked_with_a_reason_and_without_its_content(
    bus_db: Database,
) -> None:
    message = a_message(an_event(POISONED))
    headers = dict(message.headers())
    unknown = [*(headers | {"ce_type": b"case.abducted-by-aliens.v1"}).items()]
    later = [*(headers | {"ce_type": message.type.replace(".v1", ".v7").encode()}).items()]
    wrong: list[tuple[str, dict[str, object]]] = [
        ("broken-body", {"body": b"{not json"}),
        ("broken-body", {"body": message.body.replace(b'"owner"', b'"Noor"')}),
        ("unknown-type", {"headers": unknown}),
        ("unknown-type", {"headers": later}),
        ("wrong-key", {"key": HEALTHY.encode()}),
        ("no-event", {"headers": []}),
    ]
    async with running(a_consumer(bus_db).run()):
        for _, fault in wrong:
            await put_on_bus(bus_db.settings, message, **fault)
        await until(lambda: is_parked(bus_db, len(wrong)))
    found = await parked(bus_db)
    assert sorted(event.reason for event in found) == sorted(reason for reason, _ in wrong)
    assert not any("Noor" in event.sentence for event in found)
    assert {event.key for event in found} == {POISONED}


async def test_structured_events_are_read_as_well(bus_db: Database) -> None:
    message = a_message(an_event(HEALTHY, 5))
    whole = (
        f'{{"specversion":"1.0","id":"{message.id}","type":"{message.type}","source":"/x",'
        f'"subject":"{HEALTHY}","sequence":"9","data":{message.body.decode()}}}'
    )
    headers = [("content-type", b"application/cloudevents+json; charset=utf-8")]
    async with running(a_consumer(bus_db).run()):
        await put_on_bus(bus_db.settings, message, body=whole.encode(), headers=headers)
        await until(lambda: have_applied(bus_db, HEALTHY, 1))
    assert [row.sequence for row in await applied(bus_db)] == [9]


async def test_an_event_said_twice_is_applied_once(bus_db: Database) -> None:
    message = a_message(an_event(HEALTHY, 1))
    async with running(a_consumer(bus_db).run()):
        for _ in range(3):
            await put_on_bus(bus_db.settings, message)
        await say(bus_db, HEALTHY, 2)
        await until(lambda: have_applied(bus_db, HEALTHY, 2))
    assert await numbers(bus_db, HEALTHY) == [1, 2]


async def test_a_known_event_without_a_handler_is_passed_over(bus_db: Database) -> None:
    other = ReviewConveningDue(case_ref=HEALTHY, at=wall_now(), review_id=new_id())
    async with running(a_consumer(bus_db).run()):
        await put_on_bus(bus_db.settings, a_message(other))
        await say(bus_db, HEALTHY, 1)
        await until(lambda: have_applied(bus_db, HEALTHY, 1))
    assert await parked(bus_db) == []


async def test_while_something_is_away_events_are_tried_again_and_never_parked(
    bus_db: Database,
) -> None:
    weather = Weather(Unavailable())
    consumer = a_consumer(bus_db, weather)
    async with running(consumer.run()):
        await say(bus_db, POISONED, 1)
        await say(bus_db, POISONED, 2)
        for other in range(2, 10):  # some of them in other partitions
            await say(bus_db, a_case_ref(other), 1)
        await until(lambda: have_applied_in_all(bus_db, 1))
        assert await numbers(bus_db, POISONED) == []
        weather.failure = None
        await until(lambda: have_applied(bus_db, POISONED, 2))
        await consumer.polled_lately()
    assert await numbers(bus_db, POISONED) == [1, 2]
    assert await parked(bus_db) == []


async def test_a_plain_exception_parks_without_quoting_it(bus_db: Database) -> None:
    async with running(a_consumer(bus_db, Weather(ValueError("Noor"))).run()):
        await say(bus_db, POISONED, 1)
        await until(lambda: is_parked(bus_db, 1))
    (event,) = await parked(bus_db)
    assert (event.reason, event.sentence) == (
        "handler-failed",
        "The handler failed with ValueError.",
    )


async def test_a_reader_that_joins_or_leaves_loses_and_doubles_nothing(bus_db: Database) -> None:
    said = 0
    first, second = a_consumer(bus_db), a_consumer(bus_db)
    async with running(first.run()):
        for number in range(20):
            await say(bus_db, a_case_ref(number % 5), number // 5)
            said += 1
        async with running(second.run()):
            for number in range(20, 40):
                await say(bus_db, a_case_ref(number % 5), number // 5)
                said += 1
            await until(lambda: have_applied_in_all(bus_db, said))
        await say(bus_db, a_case_ref(0), 8)
        await until(lambda: have_applied_in_all(bus_db, said + 1))
    for case in range(1, 5):
        assert await numbers(bus_db, a_case_ref(case)) == list(range(8))


async def have_applied_in_all(db: Database, count: int) -> bool:
    return len(await applied(db)) >= count


def an_envelope(event: DeadlineMomentReached) -> Envelope:
    return Envelope(
        id=derived_id(str(event.deadline_id), str(event.version), event.moment), type=event.type,
        source="/throughline/worker", subject=event.subject, time=event.at, sequence=1, event=event,
    )  # fmt: skip


async def test_the_bus_takes_what_has_no_outbox_and_says_when_it_cannot(bus_db: Database) -> None:
    bus = Bus(bus_db.settings)
    event = an_event(HEALTHY, 3)
    async with running(a_consumer(bus_db).run()):
        for _ in range(2):
            await bus.publish(an_envelope(event))
        await until(lambda: have_applied(bus_db, HEALTHY, 1))
    await bus.close()
    away = Bus(bus_db.settings.model_copy(update={"kafka_bootstrap": "127.0.0.1:1"}))
    with pytest.raises(Unavailable):
        await away.publish(an_envelope(event))
    assert not await away.answers()
    await away.close()


async def test_events_are_remembered_as_long_as_kafka_may_bring_them_again(db: Database) -> None:
    async with db.transaction(OPERATOR) as uow:
        for days in (1, 89, 91):
            await uow.connection.execute(
                text(
                    "INSERT INTO inbox (event_id, applied_at)"
                    " VALUES (:id, clock_timestamp() - make_interval(days => :days))"
                ),
                {"id": new_id(), "days": days},
            )
    await forget_old(db, 90)
    async with db.transaction(OPERATOR) as uow:
        left = await uow.connection.scalar(text("SELECT count(*) FROM inbox"))
    assert left == 2
