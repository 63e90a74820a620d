"""What a delivery or a mailbox is asked to do, and how it can end."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from pydantic.dataclasses import dataclass

from workflows.journey import Terms


@dataclass(frozen=True)
class DeliveryOrder:
    """Only ids: who is written to, where and what stays with the notifications service."""

    notification_id: str
    case_ref: str
    traceparent: str | None = None


class Outcome(StrEnum):
    DELIVERED = "delivered"
    NOT_WANTED = "not-wanted"  # already sent, given up or withdrawn
    GIVEN_UP = "given-up"


@dataclass(frozen=True)
class Order:
    """One notification that waits in a mailbox; `not_before` is an instant of the case."""

    notification_id: str
    traceparent: str | None = None
    not_before: datetime | None = None


@dataclass(frozen=True)
class Orders:
    """The one argument of the signal `take`: in the order of the bus."""

    orders: tuple[Order, ...]


@dataclass
class MailboxState:
    """All a mailbox knows: its input, and what it hands on afresh."""

    key: str
    terms: Terms = field(default_factory=Terms)
    orders: list[Order] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """`insist`: it counts as failed while anything still waits, so that the server tries it again."""

    notification_ids: tuple[str, ...]
    traceparent: str | None = None
    insist: bool = False


@dataclass(frozen=True)
class Attempted:
    """What is not done yet: `waiting` for a server, `held` until an instant of the case."""

    waiting: tuple[str, ...] = ()
    held: dict[str, datetime] = field(default_factory=dict)


NOT_WANTED = "DeliveryNotWanted"
NOT_DONE = "DeliveryNotDone"
