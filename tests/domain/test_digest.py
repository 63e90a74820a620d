"""A digest comes when there is something to say, and ever more rarely when nothing changes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from domain.digest import SPACING, Backlog, LastDigest, spacing

TODAY = date(2027, 3, 10)


def last(days_ago: int, overdue: int = 1, spaced: int = 1) -> LastDigest:
    return LastDigest(TODAY - timedelta(days=days_ago), overdue, spaced)


@pytest.mark.parametrize(
    ("backlog", "before", "due"),
    [
        (Backlog(0, 0, 0), None, None),  # nothing to take up
        (Backlog(2, 5, 1), last(1), 1),  # something new
        (Backlog(1, 5, 1), last(1), 1),  # a single thing is something
        (Backlog(2, 5, 1), last(0), None),  # but one a day at most
        (Backlog(0, 5, 1), None, 1),  # the first one
        (Backlog(0, 5, 2), last(1), 1),  # more is overdue than last time
        (Backlog(0, 5, 1), last(1), None),  # unchanged: not every morning
        (Backlog(0, 5, 1), last(2), 2),
        (Backlog(0, 5, 1), last(3, spaced=2), None),
        (Backlog(0, 5, 1), last(4, spaced=2), 4),
        (Backlog(0, 5, 1), last(28, spaced=28), 28),  # the longest pause stays
        (Backlog(0, 5, 1), last(27, spaced=28), None),
    ],
)
def test_when_a_digest_is_due(backlog: Backlog, before: LastDigest | None, due: int | None) -> None:
    assert spacing(backlog, before, TODAY) == due


def test_a_backlog_that_nobody_touches_is_told_some_ten_times_in_half_a_year() -> None:
    told: list[date] = []
    before = None
    for day in range(182):
        today = TODAY + timedelta(days=day)
        if (spaced := spacing(Backlog(0, 9, 9), before, today)) is not None:
            told.append(today)
            before = LastDigest(today, 9, spaced)
    assert 8 <= len(told) <= 12
    pauses = [(later - earlier).days for earlier, later in pairwise(told)]
    assert pauses == sorted(pauses)
    assert pauses[:5] == list(SPACING[1:])
