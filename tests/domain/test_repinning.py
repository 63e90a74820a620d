"""A case under another pack: which duties move, to when, and what stays."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest

from domain.case import StepOutOfOrder
from domain.deadlines import NAMESPACE, Deadline, Moment, Responsible
from domain.policy import Limit, Pack, Reminder, Rung
from domain.repinning import (
    PolicyLeavesNoDuty,
    PolicyUnchanged,
    as_consequences,
    demand_duties_left,
    moves,
    repin,
)
from domain.vocabulary import CaseStatus, DeadlineState, Risk, Role
from tests.domain.case_builders import a_case
from tests.domain.deadline_builders import (
    NINE,
    a_calendar,
    a_deadline,
    a_fact,
    a_pack,
    a_rule,
    hours,
    set_by,
)

BECAUSE = UUID(int=77)
BY_RISK = {
    Risk.UNKNOWN: Limit.parse("48 hours"),
    Risk.LOW: Limit.parse("48 hours"),
    Risk.MEDIUM: Limit.parse("48 hours"),
    Risk.HIGH: Limit.parse("24 hours"),
    Risk.IMMINENT: Limit.parse("24 hours"),
}
HALVED = {risk: Limit(limit.count // 2, limit.unit) for risk, limit in BY_RISK.items()}


def another(*rules) -> Pack:
    return replace(a_pack(*rules), version=2)


def moved(deadline: Deadline, before: Pack, after: Pack, risk: Risk = Risk.UNKNOWN):
    return moves([deadline], before, after, risk, BECAUSE)


def test_duty_is_reckoned_anew_from_its_own_anchor_and_the_old_one_says_by_which() -> None:
    before, after = a_pack(), another(a_rule(within=Limit.parse("24 hours")))
    found = moved(a_deadline(), before, after)
    said = as_consequences(found, NINE + hours(5))
    (fresh,), (old,) = said.set, said.cancelled
    assert (fresh.due_at, fresh.anchored_at) == (NINE + hours(24), NINE)
    assert (fresh.policy, fresh.rule) == ("test@2", "24 hours from asked")
    assert fresh.state is DeadlineState.OPEN
    assert (old.state, old.successor_id) == (DeadlineState.CANCELLED, fresh.id)
    assert (old.due_at, old.settled_at) == (NINE + hours(48), NINE + hours(5))


def test_another_practice_may_give_more_time() -> None:
    (move,) = moved(a_deadline(), a_pack(), another(a_rule(within=Limit.parse("72 hours"))))
    assert move.after
    assert move.after.due_at == NINE + hours(72)


@pytest.mark.parametrize(
    ("changes", "moves_it"),
    [
        ({}, False),  # the same practice under another version
        ({"title": "Another name"}, False),
        ({"within": Limit.parse("47 hours")}, True),
        ({"reminders": (Reminder.parse("half"),)}, True),  # said at other moments
        ({"ladder": ()}, True),
        ({"responsible": Role.SUPERVISOR}, True),
    ],
)
def test_duty_that_stays_the_same_is_left_alone(changes, moves_it) -> None:
    assert bool(moved(a_deadline(), a_pack(), another(a_rule(**changes)))) is moves_it


def test_duty_that_falls_to_another_role_names_nobody_of_the_old_one() -> None:
    (move,) = moved(a_deadline(), a_pack(), another(a_rule(responsible=Role.SUPERVISOR)))
    assert move.after
    assert move.after.responsible == Responsible("agency-north", Role.SUPERVISOR)


def test_step_that_the_new_practice_does_not_know_ends_without_a_successor() -> None:
    (move,) = moved(a_deadline(), a_pack(), another(a_rule("other")))
    assert move.after is None
    (old,) = as_consequences([move], NINE).cancelled
    assert (old.state, old.successor_id) == (DeadlineState.CANCELLED, None)


@pytest.mark.parametrize("within", ["as agreed", "10 days"])
def test_date_that_people_agreed_on_stays_whatever_the_new_practice_says(within) -> None:
    agreed = a_rule(within=Limit.parse("as agreed"))
    before = a_pack(agreed)
    (deadline,) = set_by(before, a_fact(agreed_due=NINE + hours(100)))
    found = moved(deadline, before, another(a_rule(within=Limit.parse(within), reminders=())))
    assert [move.after and move.after.due_at for move in found] == [NINE + hours(100)]


def test_time_that_was_granted_beyond_the_limit_is_not_taken_back() -> None:
    extended = replace(a_deadline(), due_at=NINE + hours(60))
    after = another(a_rule(within=Limit.parse("24 hours")))
    (move,) = moved(extended, a_pack(), after)
    assert move.after
    assert move.after.due_at == NINE + hours(60)


@pytest.mark.parametrize(
    ("set_at", "now", "expected"),
    [
        (Risk.HIGH, Risk.HIGH, 12),
        (Risk.MEDIUM, Risk.MEDIUM, 24),
        (Risk.HIGH, Risk.LOW, 12),  # a risk that fell since gave no more time, and gives none now
        (Risk.LOW, Risk.UNKNOWN, 24),
    ],
)
def test_limit_is_that_of_the_risk_at_which_the_duty_was_set(set_at, now, expected) -> None:
    before = a_pack(a_rule(within=BY_RISK))
    (deadline,) = set_by(before, a_fact(risk=set_at))
    (move,) = moved(deadline, before, another(a_rule(within=HALVED)), now)
    assert move.after
    assert move.after.due_at == NINE + hours(expected)


def test_settled_duties_are_history_and_stay() -> None:
    met = replace(a_deadline(), state=DeadlineState.MET)
    assert moved(met, a_pack(), another(a_rule("other"))) == ()
    both = moves([met, a_deadline()], a_pack(), another(a_rule("other")), Risk.UNKNOWN, BECAUSE)
    assert [each.before for each in both] == [a_deadline()]  # and hide none that is open


def test_duty_of_a_step_that_the_old_pack_does_not_know_is_reckoned_all_the_same() -> None:
    found = moved(a_deadline(), a_pack(a_rule("other")), another(a_rule(within=BY_RISK)))
    assert found == ()  # the same 48 hours
    after = another(a_rule(within=Limit.parse("24 hours")))
    (move,) = moved(a_deadline(), a_pack(a_rule("other")), after)
    assert move.after
    assert move.after.due_at == NINE + hours(24)


def test_move_that_would_leave_nobody_owing_anything_is_refused() -> None:
    standing = [a_deadline()]
    ending = moved(standing[0], a_pack(), another(a_rule("other")))
    with pytest.raises(PolicyLeavesNoDuty) as refused:
        demand_duties_left(standing, ending)
    assert refused.value.field == "policy"
    demand_duties_left([*standing, replace(a_deadline(), id=UUID(int=5))], ending)
    demand_duties_left([], [])


def test_case_is_pinned_to_the_pack_and_to_nothing_else_new() -> None:
    pack = another()
    case = a_case()
    assert repin(case, pack) == replace(case, policy="test@2")
    with pytest.raises(PolicyUnchanged):
        repin(repin(case, pack), pack)


@pytest.mark.parametrize("status", [CaseStatus.IDENTIFIED, CaseStatus.REFUSED, CaseStatus.ARCHIVED])
def test_case_that_is_not_worked_on_keeps_its_pack(status) -> None:
    with pytest.raises(StepOutOfOrder):
        repin(a_case(status), another())


def test_closed_case_may_be_moved_for_the_duties_that_are_left() -> None:
    closed = a_case(CaseStatus.CLOSED)
    assert repin(closed, another()) == replace(closed, policy="test@2")


def test_successor_is_the_old_duty_but_for_what_the_new_practice_says() -> None:
    rungs = (Rung(Role.MANAGER, Limit.parse("1 working days")),)
    rule = a_rule(within=Limit.parse("4 working days"), reminders=(), ladder=rungs)
    after = replace(another(rule), calendar=replace(a_calendar(), version="newer"))
    old = a_deadline(version=3, acknowledged_by="sami", acknowledged_at=NINE)
    (move,) = moved(old, a_pack(), after)
    friday = NINE + hours(4 * 24)
    assert move.before == old
    assert move.after == replace(
        old,
        id=uuid5(NAMESPACE, f"{BECAUSE}|{old.id}"),  # the same move twice is one successor
        rule="4 working days from asked",
        policy="test@2",
        calendar="newer",
        due_at=friday,
        moments=(Moment("due", friday), Moment("rung-1", friday + hours(72), Role.MANAGER)),
        version=4,
        acknowledged_by=None,
        acknowledged_at=None,
    )


def test_date_reckoned_in_working_days_is_not_taken_for_one_that_was_agreed() -> None:
    """Nor is a longer one: what was given by agreement stays."""
    before = a_pack(a_rule(within=Limit.parse("4 working days")))
    after = another(a_rule(within=Limit.parse("1 days")))
    (deadline,) = set_by(before, a_fact())
    (move,) = moved(deadline, before, after)
    assert move.after
    assert move.after.due_at == NINE + hours(24)


def test_date_of_a_first_round_is_not_taken_for_one_that_was_agreed() -> None:
    before = a_pack(a_rule(first_rounds=(Limit.parse("2 weeks"),)))
    (deadline,) = set_by(before, a_fact(number=1))
    assert deadline.due_at == NINE + hours(14 * 24)
    (move,) = moved(deadline, before, another(a_rule(within=Limit.parse("1 weeks"))))
    assert move.after
    assert move.after.due_at == NINE + hours(7 * 24)


def test_of_several_risks_that_explain_a_limit_the_highest_counts() -> None:
    before = a_pack(a_rule(within=BY_RISK))
    (deadline,) = set_by(before, a_fact(risk=Risk.LOW))
    unequal = BY_RISK | {Risk.LOW: Limit.parse("40 hours"), Risk.MEDIUM: Limit.parse("20 hours")}
    (move,) = moved(deadline, before, another(a_rule(within=unequal)), Risk.HIGH)
    assert move.after
    assert move.after.due_at == NINE + hours(20)


@pytest.mark.parametrize("set_at", Risk)
def test_every_risk_may_be_the_one_that_explains_a_limit(set_at) -> None:
    own = {risk: Limit.parse(f"{10 * place} hours") for place, risk in enumerate(Risk, start=1)}
    twice = {risk: Limit(2 * limit.count, limit.unit) for risk, limit in own.items()}
    before = a_pack(a_rule(within=own))
    (deadline,) = set_by(before, a_fact(risk=set_at))
    for now in Risk:
        (move,) = moved(deadline, before, another(a_rule(within=twice)), now)
        assert move.after
        assert move.after.due_at == NINE + hours(twice[set_at].count)


def test_limit_that_no_risk_explains_is_that_of_the_present_risk() -> None:
    unexplained = a_deadline(rule="50 hours from asked")
    (move,) = moved(unexplained, a_pack(), another(a_rule(within=HALVED)), Risk.HIGH)
    assert move.after
    assert (move.after.rule, move.after.due_at) == ("12 hours from asked", NINE + hours(12))


def test_what_became_of_a_duty_since_it_was_set_is_still_told() -> None:
    told = "; pause ended; extension approved"
    extended = a_deadline(rule=f"48 hours from asked{told}", due_at=NINE + hours(60))
    (move,) = moved(extended, a_pack(), another(a_rule(within=HALVED)), Risk.HIGH)
    assert move.after
    assert (move.after.rule, move.after.due_at) == (
        f"12 hours from asked{told}",
        NINE + hours(60),
    )
