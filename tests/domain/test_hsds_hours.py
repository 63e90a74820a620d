"""Opening hours of a foreign schedule: what is kept, and what is told of the rest, word by word."""

from typing import Any

import pytest

from domain.hsds_fields import NOT_KEPT, Fields, Remark
from domain.hsds_hours import opening
from domain.working_hours import DAYS

OPEN: dict[str, Any] = {
    "id": "1",
    "service_id": "2",
    "location_id": "3",
    "service_at_location_id": "4",
    "wkst": "MO",
    "freq": "WEEKLY",
    "interval": 1,
    "byday": "MO, FR",
    "opens_at": "09:05",
    "closes_at": "17:30:00",
    "notes": "Local time, Africa/Kampala",
}
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KEPT = ("mon.0905-1730", "fri.0905-1730")


def hours(*schedules: Any) -> tuple[tuple[str, ...] | None, tuple[Remark, ...]]:
    service = Fields("$", {"schedules": list(schedules)})
    return opening(service), service.all_remarks()


def test_a_weekly_schedule_is_kept_and_its_own_ids_are_no_loss() -> None:
    assert hours(OPEN) == (KEPT, ())
    assert hours({**OPEN, "closes_at": "24:00"})[0] == ("mon.0905-2400", "fri.0905-2400")
    daily = hours({**OPEN, "byday": ",".join(WEEK)})
    assert daily == (tuple(f"{day}.0905-1730" for day in DAYS), ())


def test_no_hours_are_said_or_that_there_are_none() -> None:
    assert opening(Fields("$", {})) is None
    assert hours() == ((), ())


NOT_WEEKLY = "The schedule is not weekly; it was left out."
NARROWER = "The schedule is not simply weekly; it was left out."
TWO_TIMES = "Opening hours are two local times, the later one last."
LEFT: list[tuple[dict[str, Any], str, str, tuple[str, ...]]] = [
    # what is different, the field, why, what is allowed
    *(
        ({name: "1"}, name, NARROWER, ())
        for name in (
            "bymonthday", "byweekno", "byyearday", "count", "until", "valid_to", "valid_from",
            "dtstart",
        )
    ),
    ({"until": "x", "valid_to": "x", "notes": "Ring"}, "until", NARROWER, ()),  # told once
    ({"freq": "MONTHLY"}, "freq", NOT_WEEKLY, ("WEEKLY",)),
    ({"freq": None}, "freq", NOT_WEEKLY, ("WEEKLY",)),
    ({"interval": 2}, "freq", NOT_WEEKLY, ("WEEKLY",)),
    ({"timezone": 3}, "timezone", "Only hours in local time are kept.", ("no timezone",)),
    ({"byday": "1MO"}, "byday", "Not days of the week.", WEEK),
    ({"byday": None}, "byday", "Not days of the week.", WEEK),
    ({"byday": "MO FR"}, "byday", "Not days of the week.", WEEK),
    ({"opens_at": None}, "closes_at", TWO_TIMES, ("09:00", "17:30")),
    ({"closes_at": None}, "closes_at", TWO_TIMES, ("09:00", "17:30")),
    ({"closes_at": "09:05"}, "closes_at", TWO_TIMES, ("09:00", "17:30")),
    ({"closes_at": "17:30Z"}, "closes_at", TWO_TIMES, ("09:00", "17:30")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "name", "why", "allowed"), LEFT)
def test_a_schedule_that_is_not_kept_says_why_once(
    said: dict[str, Any], name: str, why: str, allowed: tuple[str, ...]
) -> None:
    told = (Remark(f"$.schedules[1].{name}", why, allowed),)
    assert hours(OPEN, {**OPEN, **said}) == (KEPT, told)


def test_what_else_a_schedule_says_is_told_and_the_hours_are_kept() -> None:
    said = {**OPEN, "notes": "Ring first", "description": "Every week"}
    assert hours(said) == (
        KEPT,
        (
            Remark("$.schedules[0].notes", NOT_KEPT),
            Remark("$.schedules[0].description", NOT_KEPT),
        ),
    )


def test_hours_that_overlap_are_left_out_together() -> None:
    told = (Remark("$.schedules", "The hours overlap."),)
    assert hours(OPEN, {**OPEN, "opens_at": "12:00"}) == (None, told)
