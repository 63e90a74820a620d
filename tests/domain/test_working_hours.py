"""Spans of a week: how they are written, and which are refused."""

import pytest

from domain.errors import Malformed
from domain.working_hours import span, week


def test_a_week_stands_in_its_order() -> None:
    said = ["tue.0900-1200", "mon.1300-1700", "mon.0800-1300", "sun.1000-2400"]
    assert week(said) == ("mon.0800-1300", "mon.1300-1700", "tue.0900-1200", "sun.1000-2400")
    assert week([]) == ()


WRONG = [
    ["mon.0900"],
    ["mo.0900-1700"],
    ["mon.2500-2600"],
    ["mon.0900-1760"],
    ["mon.1700-0900"],  # past midnight another span begins
    ["mon.0900-0900"],
    ["mon.0900-1700", "mon.1630-1800"],  # they overlap
    ["mon.0900-1700", "mon.0900-1700"],
]


@pytest.mark.parametrize("said", WRONG)
def test_what_is_not_a_week_is_refused(said: list[str]) -> None:
    with pytest.raises(Malformed) as refused:
        week(said)
    assert refused.value.field == "spans"


def test_a_span_counts_in_minutes_from_midnight() -> None:
    found = span("wed.0930-2400")
    assert (found.day, found.begins, found.ends, found.code) == (2, 570, 1440, "wed.0930-2400")
