"""How measures are read, when one is reached, and what goes on in the next plan."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import StepOutOfOrder
from domain.goal_progress import (
    Measure,
    MeasureIncomplete,
    MeasureOutOfTime,
    MeasureOver,
    Reading,
    ReadingUnfit,
    Target,
    continued,
    demand_in_time,
    is_reached,
    latest,
    read,
    read_target,
    settles,
    share_of_way,
    share_reached,
)
from domain.recording import BeforeRegistration, OccurredInFuture
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, a_case

HOUR = timedelta(hours=1)
UP, DOWN = Target(2, 7), Target(10, 4)
MEASURE = Measure(UUID(int=1), 1, 0)
SAY = {
    "reached": "Say whether it is reached.",
    "value": "Say the value; whether it is reached follows from it.",
}
TODAY, BOUND = date(2026, 3, 2), date(2026, 9, 2)


def reading(measured: int, reached: bool, recorded: int = 0) -> Reading:
    at = NOW + measured * HOUR
    return Reading(UUID(int=9), MEASURE.id, at, NOW + recorded * HOUR, reached)


def measured(target=None, value=None, reached=None, at=NOW, case=None, measure=MEASURE) -> bool:
    case = case or a_case(plan_version=1)
    return read(case, measure, target, value, reached, at, NOW + HOUR)


def test_target_is_whole_or_not_there() -> None:
    assert read_target(None, None, "", "m") is None
    assert read_target(2, 7, "nights", "m") == UP
    for parts, field in [
        ((None, 7, "nights"), "m.baseline"),
        ((2, None, "nights"), "m.target"),
        ((2, 7, ""), "m.unit"),
        ((7, 7, "nights"), "m.target"),
    ]:
        with pytest.raises(MeasureIncomplete) as refused:
            read_target(*parts, "m")
        assert refused.value.field == field
    assert refused.value.detail == "The target differs from where it stands."


@pytest.mark.parametrize(
    ("by", "in_time"),
    [
        (None, True),
        (TODAY, False),
        (date(2026, 3, 3), True),
        (BOUND, True),
        (date(2026, 9, 3), False),
    ],
)
def test_date_of_a_measure_lies_between_today_and_the_goals_own(by, in_time) -> None:
    if in_time:
        demand_in_time(by, BOUND, TODAY, "m.by")
        return
    with pytest.raises(MeasureOutOfTime) as refused:
        demand_in_time(by, BOUND, TODAY, "m.by")
    assert refused.value.field == "m.by"


@pytest.mark.parametrize(
    ("target", "value", "reached"),
    [
        (UP, 6.9, False),
        (UP, 7, True),
        (UP, 8, True),
        (DOWN, 5, False),
        (DOWN, 4, True),
        (DOWN, 0, True),
    ],
)
def test_value_reaches_its_target_upwards_or_downwards(target, value, reached) -> None:
    assert measured(target, value=value) is reached


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_target_itself_is_the_whole_way_and_the_baseline_none(baseline, target) -> None:
    if abs(baseline - target) > 1e-3:
        way = Target(baseline, target)
        assert share_of_way(way, baseline) == 0
        assert share_of_way(way, target) == 1


def test_measure_in_words_is_reached_or_not() -> None:
    assert measured(reached=True) is True
    assert measured(reached=False) is False


@pytest.mark.parametrize(
    ("target", "value", "reached", "field"),
    [
        (None, None, None, "reached"),
        (None, 3, True, "reached"),
        (UP, None, None, "value"),
        (UP, 3, False, "value"),
    ],
)
def test_reading_of_the_other_kind_is_refused(target, value, reached, field) -> None:
    with pytest.raises(ReadingUnfit) as refused:
        measured(target, value, reached)
    assert (refused.value.field, refused.value.detail) == (field, SAY[field])


def test_reading_is_of_the_newest_plan_of_a_case_in_work_and_has_been_taken() -> None:
    with pytest.raises(MeasureOver):
        measured(reached=True, measure=replace(MEASURE, plan_version=2))
    assert measured(reached=True, case=a_case(CaseStatus.CLOSING, plan_version=1))
    # A case that came back goes by no plan until it has a new one.
    for status in (CaseStatus.CLOSED, CaseStatus.REGISTERED, CaseStatus.PLANNING):
        with pytest.raises(StepOutOfOrder):
            measured(reached=True, case=a_case(status, plan_version=1))
    for error, at in ((OccurredInFuture, NOW + 2 * HOUR), (BeforeRegistration, NOW - HOUR)):
        with pytest.raises(error) as refused:
            measured(reached=True, at=at)
        assert refused.value.field == "measured_at"


def test_last_measured_says_where_a_measure_stands_and_of_those_the_last_recorded() -> None:
    assert latest([]) is None
    assert not is_reached([])
    early, late = reading(1, True), reading(2, False)
    corrected = reading(2, True, recorded=5)
    for readings in ([late, early], [early, late]):
        assert latest(readings) == late
        assert not is_reached(readings)
    for readings in ([corrected, late, early], [early, late, corrected]):
        assert latest(readings) == corrected
        assert is_reached(readings)


@pytest.mark.parametrize(
    ("by", "reached", "day", "settled"),
    [
        (None, False, TODAY, False),
        (None, True, TODAY, True),
        (BOUND, True, TODAY, True),
        (BOUND, False, TODAY, False),
        (BOUND, False, BOUND, True),
    ],
)
def test_measure_is_looked_at_until_it_is_reached_or_its_date_has_come(
    by, reached, day, settled
) -> None:
    assert settles(by, reached, day) is settled


def test_share_reached_is_of_the_goals_measures() -> None:
    assert share_reached([]) is None
    assert share_reached([True, False, False, True]) == 0.5


def test_same_measure_goes_on_under_its_id_each_once() -> None:
    first, second = UUID(int=1), UUID(int=2)
    before = [(first, "Monthly talk"), (second, "Monthly talk")]
    words = ["New", "Monthly talk", "Monthly talk", "Monthly talk"]
    assert continued(words, before) == (None, first, second, None)
