"""The bus as an AsyncAPI 3.0 document: a channel a topic, a message an event type, CloudEvents on the outside."""

from collections.abc import Mapping
from typing import Any

from contracts.events import REGISTRY, TOPICS, Event
from contracts.generate_schemas import description_of, key_of, schema_of, topics_of

PREFIX = "throughline."
_TELLS = {
    "agencies": "The directory: agencies, staff by id and role, service offers, pathways.",
    "cases": "What happened to cases, and the duties that services.cases owns.",
    "notifications": "Who was told; no address, no text.",
    "referrals": "Referrals to services, and the duties that services.referrals owns.",
    "reviews": "Periodic reviews, and the duties that services.reviews owns.",
    "timekeeping": "What the clock has brought, from workflows; the owner of the record decides what it means.",
}
_TRACE = r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"


def document(version: str, registry: Mapping[str, type[Event]] = REGISTRY) -> dict[str, Any]:
    """`version` is the distribution's."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:throughline:bus",
        "info": {
            "title": "Throughline's events",
            "version": version,
            "description": "Ids, codes and instants only: no names, no narrative, no contact details. "
            "Delivered at least once; ordered within a key. See docs/integrators.md.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "site": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "The Kafka of the site (THROUGHLINE_KAFKA_BOOTSTRAP).",
                "variables": {"bootstrap": {"default": "localhost:8092"}},
            }
        },
        "channels": {topic: _channel(topic, registry) for topic in TOPICS},
        "operations": {f"announce-{topic}": _operation(topic, registry) for topic in TOPICS},
        "components": {
            "messages": {name: _message(registry[name]) for name in sorted(registry)},
            "messageTraits": {"cloudevent": _cloudevent()},
        },
    }


def _travelling(topic: str, registry: Mapping[str, type[Event]]) -> list[str]:
    return [name for name in sorted(registry) if topic in topics_of(registry[name])]


def _channel(topic: str, registry: Mapping[str, type[Event]]) -> dict[str, Any]:
    return {
        "address": f"{PREFIX}{topic}",
        "title": topic.capitalize(),
        "description": f"{_TELLS[topic]} A site may set another prefix than `{PREFIX}`.",
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in _travelling(topic, registry)
        },
        "bindings": {"kafka": {"topic": f"{PREFIX}{topic}", "bindingVersion": "0.5.0"}},
    }


def _operation(topic: str, registry: Mapping[str, type[Event]]) -> dict[str, Any]:
    return {
        "action": "send",
        "title": f"Announce on {topic}",
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [
            {"$ref": f"#/channels/{topic}/messages/{name}"} for name in _travelling(topic, registry)
        ],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    key = schema_of(event)["properties"][key_of(event)]
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": description_of(event).splitlines()[0],
        "traits": [{"$ref": "#/components/messageTraits/cloudevent"}],
        "headers": {"type": "object", "properties": {"ce_type": {"const": event.type}}},
        "payload": {"$ref": f"./schemas/{event.type}.json"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": key_of(event), "pattern": key["pattern"]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _cloudevent() -> dict[str, Any]:
    """Binary mode of the CloudEvents Kafka binding: attributes are headers, the body is the event."""
    text = {"type": "string"}
    attributes = {
        "content-type": {"const": "application/json"},
        "ce_specversion": {"const": "1.0"},
        "ce_id": {**text, "format": "uuid", "description": "Drop what you have seen, by this."},
        "ce_source": {**text, "description": "The process that announces it."},
        "ce_type": {**text, "description": "The type of the event with its version."},
        "ce_subject": {**text, "description": "What it is about: case reference or agency id."},
        "ce_time": {**text, "format": "date-time", "description": "When it was recorded, UTC."},
        "ce_sequence": {**text, "pattern": "^[0-9]+$", "description": "Counts from 1 per subject and source."},
        "ce_partitionkey": {**text, "description": "The record's key."},
        "ce_traceparent": {**text, "pattern": _TRACE, "description": "W3C Trace Context."},
    }  # fmt: skip
    required = ["content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject"]
    return {
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": [*required, "ce_time", "ce_sequence", "ce_partitionkey"],
            "properties": attributes,
        },
    }
