"""Who looks after a case and over it, where it must stand for a step, and how its risk changes."""

import pytest

from domain.case import (
    IN_WORK,
    Case,
    SamePerson,
    SameRisk,
    StepOutOfOrder,
    assign,
    change_risk,
    demand_in_work,
    demand_known,
    demand_status,
    demand_two_people,
    numbered,
)
from domain.errors import Malformed
from domain.vocabulary import CaseStatus, Risk, Source
from tests.domain.case_builders import NOW, a_case, words_of


def test_case_changes_hands() -> None:
    case = assign(a_case(), "carl-o", "sven-s", "team-b")
    assert case == a_case(caseworker_id="carl-o", supervisor_id="sven-s", team_id="team-b")


def test_case_that_nobody_has_assessed_has_nothing_to_answer() -> None:
    bare = Case(
        "TL-0000-0000-0",
        "north",
        CaseStatus.IDENTIFIED,
        Risk.LOW,
        "default@1",
        Source.SCHOOL,
        (),
        NOW,
    )
    assert (bare.needs, bare.risks, bare.causes, bare.plan_version, bare.times_reopened) == (0,) * 5


def test_whoever_works_on_a_case_does_not_supervise_it() -> None:
    with pytest.raises(SamePerson) as refused:
        assign(a_case(), "carl-o", "carl-o", None)
    assert refused.value.field == "supervisor_id"
    demand_two_people("carl-o", "sofia-k")


def test_step_that_is_not_next_is_refused_with_where_the_case_would_have_to_stand() -> None:
    demand_status(a_case(CaseStatus.ACTIVE), CaseStatus.PLANNING, CaseStatus.ACTIVE)
    with pytest.raises(StepOutOfOrder) as refused:
        demand_status(a_case(CaseStatus.CLOSED), CaseStatus.PLANNING, CaseStatus.ACTIVE)
    assert words_of(refused) == ("The case is closed.", "status", ("planning", "active"))


@pytest.mark.parametrize("status", CaseStatus)
def test_case_is_in_work_from_its_registration_until_it_is_closed(status: CaseStatus) -> None:
    if status in IN_WORK:
        demand_in_work(a_case(status))
        return
    with pytest.raises(StepOutOfOrder) as refused:
        demand_in_work(a_case(status))
    assert refused.value.allowed == ("registered", "assessing", "planning", "active", "closing")


def test_risk_changes_and_nothing_else_does() -> None:
    assert change_risk(a_case(risk=Risk.LOW), Risk.HIGH) == a_case(risk=Risk.HIGH)
    with pytest.raises(SameRisk):
        change_risk(a_case(risk=Risk.HIGH), Risk.HIGH)
    with pytest.raises(StepOutOfOrder):
        change_risk(a_case(CaseStatus.CLOSED, risk=Risk.LOW), Risk.HIGH)


def test_nobody_says_that_a_risk_is_unknown_once_somebody_has_looked() -> None:
    levels = ("low", "medium", "high", "imminent")
    with pytest.raises(Malformed) as refused:
        change_risk(a_case(), Risk.UNKNOWN)
    assert words_of(refused) == ("Say how high the risk is.", "risk", levels)
    for level in levels:
        demand_known(Risk(level))


def test_what_an_assessment_found_is_counted_from_one() -> None:
    assert numbered("need", 2) == ("need-1", "need-2")
    assert numbered("risk", 0) == ()
