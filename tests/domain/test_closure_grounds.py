"""What each of the seven grounds demands: one row a thing that is missing, and the word it is refused with."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain import closure
from domain.closure_grounds import (
    DEMANDS,
    TRANSITION_PARTS,
    GainsNotSettled,
    GroundNotShown,
    Grounds,
    NotDiscussed,
    demand,
)
from domain.errors import DomainError
from domain.policy import Limit
from domain.vocabulary import CaseStatus, Ground, Risk
from tests.domain.case_builders import NOW, a_case, words_of
from tests.domain.case_builders import PACK as BARE

DAY = timedelta(days=1)
PACK = replace(
    BARE,
    periods={**BARE.periods, "engagement": Limit.parse("4 weeks")},
    figures={"engagement-attempts": 3},
)
PLANNED = a_case(plan_version=1, risk=Risk.LOW)
SETTLED = closure.settle(PLANNED, UUID(int=7), PACK, NOW - 60 * DAY)
SETTLING = closure.settle(PLANNED, UUID(int=7), PACK, NOW)
COMPLETE = Grounds(
    Ground.FAMILY_ABLE,
    discussed_with_child=True,
    discussed_with_family=True,
    how_to_come_back="By phone",
    engagement=(NOW - 30 * DAY, NOW - 15 * DAY, NOW - DAY),
    transfer_answered=True,
    came_of_age_on=NOW.date(),
    transition_plan=frozenset(TRANSITION_PARTS),
    died_on=NOW.date(),
    suspected=False,
)
TOMORROW = date(2026, 3, 3)
MISSING = [
    # ground, what is missing, and the field that is named
    (Ground.MOVED_AWAY, {"transfer_answered": False}, "no_transfer_because"),
    (Ground.MOVED_AWAY, {"transfer_answered": False, "no_transfer_because": " "}, "no_transfer_because"),
    (Ground.CAME_OF_AGE, {"came_of_age_on": None}, "came_of_age_on"),
    (Ground.CAME_OF_AGE, {"came_of_age_on": TOMORROW}, "came_of_age_on"),
    (Ground.CAME_OF_AGE, {"transition_plan": frozenset()}, "transition_plan.housing"),
    *(
        (Ground.CAME_OF_AGE, {"transition_plan": frozenset(TRANSITION_PARTS) - {part}}, f"transition_plan.{part}")
        for part in TRANSITION_PARTS
    ),
    (Ground.DIED, {"died_on": None}, "died_on"),
    (Ground.DIED, {"died_on": TOMORROW}, "died_on"),
    (Ground.DIED, {"suspected": None}, "abuse_or_neglect_suspected"),
    (Ground.REFUSES, {"engagement": ()}, "engagement_attempts"),
    (Ground.REFUSES, {"engagement": COMPLETE.engagement[:2]}, "engagement_attempts"),
    (Ground.REFUSES, {"engagement": (NOW - 3 * DAY, NOW - 2 * DAY, NOW)}, "engagement_attempts"),
    *(
        (ground, {"how_to_come_back": " "}, "how_to_come_back")
        for ground in Ground
        if ground is not Ground.DIED
    ),
]  # fmt: skip


@pytest.mark.parametrize("ground", Ground)
def test_ground_with_all_it_demands_is_enough(ground: Ground) -> None:
    demand(replace(COMPLETE, ground=ground), SETTLED, PACK, NOW)


@pytest.mark.parametrize(("ground", "missing", "field"), MISSING)
def test_what_is_missing_is_refused_by_its_name(ground, missing, field) -> None:
    with pytest.raises(GroundNotShown) as refused:
        demand(replace(COMPLETE, ground=ground, **missing), SETTLED, PACK, NOW)
    assert refused.value.field == field
    assert refused.value.allowed or field == "how_to_come_back"


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_but_death_is_discussed_with_child_and_family(ground) -> None:
    said = replace(COMPLETE, ground=ground)
    with pytest.raises(NotDiscussed):
        demand(replace(said, discussed_with_family=False), SETTLED, PACK, NOW)
    alone = replace(said, discussed_with_child=False)
    if ground is Ground.DIED:
        demand(alone, SETTLED, PACK, NOW)
    else:
        with pytest.raises(NotDiscussed):
            demand(alone, SETTLED, PACK, NOW)


def test_what_nobody_said_of_a_transfer_is_not_an_answer() -> None:
    said = Grounds(Ground.MOVED_AWAY, discussed_with_child=True, discussed_with_family=True)
    with pytest.raises(GroundNotShown) as refused:
        demand(replace(said, how_to_come_back="By phone"), SETTLED, PACK, NOW)
    assert refused.value.field == "no_transfer_because"


UNTIL_TODAY = ("a date until 2026-03-02",)
WORDS = [
    # ground, what is missing, and what people read
    (
        Ground.MOVED_AWAY,
        {"transfer_answered": False},
        "Offer a transfer and await its answer, or say why none was possible.",
        "no_transfer_because",
        ("a transfer that was answered", "the reason why none was possible"),
    ),
    (
        Ground.CAME_OF_AGE,
        {"came_of_age_on": None},
        "Say on which day the young person came of age.",
        "came_of_age_on",
        UNTIL_TODAY,
    ),
    (
        Ground.CAME_OF_AGE,
        {"transition_plan": frozenset()},
        "Coming of age needs a transition plan, each part of it told.",
        "transition_plan.housing",
        ("housing", "education_or_work", "income", "health", "contact_person", "documents"),
    ),
    (Ground.DIED, {"died_on": None}, "Say on which day the child died.", "died_on", UNTIL_TODAY),
    (
        Ground.DIED,
        {"suspected": None},
        "Say whether abuse or neglect is known or suspected.",
        "abuse_or_neglect_suspected",
        ("true", "false"),
    ),
    (
        Ground.REFUSES,
        {"engagement": ()},
        "Record how the family was reached out to.",
        "engagement_attempts",
        ("3 attempts, the last 4 weeks after the first or later",),
    ),
    (
        Ground.FAMILY_ABLE,
        {"how_to_come_back": ""},
        "Say how the family was told to come back.",
        "how_to_come_back",
        None,
    ),
]


@pytest.mark.parametrize(("ground", "missing", "detail", "field", "allowed"), WORDS)
def test_refusal_says_in_words_what_to_do(ground, missing, detail, field, allowed) -> None:
    with pytest.raises(GroundNotShown) as refused:
        demand(replace(COMPLETE, ground=ground, **missing), SETTLED, PACK, NOW)
    assert words_of(refused) == (detail, field, allowed)


def test_every_ground_has_its_row() -> None:
    assert set(DEMANDS) == set(Ground)


@pytest.mark.parametrize(
    "ground", [Ground.GOALS_ACHIEVED, Ground.NO_LONGER_AT_RISK, Ground.FAMILY_ABLE]
)
def test_gains_of_a_plan_settle_first(ground: Ground) -> None:
    said = replace(COMPLETE, ground=ground)
    for case, detail in (
        (PLANNED, "Record first that the goals are achieved."),
        (
            SETTLING,
            f"The gains will have settled on {closure.of(SETTLING).settled_at.isoformat()}.",
        ),
    ):
        with pytest.raises(GainsNotSettled) as refused:
            demand(said, case, PACK, NOW)
        assert refused.value.detail == detail
    demand(said, SETTLING, PACK, closure.of(SETTLING).settled_at)


@pytest.mark.parametrize("ground", [Ground.NO_LONGER_AT_RISK, Ground.FAMILY_ABLE])
def test_without_a_plan_there_are_no_gains_to_lose(ground: Ground) -> None:
    for status in (CaseStatus.REGISTERED, CaseStatus.ASSESSING, CaseStatus.PLANNING):
        case = a_case(status, risk=Risk.LOW, plan_version=1)  # of before a return
        demand(replace(COMPLETE, ground=ground), case, PACK, NOW)


@pytest.mark.parametrize("risk", [each for each in Risk if each is not Risk.LOW])
def test_case_at_risk_is_not_closed_as_no_longer_at_risk(risk: Risk) -> None:
    said = replace(COMPLETE, ground=Ground.NO_LONGER_AT_RISK)
    with pytest.raises(GroundNotShown) as refused:
        demand(said, replace(SETTLED, risk=risk), PACK, NOW)
    assert words_of(refused) == (f"The case stands at {risk} risk.", "ground", ("low",))


def test_transfer_that_was_not_possible_needs_its_reason_alone() -> None:
    alone = replace(COMPLETE, ground=Ground.MOVED_AWAY, transfer_answered=False)
    demand(replace(alone, no_transfer_because="No agency there"), SETTLED, PACK, NOW)


@pytest.mark.parametrize(
    ("ground", "child", "family", "is_refused"),
    [
        (Ground.FAMILY_ABLE, False, True, True),
        (Ground.FAMILY_ABLE, True, False, True),
        (Ground.DIED, False, True, False),  # nobody is asked to explain that
        (Ground.DIED, False, False, True),
    ],
)
def test_closure_is_discussed_or_the_record_says_why_not(ground, child, family, is_refused) -> None:
    alone = replace(
        COMPLETE, ground=ground, discussed_with_child=child, discussed_with_family=family
    )
    if not is_refused:
        demand(alone, SETTLED, PACK, NOW)
        return
    with pytest.raises(NotDiscussed) as refused:
        demand(alone, SETTLED, PACK, NOW)
    assert refused.value.field == "not_discussed_because"
    demand(replace(alone, not_discussed_because="They are abroad"), SETTLED, PACK, NOW)


def test_no_way_back_is_told_to_those_whose_child_has_died() -> None:
    demand(replace(COMPLETE, ground=Ground.DIED, how_to_come_back=""), SETTLED, PACK, NOW)


def test_day_is_the_agencys_own() -> None:
    """At half past eleven in the evening, UTC, it is tomorrow in Berlin."""
    late = NOW.replace(hour=23, minute=30)
    demand(replace(COMPLETE, ground=Ground.DIED, died_on=TOMORROW), SETTLED, PACK, late)
    with pytest.raises(DomainError):
        demand(replace(COMPLETE, ground=Ground.DIED, died_on=TOMORROW + DAY), SETTLED, PACK, late)
