"""Opening hours from HSDS schedules: what recurs every week at a local time is kept, and nothing is guessed."""

import re
from collections.abc import Iterable

from domain import hsds_words as words
from domain.errors import Malformed
from domain.hsds_fields import NOT_KEPT, Fields
from domain.working_hours import DAYS, clock_time, week

# A schedule with one of these is not simply weekly, or has ended, or follows another zone's clock.
_NARROWER = (
    "bymonthday",
    "byweekno",
    "byyearday",
    "count",
    "until",
    "valid_to",
    "valid_from",
    "dtstart",
)
_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)(?::00)?$|^(24):(00)(?::00)?$")
_EXAMPLE = ("09:00", "17:30")


def opening(service: Fields) -> tuple[str, ...] | None:
    """Spans of the week, or None when the document says nothing that can be kept."""
    found: set[str] = set()
    for schedule in service.objects("schedules"):
        found.update(_spans(schedule))
        service.take_over(schedule)
    if not found:
        return () if service.value("schedules") == [] else None
    try:
        return week(found)
    except Malformed:
        service.remark("schedules", "The hours overlap.")
        return None


def _spans(schedule: Fields) -> Iterable[str]:
    narrower = [name for name in _NARROWER if schedule.value(name) is not None]
    schedule.pass_over("id", "service_id", "location_id", "service_at_location_id", "wkst")
    notes = schedule.value("notes")
    if notes and not str(notes).startswith(words.LOCAL_TIME):
        schedule.remark("notes", NOT_KEPT)
    if narrower:
        schedule.leave(narrower[0], "The schedule is not simply weekly; it was left out.")
        return ()
    if schedule.value("freq") != "WEEKLY" or schedule.value("interval") not in (None, 1):
        schedule.leave("freq", "The schedule is not weekly; it was left out.", ("WEEKLY",))
        return ()
    if schedule.value("timezone") is not None:
        schedule.leave("timezone", "Only hours in local time are kept.", ("no timezone",))
        return ()
    return _daily(schedule)


def _daily(schedule: Fields) -> Iterable[str]:
    days = [each.strip() for each in str(schedule.value("byday")).split(",")]
    if not set(days) <= set(words.WEEKDAYS):
        schedule.leave("byday", "Not days of the week.", words.WEEKDAYS)
        return ()
    opens, closes = _minutes(schedule, "opens_at"), _minutes(schedule, "closes_at")
    if opens is None or closes is None or closes <= opens:
        schedule.leave(
            "closes_at", "Opening hours are two local times, the later one last.", _EXAMPLE
        )
        return ()
    times = f"{clock_time(opens)}-{clock_time(closes)}"
    return [f"{DAYS[words.WEEKDAYS.index(day)]}.{times}" for day in days]


def _minutes(schedule: Fields, name: str) -> int | None:
    found = _TIME.match(str(schedule.value(name)))
    if found is None:
        return None
    hour, minute = (int(each) for each in found.groups() if each is not None)
    return hour * 60 + minute
