"""What an assessment must hold before it counts."""

from datetime import timedelta

import pytest

from domain.assessment import (
    ChildNotHeard,
    Element,
    ElementMissing,
    Findings,
    NothingFound,
    SafetyPlan,
    SafetyPlanMissing,
    Stage,
    assess_comprehensively,
    assess_initially,
    demand_complete,
)
from domain.case import SameRisk, StepOutOfOrder, change_risk
from domain.errors import Malformed
from domain.recording import DueInPast
from domain.vocabulary import CaseStatus, Risk
from tests.domain.case_builders import NOW, a_case, words_of

LATER = NOW + timedelta(days=7)
PLAN = SafetyPlan(measures=2, tested_by=LATER)
STAGES = dict.fromkeys(Stage, "said")
ELEMENTS = dict.fromkeys(Element, "said")


def assessed(risk: Risk, *, home: bool = True, plan: SafetyPlan | None = PLAN, due=()):
    return assess_initially(a_case(CaseStatus.REGISTERED), risk, home, plan, due, NOW)


def test_initial_assessment_sets_the_risk_and_opens_the_comprehensive_one() -> None:
    assert assessed(Risk.HIGH) == a_case(CaseStatus.ASSESSING, risk=Risk.HIGH)


@pytest.mark.parametrize(
    ("risk", "at_home", "is_needed"),
    [
        (Risk.LOW, True, False),  # little risk: no plan is owed
        (Risk.MEDIUM, True, True),
        (Risk.HIGH, True, True),
        (Risk.IMMINENT, True, True),
        (Risk.IMMINENT, False, False),  # the child is safe elsewhere
    ],
)
def test_child_who_stays_at_home_at_some_risk_needs_a_safety_plan(risk, at_home, is_needed) -> None:
    if is_needed:
        with pytest.raises(SafetyPlanMissing) as refused:
            assessed(risk, home=at_home, plan=None)
        assert refused.value.field == "safety_plan"
    else:
        assert assessed(risk, home=at_home, plan=None).risk is risk


def test_safety_plan_says_who_does_what() -> None:
    with pytest.raises(SafetyPlanMissing) as refused:
        assessed(Risk.MEDIUM, plan=SafetyPlan(0, LATER))
    said = "Say who does what to keep the child safe."
    assert words_of(refused) == (said, "safety_plan.measures", None)
    assert assessed(Risk.MEDIUM, plan=SafetyPlan(1, LATER)).risk is Risk.MEDIUM


def test_safety_plan_is_tested_and_urgent_actions_fall_due_in_the_future() -> None:
    with pytest.raises(DueInPast) as refused:
        assessed(Risk.LOW, plan=SafetyPlan(1, NOW))
    assert refused.value.field == "safety_plan.tested_by"
    with pytest.raises(DueInPast) as refused:
        assessed(Risk.LOW, due=[LATER, NOW])
    assert refused.value.field == "urgent_actions.1.due"


def test_assessment_does_not_end_with_an_unknown_risk() -> None:
    with pytest.raises(Malformed) as refused:
        assessed(Risk.UNKNOWN)
    assert refused.value.allowed == ("low", "medium", "high", "imminent")


def test_initial_assessment_is_made_once_after_registration() -> None:
    with pytest.raises(StepOutOfOrder):
        assess_initially(a_case(CaseStatus.ACTIVE), Risk.LOW, True, None, (), NOW)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CaseStatus.ASSESSING, CaseStatus.PLANNING),
        (CaseStatus.PLANNING, CaseStatus.PLANNING),
        (CaseStatus.ACTIVE, CaseStatus.ACTIVE),  # after a change for the worse
    ],
)
def test_comprehensive_assessment_leads_to_planning(before, after) -> None:
    case = assess_comprehensively(a_case(before), Findings(3, 2, 1), NOW)
    assert case == a_case(after, needs=3, risks=2, causes=1, assessed_at=NOW)


def test_comprehensive_assessment_comes_after_the_initial_one() -> None:
    with pytest.raises(StepOutOfOrder):
        assess_comprehensively(a_case(CaseStatus.REGISTERED), Findings(1, 1), NOW)


def test_assessment_that_finds_nothing_gives_a_plan_nothing_to_answer() -> None:
    with pytest.raises(NothingFound) as refused:
        assess_comprehensively(a_case(CaseStatus.ASSESSING), Findings(0, 0), NOW)
    assert refused.value.field == "needs"


def test_causes_that_nobody_names_are_none() -> None:
    assert (
        assess_comprehensively(a_case(CaseStatus.ASSESSING, causes=3), Findings(1, 1), NOW).causes
        == 0
    )


@pytest.mark.parametrize("found", [Findings(1, 0), Findings(0, 1), Findings(1, 1)])
def test_one_need_or_one_risk_is_enough_to_plan_for(found: Findings) -> None:
    case = assess_comprehensively(a_case(CaseStatus.ASSESSING), found, NOW)
    assert (case.needs, case.risks) == (found.needs, found.risks)


@pytest.mark.parametrize("element", list(Element))
def test_each_of_the_five_elements_is_told(element) -> None:
    for told in (ELEMENTS | {element: " "}, {k: v for k, v in ELEMENTS.items() if k != element}):
        with pytest.raises(ElementMissing) as refused:
            demand_complete(STAGES, told, True, "")
        assert refused.value.field == f"elements.{element}"
        assert refused.value.allowed == tuple(Element)


@pytest.mark.parametrize("stage", list(Stage))
def test_each_of_the_four_stages_is_told(stage) -> None:
    for told in (STAGES | {stage: " "}, {k: v for k, v in STAGES.items() if k != stage}):
        with pytest.raises(ElementMissing) as refused:
            demand_complete(told, ELEMENTS, True, "")
        assert refused.value.field == f"stages.{stage}"
        assert refused.value.allowed == tuple(Stage)


def test_child_takes_part_or_the_record_says_why_not() -> None:
    with pytest.raises(ChildNotHeard) as refused:
        demand_complete(STAGES, ELEMENTS, False, " ")
    assert refused.value.field == "why_not"
    demand_complete(STAGES, ELEMENTS, False, "She did not wish to yet.")


def test_risk_that_stays_the_same_is_not_a_change() -> None:
    with pytest.raises(SameRisk):
        change_risk(a_case(risk=Risk.HIGH), Risk.HIGH)
    assert change_risk(a_case(risk=Risk.HIGH), Risk.LOW).risk is Risk.LOW


def test_risk_of_a_closed_case_does_not_change() -> None:
    with pytest.raises(StepOutOfOrder):
        change_risk(a_case(CaseStatus.CLOSED), Risk.HIGH)
