"""Quiet hours end when they should, in the recipient's own zone."""

from datetime import UTC, datetime

import pytest

from domain.quiet_hours import Span, night_ends, span, work_begins

BERLIN = "Europe/Berlin"
NIGHT = (21 * 60, 7 * 60)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours", "ends"),
    [
        ("2027-03-01T12:00", NIGHT, None),  # 13:00 in Berlin
        ("2027-03-01T20:00", NIGHT, "2027-03-02T06:00"),  # 21:00: until tomorrow at seven
        ("2027-03-02T05:59", NIGHT, "2027-03-02T06:00"),  # 06:59: until today at seven
        ("2027-03-02T06:00", NIGHT, None),
        ("2027-03-27T22:00", NIGHT, "2027-03-28T05:00"),  # the night in which clocks go forward
        ("2027-03-28T00:30", (0, 150), "2027-03-28T01:30"),  # until 02:30, which does not exist
        ("2027-03-01T11:30", (12 * 60, 13 * 60), "2027-03-01T12:00"),  # a quiet noon
        ("2027-03-01T13:00", (12 * 60, 13 * 60), None),
        ("2027-03-01T11:00", (12 * 60, 13 * 60), "2027-03-01T12:00"),  # noon itself is quiet
        ("2027-03-01T10:59", (12 * 60, 13 * 60), None),
        ("2027-03-01T12:00", (12 * 60, 13 * 60), None),  # one o'clock is not quiet any more
        ("2027-03-01T11:00", (12 * 60, 12 * 60), None),  # no time at all
        ("2027-03-01T21:00", (20 * 60, 24 * 60), "2027-03-01T23:00"),  # until midnight
        ("2027-03-01T19:59", NIGHT, None),
    ],
)
def test_a_quiet_time_ends(now: str, hours: tuple[int, int], ends: str | None) -> None:
    assert night_ends(at(now), BERLIN, *hours) == (at(ends) if ends else None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("mon.0900-1700", Span(0, 540, 1020)),
        ("sun.0000-2400", Span(6, 0, 1440)),
        ("mon.1700-0900", None),  # a span does not run over midnight
        ("mon.0900-0900", None),
        ("sat.0915-0916", Span(5, 555, 556)),
        ("mon.0900-2401", None),  # a day has 24 hours
        ("mon.0900-2500", None),
        ("monday", None),
    ],
)
def test_a_span_of_work_is_read(text: str, read: Span | None) -> None:
    assert span(text) == read


OFFICE = (Span(0, 540, 1020), Span(2, 540, 720))  # Monday nine to five, Wednesday nine to noon
SPLIT = (Span(0, 540, 720), Span(0, 840, 1020))  # Monday, with two hours off at noon


@pytest.mark.parametrize(
    ("now", "spans", "begins"),
    [
        ("2027-03-01T09:00", OFFICE, None),  # Monday, 10:00 in Berlin
        ("2027-03-01T08:00", OFFICE, None),  # nine sharp in Berlin is work
        ("2027-03-01T15:59", OFFICE, None),
        ("2027-03-01T16:00", OFFICE, "2027-03-03T08:00"),  # five sharp is not
        ("2027-03-01T06:00", OFFICE, "2027-03-01T08:00"),  # before work, the same day
        ("2027-03-01T12:00", SPLIT, "2027-03-01T13:00"),  # between two spans of a day
        ("2027-03-01T14:00", SPLIT, None),
        ("2027-03-01T17:00", OFFICE, "2027-03-03T08:00"),  # after work: Wednesday
        ("2027-03-03T12:00", OFFICE, "2027-03-08T08:00"),  # Wednesday afternoon: next Monday
        ("2027-03-01T17:00", OFFICE[:1], "2027-03-08T08:00"),  # the same span, a week later
        ("2027-03-01T09:00", (), None),  # hours that nobody knows keep nothing back
    ],
)
def test_work_begins(now: str, spans: tuple[Span, ...], begins: str | None) -> None:
    assert work_begins(at(now), BERLIN, spans) == (at(begins) if begins else None)


def test_ends_are_told_in_utc_itself() -> None:
    """Not in whatever zone the machine stands in."""
    evening = at("2027-03-01T22:00")
    for end in (night_ends(evening, BERLIN, *NIGHT), work_begins(evening, BERLIN, OFFICE)):
        assert end is not None
        assert end.tzinfo is UTC
