"""What is said of a duty, and when: opened, reminded, missed, escalated; each moment once, the highest alone.

Source: design.md, Deadlines; practice.md, section 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.deadlines import DUE, OPENED, Deadline, Moment
from domain.vocabulary import DeadlineState, Role


class AnnouncementKind(StrEnum):
    """What is announced on the bus when a moment has come."""

    OPENED = "opened"
    REMINDED = "reminded"
    MISSED = "missed"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Announcement:
    """The one thing to say now, and the moments it makes needless. `kind` None: nothing to say."""

    kind: AnnouncementKind | None
    moment: str
    rung: int
    tell: tuple[Role, ...]
    skipped: tuple[str, ...]


def announcement(
    deadline: Deadline, announced: Iterable[str], now: datetime
) -> Announcement | None:
    """What the owner says at `now`: the highest moment due, once; None when there is nothing new.

    A deadline that is met or cancelled says nothing. After an outage only the highest rung is sent.
    Whoever acknowledges stops the rungs above the breach, never the word that it was missed.
    """
    if deadline.state is not DeadlineState.OPEN:
        return None
    said = set(announced)
    reached = [item for item in deadline.moments if item.at <= now and item.name not in said]
    if not reached:
        return None
    last = _loudest(deadline, reached)
    skipped = tuple(item.name for item in reached if item is not last)
    rung = _rung(last.name)
    if rung is None:
        kind = AnnouncementKind.OPENED if last.name == OPENED else AnnouncementKind.REMINDED
        return Announcement(kind, last.name, 0, (deadline.responsible.role,), skipped)
    tell = (last.role,) if last.role else ()
    if DUE not in said:
        told = tuple(dict.fromkeys((deadline.responsible.role, *tell)))
        return Announcement(AnnouncementKind.MISSED, last.name, rung, told, skipped)
    if deadline.acknowledged_by is not None:
        return Announcement(None, last.name, rung, (), skipped)
    return Announcement(AnnouncementKind.ESCALATED, last.name, rung, tell, skipped)


def _loudest(deadline: Deadline, reached: Sequence[Moment]) -> Moment:
    """The last moment reached; once acknowledged, no rung beyond the breach if that is still unsaid."""
    if deadline.acknowledged_by is not None:
        return next((item for item in reached if item.name == DUE), reached[-1])
    return reached[-1]


def _rung(name: str) -> int | None:
    if name == DUE:
        return 0
    return int(name.removeprefix("rung-")) if name.startswith("rung-") else None
