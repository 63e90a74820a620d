"""Working days from a zone, a weekend and public holidays, named by the release they were computed by.

What `python -m infrastructure.work_calendars GB-ENG` prints is committed for the country of a shipped pack.
"""

import json
import re
import sys
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendars import WorkCalendar
from domain.errors import Malformed

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Every year a deadline could fall in; a fixed span, so that the calendar depends on no clock.
_YEARS = range(2015, 2051)
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


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
    public, release = _public(holidays)
    named = f" {holidays} {release}" if release else ""
    return WorkCalendar(
        zone=zone,
        weekend=days_off,
        holidays=public | _given(closed),
        version=f"tzdata-{version('tzdata')}{named}",
    )


def frozen(place: str) -> str:
    """The public holidays of a place as they are committed, with the release they were computed by."""
    table = country_table(place)
    content = {
        "place": place,
        "release": f"holidays-{version('holidays')}",
        "years": f"{_YEARS[0]}-{_YEARS[-1]}",
        "days": {day.isoformat(): table[day] for day in sorted(table)},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _public(place: str) -> tuple[frozenset[date], str]:
    """A committed table stands as it is; any other country's is computed by the release installed."""
    if place == "none":
        return frozenset(), ""
    table = files("contracts.policies") / "holidays" / f"{place}.json"
    if _PLACE.fullmatch(place) and table.is_file():
        content: dict[str, Any] = json.loads(table.read_text("utf-8"))
        return _given(tuple(content["days"])), content["release"]
    return frozenset(country_table(place)), f"holidays-{version('holidays')}"


def country_table(place: str) -> dict[date, str]:
    """Every public holiday by its day; raises Malformed for a place that is not known."""
    # Imported here: its tables need a second and 40 MB, and most packs name no country or a committed table.
    from holidays import country_holidays

    country, _, part = place.partition("-")
    try:
        found = country_holidays(country, subdiv=part or None, years=_YEARS)
    except (NotImplementedError, KeyError):
        raise Malformed(
            f"{place!r} is neither `none` nor a country, such as DE or DE-BE", field="holidays"
        ) from None
    return cast("dict[date, str]", dict(found))


def _given(closed: tuple[str, ...]) -> frozenset[date]:
    try:
        return frozenset(date.fromisoformat(day) for day in closed)
    except ValueError:
        raise Malformed("a day is written as 2026-12-24", field="closed") from None


if __name__ == "__main__":
    sys.stdout.write(frozen(sys.argv[1]))
