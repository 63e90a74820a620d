from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.clock import ClockPlan, ClockPlanRefused, RealClock, SandboxClock, clock_from
from infrastructure.settings import read_settings

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CASE = datetime(2024, 5, 6, 8, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@st.composite
def plans(draw: st.DrawFn) -> ClockPlan:
    wall_steps = draw(st.lists(st.integers(1, 10**9), min_size=0, max_size=6))
    slopes = draw(
        st.lists(st.integers(0, 10**6), min_size=len(wall_steps), max_size=len(wall_steps))
    )
    odd = draw(st.lists(st.integers(0, 999), min_size=len(wall_steps), max_size=len(wall_steps)))
    case_steps = [w + w * s // 1000 + o for w, s, o in zip(wall_steps, slopes, odd, strict=True)]
    walls = accumulate([0, *wall_steps])
    cases = accumulate([0, *case_steps])
    return ClockPlan(
        tuple(
            (START + w * _MICROSECOND, CASE + c * _MICROSECOND)
            for w, c in zip(walls, cases, strict=True)
        )
    )


instants = st.integers(-(10**10), 10**10).map(lambda micros: START + micros * _MICROSECOND)


@given(plans(), instants)
def test_a_wall_instant_comes_back_exactly_from_its_case_time(
    plan: ClockPlan, wall: datetime
) -> None:
    assert plan.wall_at(plan.case_at(wall)) == wall


@given(plans(), instants)
def test_a_timer_never_fires_before_its_case_instant(plan: ClockPlan, case: datetime) -> None:
    wall = plan.wall_at(case)
    assert plan.case_at(wall) >= case
    assert plan.case_at(wall - _MICROSECOND) < case


@given(plans(), instants, instants)
def test_case_time_rises_with_wall_time(plan: ClockPlan, one: datetime, other: datetime) -> None:
    first, then = sorted((one, other))
    assert plan.case_at(first) <= plan.case_at(then)


@given(plans(), instants)
def test_a_plan_survives_being_written_down(plan: ClockPlan, wall: datetime) -> None:
    assert ClockPlan.from_json(plan.to_json()).case_at(wall) == plan.case_at(wall)


def test_before_the_plan_the_clocks_run_alike_and_after_it_the_last_slope_goes_on() -> None:
    plan = ClockPlan(((START, CASE), (START + timedelta(seconds=1), CASE + timedelta(days=1))))
    assert plan.case_at(START - timedelta(hours=1)) == CASE - timedelta(hours=1)
    assert plan.case_at(START + timedelta(seconds=3)) == CASE + timedelta(days=3)


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "{}",
        '{"segments": []}',
        '{"segments": [["2026-03-02T09:00:00", "2026-03-02T09:00:00"]]}',  # no zone
        '{"segments": [["2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"], '
        '["2026-03-02T08:00:00Z", "2026-03-03T09:00:00Z"]]}',  # wall falls
        '{"segments": [["2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z"], '
        '["2026-03-02T10:00:00Z", "2026-03-02T09:30:00Z"]]}',  # slower than the wall
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(text: str) -> None:
    with pytest.raises(ClockPlanRefused):
        ClockPlan.from_json(text)


def test_the_settings_choose_the_clock() -> None:
    plan = ClockPlan(((START, CASE),))
    assert isinstance(clock_from(read_settings()), RealClock)
    assert isinstance(clock_from(read_settings(clock_plan=plan.to_json())), SandboxClock)
