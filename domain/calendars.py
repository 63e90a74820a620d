"""When a length of time ends: elapsed, by the calendar, or in working days, in an agency's time zone.

All instants are aware and in UTC; local arithmetic keeps the wall clock's time of day across changes to
and from daylight-saving time. A time of day that a change skips becomes the moment just as late after it;
one that a change brings twice is the first. A length of nothing ends where it starts.
Source: practice.md, section 4.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Malformed

DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days an agency works; `holidays` is frozen with the release it was computed from."""

    zone: str
    weekend: frozenset[int]  # Monday is 0
    holidays: frozenset[date]
    version: str

    def __post_init__(self) -> None:
        """Raises Malformed: an agency that never works would never owe anything."""
        if len(self.weekend) >= DAYS_OF_WEEK:
            raise Malformed("A week needs a working day.", field="weekend")

    def is_working_day(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays


def add_elapsed(start: datetime, length: timedelta) -> datetime:
    return start.astimezone(UTC) + length


def add_days(start: datetime, days: int, zone: str) -> datetime:
    """The same time of day, `days` calendar days on (or back, when negative)."""
    if days == 0:
        return start.astimezone(UTC)
    return (_local(start, zone) + timedelta(days=days)).astimezone(UTC)


def add_months(start: datetime, months: int, zone: str) -> datetime:
    """The same day of the month and time of day; a day the month lacks becomes its last."""
    if months == 0:
        return start.astimezone(UTC)
    local = _local(start, zone)
    index = local.year * 12 + local.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    moved = local.replace(year=year, month=month + 1, day=min(local.day, last))
    return moved.astimezone(UTC)


def add_working_days(start: datetime, days: int, work: WorkCalendar) -> datetime:
    """The same time of day on the `days`-th working day after the day of `start`."""
    if days == 0:
        return start.astimezone(UTC)
    local = _local(start, work.zone)
    left = days
    while left > 0:
        local += timedelta(days=1)
        left -= work.is_working_day(local.date())
    return local.astimezone(UTC)


def _local(start: datetime, zone: str) -> datetime:
    """What the wall clock shows there; `fold` is dropped, or it would choose the side of a later change."""
    return start.astimezone(ZoneInfo(zone)).replace(fold=0)
