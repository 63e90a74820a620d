"""How much engagement is serious: as many attempts as the pack says, over as long a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.engagement import demand_made, demanded, is_serious, needed
from domain.policy import Limit
from domain.recording import BeforeRegistration, OccurredInFuture
from tests.domain.case_builders import NOW, PACK

DAY = timedelta(days=1)
ASKS = replace(
    PACK, periods={"engagement": Limit.parse("4 weeks")}, figures={"engagement-attempts": 3}
)


def days(*each: int) -> list:
    return [NOW + day * DAY for day in each]


@pytest.mark.parametrize(
    ("made", "enough"),
    [
        (days(0, 10, 29), True),
        (days(29, 0, 10), True),  # in whatever order they were written down
        (days(0, 29), False),
        (days(0, 10, 20), False),
        (days(0, 0, 29), False),  # one attempt noted twice
        ([], False),
    ],
)
def test_attempts_count_by_number_and_by_time(made, enough) -> None:
    assert is_serious(made, ASKS) is enough


def test_last_attempt_comes_exactly_when_the_period_ends() -> None:
    end = Limit.parse("4 weeks").after(NOW, ASKS.calendar)
    assert is_serious([NOW, NOW + DAY, end], ASKS)
    assert not is_serious([NOW, NOW + DAY, end - timedelta(seconds=1)], ASKS)


def test_pack_without_figures_asks_for_one_attempt() -> None:
    assert (needed(PACK), demanded(PACK)) == (1, "1 attempt")
    assert is_serious([NOW], PACK)
    assert not is_serious([], replace(PACK, figures={"engagement-attempts": 0}))
    assert demanded(ASKS) == "3 attempts, the last 4 weeks after the first or later"


def test_attempt_was_made_before_it_is_recorded() -> None:
    demand_made(NOW, NOW, NOW)
    demand_made(NOW - DAY, None, NOW)
    with pytest.raises(OccurredInFuture) as refused:
        demand_made(NOW + DAY, NOW, NOW)
    assert refused.value.field == "at"
    with pytest.raises(BeforeRegistration) as refused:
        demand_made(NOW - DAY, NOW, NOW)
    assert refused.value.field == "at"
