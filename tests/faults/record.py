"""What stands on the record afterwards: owners' tables, operations' copy, all that was said on the bus."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer

from contracts.envelope import Envelope
from contracts.events import TOPICS
from deploy.embedded.stack import EmbeddedStack
from deploy.migrations.bootstrap import DATABASE, SERVICES, with_database
from infrastructure.cloudevents import read
from infrastructure.settings import Settings

OWNERS = ("cases", "referrals", "reviews")
Row = Mapping[str, Any]  # asyncpg.Record, which has no types

_FACTS = "select case_ref, name, at, recorded_at, subject_id from cases.facts"
_OUTBOX = "select id::text as at from {0}.outbox"
_PARKED = "select key || ': ' || reason as at from {0}.parked_events where skipped_at is null"
_STREAMS = "select '{0}' as service, subject, sequence from {0}.streams where sequence > 0"
_DEADLINES = "select '{0}' as owner, * from {0}.deadlines"
_ANNOUNCED = "select '{0}' as owner, * from {0}.deadline_announcements"
_CHANGES = "select '{0}' as owner, * from {0}.deadline_changes"


@dataclass
class Record:
    """All of it at one moment; `now` is case time."""

    now: datetime
    cases: list[Row]
    facts: list[Row]
    narratives: list[Row]
    deadlines: list[Row]
    announced: list[Row]
    changes: list[Row]
    referrals: list[Row]
    duties: list[Row]
    problems: list[Row]
    streams: list[Row]
    unsent: list[str]
    parked: list[str]
    said: list[Envelope] = field(default_factory=list)

    def by_owner(self) -> dict[tuple[str, Any], Row]:
        return {(row["owner"], row["id"]): row for row in self.deadlines}


class Recorder:
    """Reads the tables as the administrator, and every topic from its beginning."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self._url = with_database(stack.site.database_admin_url, DATABASE)
        self._bootstrap = stack.site.kafka_bootstrap
        self._prefix = Settings.model_fields["topic_prefix"].default

    async def read(self, now: datetime) -> Record:
        postgres = await asyncpg.connect(self._url, timeout=10, command_timeout=20)
        try:
            async with postgres.transaction(isolation="repeatable_read", readonly=True):
                record = await self._tables(postgres, now)
        finally:
            await postgres.close()
        record.said = first_of_each(await self._bus())
        return record

    async def _tables(self, postgres: Any, now: datetime) -> Record:
        async def of(statement: str, schemas: Iterable[str] = SERVICES) -> list[Row]:
            return list(
                await postgres.fetch(" union all ".join(statement.format(each) for each in schemas))
            )

        return Record(
            now=now,
            cases=await postgres.fetch("select ref, status from cases.cases"),
            facts=await postgres.fetch(_FACTS),
            narratives=await postgres.fetch("select case_ref, kind from cases.narratives"),
            deadlines=await of(_DEADLINES, OWNERS),
            announced=await of(_ANNOUNCED, OWNERS),
            changes=await of(_CHANGES, OWNERS),
            referrals=await postgres.fetch("select id, case_ref, state from referrals.referrals"),
            duties=await postgres.fetch("select * from operations.duties"),
            problems=await postgres.fetch("select * from operations.problems"),
            streams=await of(_STREAMS),
            unsent=[
                f"{name}: {row['at']}" for name in SERVICES for row in await of(_OUTBOX, [name])
            ],
            parked=[
                f"{name}: {row['at']}" for name in SERVICES for row in await of(_PARKED, [name])
            ],
        )

    async def _bus(self) -> list[Envelope]:
        consumer = AIOKafkaConsumer(
            *(f"{self._prefix}{topic}" for topic in TOPICS),
            bootstrap_servers=self._bootstrap,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            group_id=None,
        )
        await consumer.start()
        try:
            places = consumer.assignment()
            ends = await consumer.end_offsets(places)
            found: list[Envelope] = []
            while any([await consumer.position(place) < ends[place] for place in places]):
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found += [read(each.headers, each.key, each.value) for each in records]
            return found
        finally:
            await consumer.stop()


def first_of_each(said: Iterable[Envelope]) -> list[Envelope]:
    """A relay that was killed says some events again; every consumer drops them by their id."""
    return list({each.id: each for each in reversed(list(said))}.values())[::-1]


def by_stream(said: Iterable[Envelope]) -> dict[tuple[str, str], list[int]]:
    """The sequence numbers heard of each service and case, in the order of the bus."""
    heard: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in said:
        service = each.source.rsplit("/", 1)[-1]
        if each.source.startswith("/throughline/"):
            heard[service, each.event.key].append(each.sequence)
    return heard
