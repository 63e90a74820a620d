"""When a length of time ends, over changes of the clocks, month ends, leap days and days off."""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendars import (
    WorkCalendar,
    add_days,
    add_elapsed,
    add_months,
    add_working_days,
)
from domain.errors import Malformed

BERLIN, KAMPALA, APIA = "Europe/Berlin", "Africa/Kampala", "Pacific/Apia"
# Half-hour changes, changes at midnight, no changes, both hemispheres, both ends of the day.
ZONES = (
    "Africa/Cairo", KAMPALA, "America/Sao_Paulo", "America/St_Johns", "America/New_York", "Asia/Kathmandu",
    "Asia/Gaza", "Asia/Beirut", "Australia/Lord_Howe", BERLIN, "Europe/Dublin", "Pacific/Chatham",
    "Pacific/Kiritimati", APIA, "America/Havana", "UTC",
)  # fmt: skip
WEEKEND = frozenset({5, 6})


def local(text: str, zone: str = BERLIN, fold: int = 0) -> datetime:
    """What the wall clock shows in a zone, as an instant in UTC."""
    shown = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return shown.astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T09:00", 1, "2026-03-03T09:00"),
        ("2026-03-28T09:00", 1, "2026-03-29T09:00"),  # the night loses an hour
        ("2026-10-24T09:00", 1, "2026-10-25T09:00"),  # the night gains an hour
        ("2026-03-28T02:30", 1, "2026-03-29T03:30"),  # skipped: just as late after the change
        ("2026-10-24T02:30", 1, "2026-10-25T02:30"),  # comes twice: the first
        ("2024-02-28T09:00", 1, "2024-02-29T09:00"),  # leap day
        ("2026-02-28T09:00", 1, "2026-03-01T09:00"),
        ("2026-12-31T23:59", 1, "2027-01-01T23:59"),
        ("2026-03-30T09:00", -2, "2026-03-28T09:00"),  # backwards, over a change
    ],
)
def test_day_keeps_the_time_of_day(start: str, days: int, end: str) -> None:
    assert add_days(local(start), days, BERLIN) == local(end)


def test_elapsed_time_takes_no_notice_of_the_clocks() -> None:
    start = local("2026-03-28T09:00")
    assert add_elapsed(start, timedelta(hours=24)) == local("2026-03-29T10:00")


def test_day_that_a_zone_left_out_becomes_the_next() -> None:
    # Samoa went from 29 to 31 December 2011.
    assert add_days(local("2011-12-29T09:00", APIA), 1, APIA) == local("2011-12-31T09:00", APIA)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-03-02T09:00", 3, "2026-06-02T09:00"),
        ("2026-11-30T09:00", 3, "2027-02-28T09:00"),  # a day that the month lacks
        ("2023-11-30T09:00", 3, "2024-02-29T09:00"),  # leap year
        ("2024-02-29T09:00", 12, "2025-02-28T09:00"),
        ("2024-02-29T09:00", 48, "2028-02-29T09:00"),
        ("2026-01-31T09:00", 1, "2026-02-28T09:00"),
        ("2026-12-15T09:00", 1, "2027-01-15T09:00"),  # over the year
        ("2026-01-15T09:00", 11, "2026-12-15T09:00"),  # December is no 13th month
        ("2026-07-25T02:30", 3, "2026-10-25T02:30"),  # comes twice: the first
        ("2026-01-29T02:30", 2, "2026-03-29T03:30"),  # skipped
        ("2026-05-31T09:00", -3, "2026-02-28T09:00"),  # backwards
    ],
)
def test_month_keeps_the_day_or_takes_the_last(start: str, months: int, end: str) -> None:
    assert add_months(local(start), months, BERLIN) == local(end)


def test_start_in_an_hour_that_comes_twice_does_not_choose_the_side_of_a_later_change() -> None:
    second = local("2019-10-27T02:30", fold=1)
    assert add_months(second, 29, BERLIN) == local("2022-03-27T03:30")  # skipped there
    assert add_months(second, 12, BERLIN) == local("2020-10-27T02:30")


def test_length_of_nothing_ends_where_it_starts_even_in_an_hour_that_comes_twice() -> None:
    second = local("2026-10-25T02:30", fold=1)
    work = WorkCalendar(BERLIN, WEEKEND, frozenset(), "test")
    assert add_days(second, 0, BERLIN) == second
    assert add_months(second, 0, BERLIN) == second
    assert add_working_days(second, 0, work) == second


@pytest.mark.parametrize("count", [0, 1])
def test_end_is_told_in_utc_itself(count: int) -> None:
    """Not in whatever zone the machine stands in."""
    start = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo(KAMPALA))
    work = WorkCalendar(BERLIN, WEEKEND, frozenset(), "test")
    ends = (
        add_elapsed(start, timedelta(hours=count)),
        add_days(start, count, BERLIN),
        add_months(start, count, BERLIN),
        add_working_days(start, count, work),
    )
    assert all(each.tzinfo is UTC for each in ends)


def test_zone_of_the_start_does_not_matter_and_the_end_is_utc() -> None:
    start = local("2026-10-24T02:30")
    elsewhere = start.astimezone(timezone(timedelta(hours=-11)))
    work = WorkCalendar(BERLIN, WEEKEND, frozenset(), "test")
    for end, same in (
        (add_days(elsewhere, 1, BERLIN), add_days(start, 1, BERLIN)),
        (add_days(elsewhere, 0, BERLIN), start),
        (add_months(elsewhere, 1, BERLIN), add_months(start, 1, BERLIN)),
        (add_working_days(elsewhere, 1, work), add_working_days(start, 1, work)),
        (add_elapsed(elsewhere, timedelta(0)), start),
    ):
        assert (end, end.tzinfo) == (same, UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T09:00", 1, "2026-03-03T09:00"),  # Monday to Tuesday
        ("2026-03-06T09:00", 1, "2026-03-09T09:00"),  # Friday to Monday
        ("2026-03-07T09:00", 1, "2026-03-09T09:00"),  # Saturday: Monday is the first working day
        ("2026-03-06T23:00", 5, "2026-03-13T23:00"),  # a whole week
        ("2026-03-27T09:00", 1, "2026-03-30T09:00"),  # over a change of the clocks
        ("2026-12-23T09:00", 2, "2026-12-28T09:00"),  # 25 December is a holiday
    ],
)
def test_working_days_are_counted_after_the_day_of_the_start(
    start: str, days: int, end: str
) -> None:
    work = WorkCalendar(BERLIN, WEEKEND, frozenset({date(2026, 12, 25)}), "test")
    assert add_working_days(local(start), days, work) == local(end)


def test_weekend_is_the_agencys() -> None:
    cairo = WorkCalendar("Africa/Cairo", frozenset({4, 5}), frozenset(), "test")
    thursday = local("2026-03-05T09:00", "Africa/Cairo")
    assert add_working_days(thursday, 1, cairo) == local("2026-03-08T09:00", "Africa/Cairo")


def test_day_is_the_agencys_and_not_that_of_utc() -> None:
    sunday_in_utc = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)  # Monday 13:00 on Kiritimati
    work = WorkCalendar("Pacific/Kiritimati", WEEKEND, frozenset(), "test")
    assert add_working_days(sunday_in_utc, 1, work) == sunday_in_utc + timedelta(days=1)


def test_week_without_a_working_day_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        WorkCalendar(BERLIN, frozenset(range(7)), frozenset(), "test")
    assert (refused.value.detail, refused.value.field) == ("A week needs a working day.", "weekend")
    WorkCalendar(BERLIN, frozenset(range(6)), frozenset(), "test")


STARTS = st.integers(0, 50 * 365 * 86_400).map(
    lambda seconds: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ZONE_NAMES = st.sampled_from(ZONES)


@cache
def changes(zone: str, year: int) -> tuple[datetime, ...]:
    """Every hour of a year (UTC) in which the zone's clocks change."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    offsets = [
        (first + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset()
        for hour in range(366 * 24)
    ]
    found = [hour for hour, (one, next_) in enumerate(pairwise(offsets)) if one != next_]
    return tuple(first + timedelta(hours=hour) for hour in found)


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[datetime, int, str]:
    """A start, days and a zone so that the end is within hours of a change of the clocks."""
    zone, year = draw(ZONE_NAMES), draw(st.integers(1995, 2035))
    around = draw(st.sampled_from(changes(zone, year) or (datetime(year, 6, 1, tzinfo=UTC),)))
    days = draw(st.integers(1, 200))
    return around - timedelta(days=days, minutes=draw(st.integers(-240, 240))), days, zone


def shown(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def first_showing(wanted: datetime, zone: str) -> datetime:
    """The oracle: of all instants around, by offsets that a zone has had near, the first that shows `wanted`.

    When none does, the clock jumped over it: as late after the jump as `wanted` was after where it began.
    """
    around = wanted.replace(tzinfo=UTC)
    offsets = {
        (around + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        for hour in range(-50, 51)
    }
    candidates = sorted(around - offset for offset in offsets)
    exact = [each for each in candidates if shown(each, zone) == wanted]
    return exact[0] if exact else max(candidates)


@given(near_a_change() | st.tuples(STARTS, st.integers(1, 800), ZONE_NAMES))
def test_days_agree_with_counting_them_one_by_one(span: tuple[datetime, int, str]) -> None:
    start, days, zone = span
    day = shown(start, zone)
    for _ in range(days):
        day += timedelta(days=1)
    assert add_days(start, days, zone) == first_showing(day, zone)


@given(STARTS, st.integers(1, 60), ZONE_NAMES)
def test_months_agree_with_walking_the_calendar(start: datetime, months: int, zone: str) -> None:
    begun = shown(start, zone)
    day, passed = begun.date(), 0
    while passed < months:  # to the first of the month that many months on
        following = day + timedelta(days=1)
        passed += following.month != day.month
        day = following
    while day.day < begun.day and (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    assert add_months(start, months, zone) == first_showing(
        datetime.combine(day, begun.time()), zone
    )


@given(
    STARTS,
    st.integers(1, 40),
    ZONE_NAMES,
    st.frozensets(st.integers(0, 6), max_size=6),
    st.frozensets(st.integers(1, 90), max_size=20),
)
def test_working_days_agree_with_counting_them_one_by_one(
    start: datetime, days: int, zone: str, weekend: frozenset[int], off: frozenset[int]
) -> None:
    begun = shown(start, zone)
    holidays = frozenset(begun.date() + timedelta(days=each) for each in off)
    day, counted = begun, 0
    while counted < days:
        day += timedelta(days=1)
        if day.weekday() not in weekend and day.date() not in holidays:
            counted += 1
    work = WorkCalendar(zone, weekend, holidays, "test")
    end = add_working_days(start, days, work)
    assert end == first_showing(day, zone)


@given(STARTS, st.integers(1, 400), ZONE_NAMES)
def test_more_time_is_never_less(start: datetime, days: int, zone: str) -> None:
    assert start < add_days(start, days, zone) < add_days(start, days + 2, zone)
    assert start < add_months(start, days, zone) < add_months(start, days + 2, zone)
