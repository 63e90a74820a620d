"""The JSON Schema (draft 2020-12) of every event, from its class: what integrators and the gate read."""

import inspect
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from contracts.events import REGISTRY, Event
from contracts.events.base import AgencyEvent
from contracts.events.deadlines import DeadlineEvent

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A duty travels in the topic of the service that owns its record, so that order within a case holds.
DEADLINE_TOPICS = ("cases", "referrals", "reviews")


def topics_of(event: type[Event]) -> tuple[str, ...]:
    """Where it travels, without prefix."""
    return DEADLINE_TOPICS if issubclass(event, DeadlineEvent) else (event.topic,)


def key_of(event: type[Event]) -> str:
    """The field that orders it on the bus."""
    return "agency_id" if issubclass(event, AgencyEvent) else "case_ref"


def description_of(event: type[Event]) -> str:
    """Its own docstring, or the one of what it is a kind of."""
    return inspect.getdoc(event) or event.type


def schema_of(event: type[Event]) -> Schema:
    """A copy of its own for whoever asks."""
    schema: Schema = json.loads(_written(event))
    return schema


def schemas(registry: Mapping[str, type[Event]] = REGISTRY) -> dict[str, Schema]:
    """Every event's schema by its type, in order of type."""
    return {name: schema_of(registry[name]) for name in sorted(registry)}


@cache
def _written(event: type[Event]) -> str:
    schema = {
        "$schema": DIALECT,
        "$id": f"urn:throughline:event:{event.type}",
        "x-type": event.type,
        "x-topics": list(topics_of(event)),
        "x-key": key_of(event),
        **event.model_json_schema(),
        "description": description_of(event),
    }
    return json.dumps(schema)
