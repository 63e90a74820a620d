"""An event and what is written on its outside: CloudEvents 1.0 attributes.

Binary mode of the Kafka binding: attributes are `ce_*` headers, the body is the event's JSON; `id` is the
outbox id (UUIDv7) and the sequence counts the events of one subject in one service, from 1.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.events import Event


@dataclass(frozen=True, slots=True)
class Envelope:
    """`time` is UTC; `source` is the announcing process; `traceparent` as W3C Trace Context has it."""

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    event: Event
    traceparent: str | None = None
