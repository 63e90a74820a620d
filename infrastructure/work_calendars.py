"""Working days from a zone, a weekend and public holidays; computed once and named by their release."""

from datetime import date
from functools import lru_cache
from importlib.metadata import version
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendars import WorkCalendar
from domain.errors import Malformed

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Every year a deadline could fall in; a fixed span, so that the calendar depends on no clock.
_YEARS = range(2015, 2051)


@lru_cache(maxsize=32)
def work_calendar(
    zone: str, weekend: tuple[str, ...], holidays: str, closed: tuple[str, ...] = ()
) -> WorkCalendar:
    """Raises Malformed, naming the field, for a zone, country or day that is not known."""
    days_off = frozenset(_DAYS.index(day) for day in weekend)
    if len(days_off) == len(_DAYS):
        raise Malformed("somebody has to work some day", field="weekend")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed(
            f"{zone!r} is not an IANA time zone, such as Africa/Kampala", field="zone"
        ) from None
    named = "" if holidays == "none" else f" {holidays} holidays-{version('holidays')}"
    return WorkCalendar(
        zone=zone,
        weekend=days_off,
        holidays=_public(holidays) | _given(closed),
        version=f"tzdata-{version('tzdata')}{named}",
    )


def _public(place: str) -> frozenset[date]:
    if place == "none":
        return frozenset()
    # Imported here: most packs name no country, and its tables need 10 MB.
    from holidays import country_holidays

    country, _, part = place.partition("-")
    try:
        found = country_holidays(country, subdiv=part or None, years=_YEARS)
    except (NotImplementedError, KeyError):
        raise Malformed(
            f"{place!r} is neither `none` nor a country, such as DE or DE-BE", field="holidays"
        ) from None
    return frozenset(cast("list[date]", list(found)))


def _given(closed: tuple[str, ...]) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(day) for day in closed)
    except ValueError:
        raise Malformed("a day is written as 2026-12-24", field="closed") from None
