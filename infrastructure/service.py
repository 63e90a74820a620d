"""What a service is made of: its pages, what it listens to, its tables, what runs beside them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from sqlalchemy import MetaData

from contracts.events.base import Event
from infrastructure.bus import Bus
from infrastructure.clock import Clock
from infrastructure.db import Database
from infrastructure.deadline_requests import CustodyOf
from infrastructure.settings import Settings
from infrastructure.unit_of_work import ChangesOf, UnitOfWork

# Any: a handler names the one type of event it takes, and the mapping pairs it with that type.
Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a running service hands to its background tasks."""

    settings: Settings
    db: Database
    bus: Bus
    clock: Clock


Background = Callable[[Parts], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Service:
    """`topics` are those it consumes, without prefix; a background task runs until it is cancelled."""

    name: str
    title: str
    description: str
    metadata: MetaData
    routers: Sequence[APIRouter] = ()
    topics: Sequence[str] = ()
    handlers: Mapping[type[Event], Handler] = field(default_factory=dict)
    background: Sequence[Background] = ()
    custody_of: CustodyOf | None = None  # whose case a deadline is on; for owners of deadlines
    changes_of: ChangesOf | None = None  # counted in a version, where not every change is announced
