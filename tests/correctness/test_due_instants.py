"""Every instant of a duty is the one that walking the calendar finds: `python -m bench.oracle` asks a million."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.extending import Kind
from domain.policy import Limit
from domain.vocabulary import Risk
from tests.correctness import day_by_day
from tests.correctness.questions import a_calendar, a_question

BERLIN = ZoneInfo("Europe/Berlin")


@settings(max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_due_instants_and_every_moment_are_what_walking_the_calendar_finds(chance: Random) -> None:
    question = a_question(chance)
    assert question.ours() == question.oracles(), question


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        ("1 days", "2026-03-28T02:30", "2026-03-29T03:30"),  # skipped: as late after the change
        ("1 days", "2026-10-24T02:30", "2026-10-25T02:30"),  # comes twice: the first
        ("1 months", "2024-01-31T09:00", "2024-02-29T09:00"),
        ("12 months", "2024-02-29T09:00", "2025-02-28T09:00"),
        ("24 hours", "2026-03-28T09:00", "2026-03-29T10:00"),
        ("2 weeks", "2026-03-20T09:00", "2026-04-03T09:00"),
        ("1 working days", "2026-10-02T09:00", "2026-10-05T09:00"),  # Saturday is a holiday too
        ("3 working days", "2026-12-23T09:00", "2026-12-29T09:00"),  # Christmas Day and a weekend
    ],
)
def test_oracle_finds_what_people_find_in_a_calendar(limit: str, start: str, end: str) -> None:
    work = a_calendar("Europe/Berlin", (5, 6), "DE-BE", 0)
    begun = datetime.fromisoformat(start).replace(tzinfo=BERLIN).astimezone(UTC)
    found = day_by_day.end_of(Limit.parse(limit), begun, work)
    assert found == datetime.fromisoformat(end).replace(tzinfo=BERLIN).astimezone(UTC)


# length of the duty, where its clock stood (hours after its beginning), hours after which it falls due
STANDING = [
    (48, [], 48),
    (48, [(10, 20)], 58),
    (48, [(10, 20), (30, 31)], 59),
    (48, [(48, 50)], 50),  # at the very instant time is left
    (48, [(58, 60)], 48),  # too late to matter
    (48, [(0, 24)], 72),
    (0, [], 0),
]


@pytest.mark.parametrize(("length", "stands", "end"), STANDING)
def test_oracles_clock_stands_as_people_find_it(length, stands, end) -> None:
    begun = datetime(2026, 3, 28, 9, tzinfo=UTC)
    spans = [(begun + timedelta(hours=a), begun + timedelta(hours=b)) for a, b in stands]
    found = day_by_day.goes_on_until(begun, begun + timedelta(hours=length), spans)
    assert found == begun + timedelta(hours=end)


def test_questions_reach_every_awkward_place() -> None:
    """What a run says is worth as much as what it asks about."""
    asked = [a_question(Random(seed)) for seed in range(1500)]
    ends = [each.start.astimezone(ZoneInfo(each.work.zone)) for each in asked]
    assert {each.rule.limits[Risk.UNKNOWN].unit for each in asked} == {
        *("hour", "day", "week", "month", "working day")
    }
    assert any((each.month, each.day) == (2, 29) for each in ends)
    assert any(each.day == 31 for each in ends)
    assert len({each.work.zone for each in asked}) > 20
    heard = Counter(
        (wish.kind, answer if isinstance(answer, str) else "granted")
        for each in asked
        for wish, answer in zip(each.wishes, each.oracles()[1:], strict=True)
    )
    assert heard[Kind.PAUSE, "granted"] > 200
    assert heard[Kind.EXTENSION, "granted"] > 200
    assert heard[None, "granted"] > 50  # work went on before the end of a pause
    for refused in ("already-paused", "due-passed", "malformed", "pause-not-allowed"):
        assert heard[Kind.PAUSE, refused] > 20
    assert all(
        one.now <= other.now for each in asked for one, other in pairwise(each.wishes)
    )  # no clock of a service goes back
    assert any(sum(wish.kind is Kind.PAUSE for wish in each.wishes) > 2 for each in asked)
    assert {each.work.weekend for each in asked} >= {frozenset({4, 5}), frozenset({5, 6})}
