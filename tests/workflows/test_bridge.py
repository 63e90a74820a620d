"""From a real Kafka to a real Temporal: what is told, what is dropped, what is complained of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from contracts.envelope import Envelope
from contracts.events import cases as c
from contracts.events.notifications import NotificationRequested
from contracts.events.timekeeping import WorkflowProblemReported
from domain.vocabulary import NotificationKind
from infrastructure.bus import Bus
from infrastructure.clock import RealClock, wall_now
from infrastructure.ids import new_id
from infrastructure.settings import Settings
from tests.workflows.props import (
    RememberingBus,
    a_case_ref,
    a_deadline,
    deadline_met,
    deadline_set,
    eventually,
    state_of,
    worker_on,
)
from tests.workflows.test_case_lifecycle import registered
from workflows.bridge.carrier import Carrier
from workflows.bridge.consumer import FACTS, MAIL, Bridge
from workflows.bridge_table import told_by
from workflows.case_lifecycle.messages import Stage
from workflows.complaints import Complaints
from workflows.journey import Terms
from workflows.measures import ERRANDS

pytestmark = pytest.mark.slow


@dataclass
class Crossing:
    """A bridge under way, and how a service would speak to it."""

    settings: Settings
    bus: Bus
    complaints: RememberingBus
    ref: str

    async def announce(self, event, *, event_id=None, topic="cases"):
        event = event.model_copy(update={"case_ref": self.ref})
        envelope = Envelope(
            event_id or new_id(), event.type, "cases", event.key, event.happened_at, 1, event
        )
        await self.bus.publish(envelope, topic)

    async def send_raw(self, **record):
        producer = AIOKafkaProducer(bootstrap_servers=self.settings.kafka_bootstrap)
        await producer.start()
        await producer.send_and_wait(self.settings.topic("cases"), **record)
        await producer.stop()


@pytest.fixture
def settings(kafka_bootstrap, topic_prefix) -> Settings:
    return Settings(
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=topic_prefix,
        topic_partitions=2,
        temporal_task_queue=f"bridge-{uuid4()}",
    )


@asynccontextmanager
async def bridging(client, settings, complaints) -> AsyncIterator[None]:
    bus = Bus(settings)
    carrier = Carrier(client, settings.temporal_task_queue, Terms())
    lanes = [
        Bridge(settings, bus, Complaints(complaints, RealClock()), lane) for lane in (FACTS, MAIL)
    ]
    running = [asyncio.create_task(lane.run(carrier)) for lane in lanes]
    try:
        yield
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await bus.close()


@pytest.fixture
async def crossing(temporal, settings) -> AsyncIterator[Crossing]:
    bus, complaints = Bus(settings), RememberingBus()
    async with (
        worker_on(temporal, RememberingBus(), task_queue=settings.temporal_task_queue),
        bridging(temporal, settings, complaints),
    ):
        yield Crossing(settings, bus, complaints, a_case_ref())
    await bus.close()


async def _told(handle, true):
    """The state once it is as expected; the bound only ends a test that has failed."""
    async with asyncio.timeout(30):
        while True:
            try:
                state = await state_of(handle)
            except Exception:  # not started yet
                state = None
            if state is not None and true(state):
                return state
            await asyncio.sleep(0.05)


async def test_facts_of_a_case_start_and_tell_its_workflow_each_once(temporal, crossing):
    now = wall_now()
    owed = a_deadline("initial-assessment", now)
    again = new_id()
    await crossing.announce(registered(now))
    await crossing.announce(deadline_set(owed), event_id=again)
    case = temporal.get_workflow_handle(f"case/{crossing.ref}")
    state = await _told(case, lambda state: state.deadlines)
    assert (state.stage, state.case_ref) == (Stage.ASSESSMENT, crossing.ref)
    await crossing.announce(deadline_met(owed, now))
    await crossing.announce(deadline_set(owed), event_id=again)
    await crossing.announce(c.CaseArchived(case_ref=crossing.ref, at=now))
    ended = await case.result()
    assert ended["stage"] == "archived"
    assert len(ended["handled"]) == 4


async def test_a_late_fact_does_not_bring_an_ended_workflow_back(temporal, crossing):
    now = wall_now()
    await crossing.announce(registered(now))
    await crossing.announce(c.CaseArchived(case_ref=crossing.ref, at=now))
    case = temporal.get_workflow_handle(f"case/{crossing.ref}")
    await _told(case, lambda state: state.stage is Stage.ARCHIVED)
    dropped = ERRANDS.labels("case", "dropped")._value.get()
    await crossing.announce(c.CaseArchived(case_ref=crossing.ref, at=now))
    await eventually(lambda: ERRANDS.labels("case", "dropped")._value.get() == dropped + 1)
    assert (await case.describe()).status.name == "COMPLETED"


async def test_an_unreadable_event_is_complained_of_and_holds_up_no_other(temporal, crossing):
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(new_id()).encode()),
        ("ce_type", b"case.vanished.v9"),
        ("ce_source", b"cases"),
        ("ce_partitionkey", crossing.ref.encode()),
        ("content-type", b"application/json"),
    ]
    await crossing.send_raw(value=b"{}", key=crossing.ref.encode(), headers=headers)
    await crossing.send_raw(value=b"nonsense", key=b"nobody", headers=[])
    await crossing.announce(registered(wall_now()))
    case = temporal.get_workflow_handle(f"case/{crossing.ref}")
    await _told(case, lambda state: state.stage is Stage.ASSESSMENT)
    await eventually(lambda: crossing.complaints.envelopes)
    [report] = crossing.complaints.of(WorkflowProblemReported)
    assert (report.case_ref, report.workflow) == (crossing.ref, "bridge")
    assert report.problem == "event.unknown-type"
    await case.terminate()


async def test_a_notification_is_put_into_its_recipients_mailbox(temporal, crossing):
    wanted = NotificationRequested(
        case_ref=crossing.ref,
        at=wall_now(),
        notification_id=new_id(),
        staff_id=f"amal-{new_id().hex[:8]}",
        kind=NotificationKind.MISSED,
        step="initial-assessment",
        deadline_id=None,
    )
    [(address, starts)] = told_by(wanted)
    assert starts
    told = ERRANDS.labels("mailbox", "told")._value.get()
    for _ in range(2):
        await crossing.announce(wanted, topic="notifications")
    await eventually(lambda: ERRANDS.labels("mailbox", "told")._value.get() > told)
    handle = temporal.get_workflow_handle(address.workflow_id)
    assert await handle.result() is None
