"""What a delivery is asked to do, and how it can end."""

from enum import StrEnum

from pydantic.dataclasses import dataclass


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


NOT_WANTED = "DeliveryNotWanted"
NOT_DONE = "DeliveryNotDone"
