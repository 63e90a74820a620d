"""What the bridge tells a workflow: events of the bus, each with its own id so that it counts once."""

from typing import Any

from pydantic.dataclasses import dataclass

from contracts.events import REGISTRY, Event

# Redelivery reaches back by minutes, a case's events by years: this many ids outlast any redelivery.
REMEMBERED = 500


@dataclass(frozen=True)
class FactSignal:
    """One event; `event` is its contract's JSON, so that a workflow reads the promise itself."""

    event_id: str
    type: str
    event: dict[str, Any]
    traceparent: str | None = None

    def read(self) -> Event:
        """The event as its contract has it; raises KeyError or ValidationError."""
        return REGISTRY[self.type].model_validate(self.event)


@dataclass(frozen=True)
class Facts:
    """The one argument of the signal `facts`: in the order of the bus."""

    facts: tuple[FactSignal, ...]


def remember(handled: list[str], event_id: str) -> bool:
    """Whether the event is new; the oldest ids are forgotten beyond REMEMBERED."""
    if event_id in handled:
        return False
    handled.append(event_id)
    del handled[:-REMEMBERED]
    return True
