"""What is recorded has happened, what is agreed is still to come, and what must be told is told in words.

Source: practice.md, section 1 (reasons documented, follow-ups recorded, target dates).
"""

from datetime import datetime

from domain.errors import Malformed


class OccurredInFuture(Malformed):
    """What is recorded must have happened: this date lies in the future."""

    code = "occurred-in-future"


class DueInPast(Malformed):
    """What is agreed must be still to come: this date lies in the past."""

    code = "due-in-past"


class BeforeRegistration(Malformed):
    """What is recorded of a case happened after the child was registered."""

    code = "before-registration"


def demand_past(at: datetime, now: datetime, field: str) -> None:
    """Raises OccurredInFuture."""
    if at > now:
        raise OccurredInFuture(field=field)


def demand_future(at: datetime, now: datetime, field: str) -> None:
    """Raises DueInPast."""
    if at <= now:
        raise DueInPast(field=field)


def demand_since(at: datetime, registered_at: datetime | None, field: str) -> None:
    """Raises BeforeRegistration."""
    if registered_at is not None and at < registered_at:
        raise BeforeRegistration(field=field)
