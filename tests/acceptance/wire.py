"""Kafka's wire, in this process: what the outboxes hold is carried, in order, to consumers and to the bridge."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg
from temporalio.service import RPCError

from contracts.envelope import Envelope
from contracts.events.timekeeping import WorkflowProblemReported
from deploy.demo.listener import Heard
from infrastructure.cloudevents import Message, read
from infrastructure.effects import Effects, Outcome
from infrastructure.parking import Record
from tests.acceptance.skipped_time import SkippedTime
from tests.services.served import Served
from workflows.bridge.carrier import KEEPERS, Carrier
from workflows.bridge.errands import errands
from workflows.facts import Facts

_FIELDS = "seq, id, aggregatetype, aggregateid, type, payload::text, subject, sequence, source, time, traceparent"


class NotCarried(AssertionError):
    """An event was parked by a consumer, or a workflow has reported a problem."""


class Wire:
    """Nothing is left in any outbox when `carry` returns; `heard` is in the order of the wire."""

    def __init__(
        self,
        services: Mapping[str, Served],
        outboxes: "asyncpg.Connection[Any]",
        carrier: Carrier,
        time: SkippedTime,
    ) -> None:
        self.heard: list[Heard] = []
        self._services, self._outboxes, self._carrier, self._time = (
            services,
            outboxes,
            carrier,
            time,
        )
        self._effects = {
            name: Effects(served.db, name, served.service.handlers)
            for name, served in services.items()
        }
        self._told: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._waiting = " UNION ALL ".join(
            f"SELECT '{name}' AS service, {_FIELDS} FROM {name}.outbox" for name in services
        )

    async def publish(self, envelope: Envelope) -> None:
        """What a workflow says: its activity ends when all that follows has happened, so time waits for it."""
        await self._time.look()
        async with self._one_at_a_time:
            if isinstance(envelope.event, WorkflowProblemReported):
                raise NotCarried(envelope.event.problem)
            await self._deliver([Message.of(envelope, envelope.event.topic)])
            await self._carry()

    async def carry(self) -> None:
        await self._time.look()
        async with self._one_at_a_time:
            await self._carry()

    async def _carry(self) -> None:
        while rows := await self._outboxes.fetch(f"{self._waiting} ORDER BY service, seq"):
            await self._deliver([_message(row) for row in rows])
            for name in {row["service"] for row in rows}:
                carried = [row["seq"] for row in rows if row["service"] == name]
                await self._outboxes.execute(
                    f"DELETE FROM {name}.outbox WHERE seq = ANY($1::bigint[])", carried
                )

    async def _deliver(self, messages: list[Message]) -> None:
        """Services side by side, each in the order of the wire; then the workflows."""
        self.heard += [_heard(message, self._time.wall) for message in messages]
        records = [
            Record(message.topic, 0, 0, message.key.encode(), message.headers(), message.body)
            for message in messages
        ]
        await asyncio.gather(*(self._take(name, records) for name in self._services))
        envelopes = [read(record.headers, record.key, record.body) for record in records]
        for errand in errands(envelopes):
            self._told.add(errand.address.workflow_id)
            await self._carrier.carry(errand)

    async def stir(self) -> None:
        """Wakes every long workflow with nothing to say, so that it goes on afresh now.

        Left to themselves they do so at a timer's instant, and should another timer fire in that same one
        the test server hangs: it cannot cancel a timer that is about to fire.
        """
        for workflow_id in self._told:
            with suppress(RPCError):  # some have ended
                handle = self._carrier.client.get_workflow_handle(workflow_id)
                if workflow_id.partition("/")[0] in KEEPERS:
                    await handle.signal("facts", Facts(()))

    async def end_workflows(self) -> None:
        for workflow_id in self._told:
            with suppress(RPCError):  # most have ended by themselves
                await self._carrier.client.get_workflow_handle(workflow_id).terminate()

    async def _take(self, name: str, records: list[Record]) -> None:
        for record in records:
            if record.topic not in self._services[name].service.topics:
                continue
            outcome = await self._effects[name].take(record)
            if outcome in (Outcome.PARKED, Outcome.WAITS):
                raise NotCarried(f"{name} parked {dict(record.headers)['ce_type'].decode()}")


def _message(row: Any) -> Message:
    return Message(
        topic=row["aggregatetype"],
        key=row["aggregateid"],
        id=row["id"],
        type=row["type"],
        source=row["source"],
        subject=row["subject"],
        time=row["time"],
        sequence=row["sequence"],
        body=row["payload"].encode(),
        traceparent=row["traceparent"],
    )


def _heard(message: Message, wall: datetime) -> Heard:
    return Heard(
        id=str(message.id),
        type=message.type,
        topic=message.topic,
        source=message.source,
        time=message.time,
        wall=wall,
        body=json.loads(message.body),
        raw=message.body + b"".join(text for _, text in message.headers()),
    )
