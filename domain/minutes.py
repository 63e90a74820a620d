"""What is put on the record of a meeting, whatever its kind: when, who came, the child's part, what was decided.

Source: practice.md, steps 5 and 6.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Decision, demand_dates
from domain.errors import Malformed
from domain.participation import Participation, demand_childs_part


class HeldInFuture(Malformed):
    """A meeting cannot have been held in the future."""

    code = "held-in-future"


class MeetingInPast(Malformed):
    """A meeting is set for a moment that is still to come."""

    code = "meeting-in-past"


@dataclass(frozen=True, slots=True)
class Minutes:
    """`why_not` says why the child took no part; `attended` None: not said who of the staff was there."""

    held_at: datetime
    child_took_part: bool
    why_not: str | None
    minutes: str
    decisions: tuple[Decision, ...] = ()
    participation: Participation | None = None
    attended: tuple[str, ...] | None = None


def demand_sound(recorded: Minutes, since: datetime, now: datetime, zone: str) -> None:
    """`since`: when it was scheduled or called (UTC). Raises Malformed with the field that lacks something."""
    if recorded.held_at > now:
        raise HeldInFuture(field="held_at")
    if recorded.held_at < since:
        raise Malformed("A meeting is held after it was called.", field="held_at")
    demand_childs_part(recorded.child_took_part, recorded.participation, recorded.why_not)
    demand_dates(recorded.decisions, recorded.held_at, zone)


def demand_ahead(meeting_at: datetime, now: datetime) -> None:
    """Raises MeetingInPast."""
    if meeting_at <= now:
        raise MeetingInPast(field="meeting_at")
