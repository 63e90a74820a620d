"""An intake about a child whose case is in work: when it joins that case, and how soon somebody looks."""

from typing import Any

import pytest

from domain import joining
from domain.case import IN_WORK, StepOutOfOrder
from domain.joining import (
    KnownCaseClosed,
    KnownElsewhere,
    LookedInto,
    LookOwed,
    demand_looks_made,
    demand_not_looked_into,
    is_urgent,
    join,
    risk_of_look,
    told_status,
)
from domain.vocabulary import CaseStatus, Ground, Risk
from tests.domain.case_builders import a_case
from tests.domain.deadline_builders import a_deadline, a_rule

NOBODY = {"caseworker_id": None, "supervisor_id": None, "registered_at": None}


def an_intake(**changes: Any) -> Any:
    given = {"ref": "TL-1111-1111-1", **NOBODY, "status": CaseStatus.IDENTIFIED}
    return a_case(**(given | changes))


@pytest.mark.parametrize("status", IN_WORK)
def test_intake_joins_any_case_in_work_and_names_it(status: CaseStatus) -> None:
    joined = join(an_intake(), a_case(status))
    assert (joined.status, joined.joined_to) == (CaseStatus.JOINED, "TL-0000-0000-0")
    assert joined.ref == "TL-1111-1111-1"


@pytest.mark.parametrize(
    "status", [each for each in CaseStatus if each is not CaseStatus.IDENTIFIED]
)
def test_only_what_awaits_registration_joins(status: CaseStatus) -> None:
    with pytest.raises(StepOutOfOrder):
        join(an_intake(status=status), a_case())


def test_nothing_joins_a_case_of_another_agency() -> None:
    with pytest.raises(KnownElsewhere) as refused:
        join(an_intake(agency_id="south"), a_case())
    assert refused.value.field == "other_ref"


@pytest.mark.parametrize("status", [CaseStatus.CLOSED, CaseStatus.ARCHIVED])
def test_child_whose_case_has_ended_is_registered_as_a_return(status: CaseStatus) -> None:
    with pytest.raises(KnownCaseClosed) as refused:
        join(an_intake(), a_case(status))
    assert refused.value.field == "other_ref"


@pytest.mark.parametrize("status", [CaseStatus.IDENTIFIED, CaseStatus.REFUSED, CaseStatus.JOINED])
def test_what_is_no_case_itself_is_joined_by_nothing(status: CaseStatus) -> None:
    with pytest.raises(StepOutOfOrder):
        join(an_intake(), a_case(status))


@pytest.mark.parametrize(
    ("told", "stands", "counts"),
    [
        (Risk.IMMINENT, Risk.LOW, Risk.IMMINENT),  # what was told is graver
        (Risk.LOW, Risk.HIGH, Risk.HIGH),  # the child is in more danger than the report knows
        (Risk.UNKNOWN, Risk.UNKNOWN, Risk.UNKNOWN),
    ],
)
def test_look_is_as_soon_as_the_graver_of_both(told: Risk, stands: Risk, counts: Risk) -> None:
    assert risk_of_look(an_intake(risk=told), a_case(risk=stands)) is counts


def test_high_and_imminent_are_urgent_and_nothing_else() -> None:
    urgent = {risk for risk in Risk if is_urgent(an_intake(risk=risk))}
    assert urgent == {Risk.HIGH, Risk.IMMINENT}


def test_report_is_looked_into_once() -> None:
    demand_not_looked_into([], "one")
    demand_not_looked_into(["another"], "one")
    with pytest.raises(LookedInto):
        demand_not_looked_into(["another", "one"], "one")


def test_case_does_not_close_over_a_report_that_nobody_looked_into() -> None:
    look, other = a_deadline(a_rule(joining.LOOK)), a_deadline(a_rule("plan-action"))
    with pytest.raises(LookOwed):
        demand_looks_made([other, look], Ground.FAMILY_ABLE)
    with pytest.raises(LookOwed):
        demand_looks_made([look], None)
    demand_looks_made([other], Ground.FAMILY_ABLE)
    demand_looks_made([look], Ground.DIED)


def test_reporter_hears_of_a_registration_and_not_that_the_child_was_known() -> None:
    assert told_status(a_case(CaseStatus.JOINED)) is CaseStatus.REGISTERED
    assert told_status(a_case(CaseStatus.ACTIVE)) is CaseStatus.ACTIVE
