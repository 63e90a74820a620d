"""Events as Kafka records and back: CloudEvents 1.0 by its Kafka binding, told apart by content type.

We write binary mode (`ce_*` headers, the event's JSON as body) and read structured mode as well.
"""

import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import ValidationError

from contracts.envelope import Envelope
from contracts.events import REGISTRY, Event

Headers = Sequence[tuple[str, bytes]]
_STRUCTURED = "application/cloudevents"


class Unreadable(Exception):
    """A record that is no event we know; `reason` is a code, the text a sentence without content."""

    def __init__(
        self, reason: str, sentence: str, *, event_id: UUID | None = None, key: str | None = None
    ) -> None:
        self.reason = reason
        self.event_id = event_id
        self.key = key
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Message:
    """One event as it goes out; `topic` without prefix, `time` in UTC, `body` its JSON."""

    topic: str
    key: str
    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    body: bytes
    traceparent: str | None = None

    @classmethod
    def of(cls, envelope: Envelope, topic: str) -> Self:
        return cls(
            topic=topic,
            key=envelope.event.key,
            id=envelope.id,
            type=envelope.type,
            source=envelope.source,
            subject=envelope.subject,
            time=envelope.time,
            sequence=envelope.sequence,
            body=envelope.event.model_dump_json().encode(),
            traceparent=envelope.traceparent,
        )

    def headers(self) -> list[tuple[str, bytes]]:
        attributes = {
            "ce_specversion": "1.0",
            "ce_id": str(self.id),
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_subject": self.subject,
            "ce_time": self.time.isoformat(),
            "ce_sequence": str(self.sequence),
            "ce_partitionkey": self.key,
            "content-type": "application/json",
        }
        if self.traceparent:
            # Both names: the extension for CloudEvents' readers, the header for tracing's.
            attributes |= {"ce_traceparent": self.traceparent, "traceparent": self.traceparent}
        return [(name, text.encode()) for name, text in attributes.items()]


def read(headers: Headers, key: bytes | None, body: bytes | None) -> Envelope:
    """The event in a record; raises Unreadable."""
    attributes, content = _attributes(headers, body)
    event_id = _uuid(attributes.get("id"))
    event_type = attributes.get("type", "")
    known = REGISTRY.get(event_type)
    claimed = attributes.get("partitionkey") or attributes.get("subject")
    if event_id is None or not event_type:
        raise Unreadable("no-event", "The record has no CloudEvents id or type.", key=claimed)
    if known is None:
        raise Unreadable(
            "unknown-type",
            "No event of this type and version is known.",
            event_id=event_id,
            key=claimed,
        )
    event = _event(known, content, event_id, claimed)
    if key != event.key.encode():
        raise Unreadable(
            "wrong-key",
            "The record's key is not the event's own.",
            event_id=event_id,
            key=event.key,
        )
    return _envelope(event_id, event, attributes)


def _envelope(event_id: UUID, event: Event, attributes: Mapping[str, str]) -> Envelope:
    try:
        return Envelope(
            id=event_id,
            type=event.type,
            source=attributes["source"],
            subject=attributes.get("subject", event.subject),
            time=datetime.fromisoformat(attributes["time"])
            if "time" in attributes
            else event.happened_at,
            sequence=int(attributes.get("sequence", 0)),
            event=event,
            traceparent=attributes.get("traceparent"),
        )
    except (ValueError, KeyError) as wrong:
        raise Unreadable(
            "broken-attributes", "A CloudEvents attribute is missing or wrong.",
            event_id=event_id, key=event.key,
        ) from wrong  # fmt: skip


def _attributes(headers: Headers, body: bytes | None) -> tuple[dict[str, str], bytes]:
    try:
        texts = {name.lower(): value.decode() for name, value in headers if value is not None}
    except UnicodeDecodeError as wrong:
        raise Unreadable("broken-headers", "A header is not UTF-8 text.") from wrong
    if texts.get("content-type", "").lower().startswith(_STRUCTURED):
        return _structured(body or b"")
    binary = {
        name.removeprefix("ce_"): text for name, text in texts.items() if name.startswith("ce_")
    }
    if "specversion" not in binary:
        raise Unreadable("no-event", "The record is no CloudEvents message.")
    binary.setdefault("traceparent", texts.get("traceparent", ""))
    return {name: text for name, text in binary.items() if text}, body or b""


def _structured(body: bytes) -> tuple[dict[str, str], bytes]:
    try:
        whole = json.loads(body)
        attributes = {
            name: str(found) for name, found in whole.items() if _is_attribute(name, found)
        }
        if "data_base64" in whole:
            return attributes, b64decode(whole["data_base64"], validate=True)
        return attributes, json.dumps(whole.get("data")).encode()
    except (ValueError, AttributeError, TypeError) as wrong:
        raise Unreadable("broken-body", "The structured event is not a JSON object.") from wrong


def _is_attribute(name: str, found: Any) -> bool:
    return name not in ("data", "data_base64") and isinstance(found, str | int)


def _event(known: type[Event], content: bytes, event_id: UUID, key: str | None) -> Event:
    try:
        return known.model_validate_json(content)
    except ValidationError as wrong:
        # Where and what kind, never what was found there; an unknown field's own name is content too.
        errors = wrong.errors(include_input=False)
        places = sorted({f"{_place(known, error['loc'])}: {error['type']}" for error in errors})
        raise Unreadable(
            "broken-body", f"The body does not fit its type ({'; '.join(places[:5])}).",
            event_id=event_id, key=key,
        ) from None  # fmt: skip


def _place(known: type[Event], loc: Sequence[int | str]) -> str:
    if not loc:
        return "body"
    return str(loc[0]) if loc[0] in known.model_fields else "an unknown field"


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None
