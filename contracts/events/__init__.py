"""Every event on the bus, by its type; one module for each owner."""

from contracts.events import (
    agencies,
    cases,
    deadlines,
    notifications,
    referrals,
    reviews,
    timekeeping,
)
from contracts.events.base import Event

_MODULES = (agencies, cases, deadlines, notifications, referrals, reviews, timekeeping)

REGISTRY: dict[str, type[Event]] = {
    event.type: event
    for module in _MODULES
    for event in vars(module).values()
    if isinstance(event, type) and issubclass(event, Event) and event.type
}
TOPICS = ("agencies", "cases", "notifications", "referrals", "reviews", "timekeeping")

__all__ = ["REGISTRY", "TOPICS", "Event"]
