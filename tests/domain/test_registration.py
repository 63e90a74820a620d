"""Who is registered: criteria, consent, and nobody dropped in silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import Case, SamePerson, StepOutOfOrder
from domain.deadlines import is_rise
from domain.disclosure import Custody
from domain.policy import Criterion, Pack
from domain.registration import (
    NO_CRITERION_MET,
    ConsentNeeded,
    CriteriaMissing,
    Registration,
    Screening,
    UnknownCriterion,
    demand_consent,
    demand_criteria,
    highest,
    identify,
    refusal,
    register,
    screen,
)
from domain.vocabulary import CaseStatus, Risk, Source
from infrastructure.work_calendars import work_calendar

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
PACK = Pack(
    "default",
    1,
    "A practice",
    work_calendar("Europe/Berlin", ("saturday", "sunday"), "none"),
    criteria={
        "neglect": Criterion("neglect", "Needs not met", Risk.MEDIUM, "a test"),
        "danger": Criterion("danger", "In danger now", Risk.IMMINENT, "a test"),
        "out-of-school": Criterion("out-of-school", "Left school", Risk.LOW, "a test"),
    },
    steps={},
)
PEOPLE = Registration("amal-h", "sofia-k", "team-a")


def referred(*criteria: str) -> CaseStatus:
    return a_referral(*criteria)[0].status


def a_referral(*criteria: str):
    return identify("TL-0000-0000-0", PACK, "north", Source.SCHOOL, criteria, "rita-s", NOW)


def test_presumed_risk_is_the_gravest_of_the_criteria_met() -> None:
    assert screen(PACK, ["out-of-school", "danger", "neglect"]).presumed_risk is Risk.IMMINENT


def test_referral_that_meets_no_criterion_is_refused_with_a_reason() -> None:
    case, screening = a_referral()
    assert (case.status, case.risk) == (CaseStatus.REFUSED, Risk.UNKNOWN)
    assert screening == Screening(Risk.UNKNOWN, NO_CRITERION_MET)
    assert refusal(case) == ("no-criterion-met", "other-help-may-fit")
    assert refusal(replace(case, status=CaseStatus.IDENTIFIED)) is None
    assert case.custody == Custody("north", referrer_id="rita-s", is_refused=True)
    assert not replace(case, status=CaseStatus.IDENTIFIED).custody.is_refused


def test_referral_that_meets_a_criterion_is_identified_and_nobody_looks_after_it_yet() -> None:
    case, screening = a_referral("neglect", "danger")
    assert screening == Screening(Risk.IMMINENT)
    assert case == Case(
        ref="TL-0000-0000-0",
        agency_id="north",
        status=CaseStatus.IDENTIFIED,
        risk=Risk.IMMINENT,
        policy=PACK.id,
        source=Source.SCHOOL,
        criteria=("neglect", "danger"),
        identified_at=NOW,
        referrer_id="rita-s",
    )
    assert case.custody.awaits_registration
    assert case.people == {}


def test_criterion_of_no_pack_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(UnknownCriterion) as refused:
        screen(PACK, ["neglect", "poverty"])
    assert refused.value.field == "criteria.1"
    assert refused.value.allowed == ("danger", "neglect", "out-of-school")


def test_nobody_is_registered_without_a_criterion() -> None:
    with pytest.raises(CriteriaMissing) as refused:
        demand_criteria(PACK, [])
    allowed = ("danger", "neglect", "out-of-school")
    assert (refused.value.field, refused.value.allowed) == ("criteria", allowed)


@pytest.mark.parametrize(
    ("purposes", "explained", "field", "detail"),
    [
        ([], True, "consent.purposes", "Say what the consent is for."),  # consent to nothing
        (
            ["case-management"],
            False,  # not informed
            "consent.explained",
            "Explain case management before asking for consent.",
        ),
    ],
)
def test_consent_is_informed_and_for_something(purposes, explained, field, detail) -> None:
    with pytest.raises(ConsentNeeded) as refused:
        demand_consent(purposes, explained)
    assert (refused.value.field, str(refused.value)) == (field, detail)


def test_registration_names_who_looks_after_the_case_and_over_it() -> None:
    referral = a_referral("neglect")[0]
    assert register(referral, PEOPLE, LATER) == replace(
        referral,
        status=CaseStatus.REGISTERED,
        registered_at=LATER,
        caseworker_id="amal-h",
        supervisor_id="sofia-k",
        team_id="team-a",
    )


def test_caseworker_does_not_supervise_her_own_case() -> None:
    with pytest.raises(SamePerson) as refused:
        register(a_referral("neglect")[0], Registration("amal-h", "amal-h", None), NOW)
    assert refused.value.field == "supervisor_id"


def test_refused_referral_is_not_registered() -> None:
    with pytest.raises(StepOutOfOrder):
        register(a_referral()[0], PEOPLE, NOW)


def test_gravest_of_no_risks_is_that_nobody_has_looked() -> None:
    assert highest([]) is Risk.UNKNOWN
    assert highest([Risk.LOW, Risk.HIGH, Risk.MEDIUM]) is Risk.HIGH


@given(st.lists(st.sampled_from(list(Risk))))
def test_none_is_graver_than_the_highest(risks) -> None:
    top = highest(risks)
    assert not any(is_rise(top, risk) for risk in risks)


def test_criterion_that_the_agency_does_not_know_is_named() -> None:
    with pytest.raises(UnknownCriterion) as refused:
        screen(PACK, ["neglect", "weather"])
    assert (refused.value.field, refused.value.allowed) == (
        "criteria.1",
        ("danger", "neglect", "out-of-school"),
    )


def test_informed_consent_for_something_is_enough() -> None:
    demand_consent(["case-management"], explained=True)


def test_criteria_that_are_met_say_which_risk_to_presume() -> None:
    assert demand_criteria(PACK, ["neglect"]).presumed_risk is Risk.MEDIUM
