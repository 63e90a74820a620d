"""Spans of a week: how they are written, and which are refused."""

import pytest

from domain.errors import Malformed
from domain.working_hours import Span, clock_time, span, week
from tests.domain.case_builders import words_of


def test_a_week_stands_in_its_order() -> None:
    said = ["tue.0900-1200", "mon.1300-1700", "mon.0800-1300", "sun.1000-2400"]
    assert week(said) == ("mon.0800-1300", "mon.1300-1700", "tue.0900-1200", "sun.1000-2400")
    assert week([]) == ()


NO_SPAN = "Not a span of a week."
BACKWARDS = "A span ends after it begins; past midnight another one begins."
OVERLAP = "Two spans overlap."
FORMS = ("mon.0900-1700", "sat.1000-2400")
WRONG = [
    (["mon.0900"], NO_SPAN, FORMS),
    (["mo.0900-1700"], NO_SPAN, FORMS),
    (["mon.2500-2600"], NO_SPAN, FORMS),
    (["mon.0900-1760"], NO_SPAN, FORMS),
    (["mon.1700-0900"], BACKWARDS, FORMS),  # past midnight another span begins
    (["mon.0900-0900"], BACKWARDS, FORMS),
    (["mon.0900-1700", "mon.1630-1800"], OVERLAP, None),
    (["mon.0900-1700", "mon.0900-1700"], OVERLAP, None),
]


@pytest.mark.parametrize("named", [{}, {"field": "opening"}])
@pytest.mark.parametrize(("said", "why", "allowed"), WRONG)
def test_what_is_not_a_week_is_refused(
    said: list[str], why: str, allowed: tuple[str, ...] | None, named: dict[str, str]
) -> None:
    with pytest.raises(Malformed) as refused:
        week(said, **named)
    assert words_of(refused) == (why, named.get("field", "spans"), allowed)


def test_one_span_is_refused_by_its_field_too() -> None:
    for named in ({}, {"field": "opening"}):
        with pytest.raises(Malformed) as refused:
            span("noon", **named)
        assert refused.value.field == named.get("field", "spans")


def test_a_span_counts_in_minutes_from_midnight() -> None:
    found = span("wed.0930-2400")
    assert (found.day, found.begins, found.ends, found.code) == (2, 570, 1440, "wed.0930-2400")
    assert span("sun.0005-0745") == Span(6, 5, 465)


def test_a_time_of_the_clock_has_four_figures_and_perhaps_something_between() -> None:
    assert (clock_time(65), clock_time(1440)) == ("0105", "2400")
    assert clock_time(570, ":") == "09:30"
