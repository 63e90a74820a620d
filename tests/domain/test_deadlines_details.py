"""What is kept of a duty that is dropped or met, and duties that stand beside others."""

import pytest

from domain.deadlines import cancel, consequences
from domain.errors import Malformed
from domain.policy import Limit
from domain.vocabulary import DeadlineState
from tests.domain.deadline_builders import NINE, a_deadline, a_fact, a_pack, a_rule, hours


def test_duty_of_a_step_that_the_pack_no_longer_has_hides_no_other() -> None:
    gone, stands = a_deadline(a_rule("gone")), a_deadline()
    found = consequences(a_pack(), "cases", [gone, stands], a_fact("done", NINE + hours(1)))
    assert [each.id for each in found.met] == [stands.id]


def test_dropped_duty_keeps_when_it_was_dropped() -> None:
    dropped = cancel(a_deadline(), NINE + hours(1))
    assert (dropped.state, dropped.settled_at) == (DeadlineState.CANCELLED, NINE + hours(1))
    (by_fact,) = consequences(
        a_pack(), "cases", [a_deadline()], a_fact("dropped", NINE + hours(2))
    ).cancelled
    assert by_fact.settled_at == NINE + hours(2)
    assert by_fact.successor_id is None


def test_date_that_nobody_agreed_on_is_asked_for_by_the_steps_title() -> None:
    agreed = a_rule(title="A visit", within=Limit.parse("as agreed"))
    with pytest.raises(Malformed) as refused:
        consequences(a_pack(agreed), "cases", [], a_fact())
    assert (refused.value.detail, refused.value.field) == (
        "A visit: a date agreed with people is needed.",
        "due",
    )
