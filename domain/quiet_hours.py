"""When somebody is not to be disturbed, and when that ends.

Hours are those of the recipient's own clock; a night that spans midnight is one quiet time, and where the clock
is put forward a quiet time ends at the first instant that exists.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"^(mon|tue|wed|thu|fri|sat|sun)\.([0-2][0-9])([0-5][0-9])-([0-2][0-9])([0-5][0-9])$"
)
_HOUR = 60
_DAY = 24 * _HOUR
_WEEK = len(_DAYS)


class Quiet(StrEnum):
    """Which hours are quiet."""

    NEVER = "never"
    HOURS = "hours"  # the same every day
    OUTSIDE_WORKING_HOURS = "outside-working-hours"


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of work on one day of the week (Monday 0), in minutes of the day."""

    weekday: int
    begins: int
    ends: int


def span(text: str) -> Span | None:
    """`mon.0900-1700`; None for what cannot be read as such."""
    found = _SPAN.match(text)
    if found is None:
        return None
    begins, ends = (int(found[at]) * _HOUR + int(found[at + 1]) for at in (2, 4))
    return Span(_DAYS.index(found[1]), begins, ends) if begins < ends <= _DAY else None


def night_ends(now: datetime, zone: str, quiet_from: int, quiet_until: int) -> datetime | None:
    """The instant (UTC) at which a quiet time that `now` lies in ends; None when it is not quiet."""
    local = now.astimezone(ZoneInfo(zone))
    minute = _minute_of(local)
    if quiet_from <= quiet_until:
        is_quiet, tomorrow = quiet_from <= minute < quiet_until, False
    else:
        is_quiet, tomorrow = minute >= quiet_from or minute < quiet_until, minute >= quiet_from
    return _at(local.date(), int(tomorrow), quiet_until, zone) if is_quiet else None


def work_begins(now: datetime, zone: str, spans: tuple[Span, ...]) -> datetime | None:
    """The instant (UTC) of the next hour of work; None when it is working time, or no hours are known."""
    local = now.astimezone(ZoneInfo(zone))
    minute, weekday = _minute_of(local), local.weekday()
    coming = []
    for each in spans:
        days = (each.weekday - weekday) % _WEEK
        if days == 0 and each.begins <= minute:
            if minute < each.ends:
                return None
            days = _WEEK
        coming.append((days, each.begins))
    if not coming:
        return None
    days, begins = min(coming)
    return _at(local.date(), days, begins, zone)


def _minute_of(local: datetime) -> int:
    return local.hour * _HOUR + local.minute


def _at(day: date, later: int, minute: int, zone: str) -> datetime:
    there = date.fromordinal(day.toordinal() + later + minute // _DAY)
    begins = datetime.combine(there, time(), tzinfo=ZoneInfo(zone))
    wall = begins + timedelta(minutes=minute % _DAY)  # of the wall clock: zones add naively
    return wall.astimezone(UTC)
