"""Decisions with owners and dates become duties; their owners, and the chair, say when they are done."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain import decisions as rules
from domain.decisions import (
    Decision,
    DecisionCarriedOutAlready,
    DecisionDuePassed,
    DoneInFuture,
    Undertaking,
)
from domain.disclosure import Viewer
from domain.errors import Hidden, Malformed
from domain.vocabulary import Role
from tests.domain.case_builders import words_of
from tests.domain.meeting_builders import CASE, CUSTODY, NOW, YESTERDAY, ZONE, a_pack

DUE = date(2027, 6, 14)


def an_undertaking(owner: Role = Role.CASEWORKER, owner_id: str | None = None, **at) -> Undertaking:
    agency = at.pop("agency", "agency-north")
    return Undertaking(UUID(int=3), CASE, owner, owner_id, agency, DUE, None, YESTERDAY, **at)


@pytest.mark.parametrize(
    ("owner_id", "figures", "is_duty"),
    [
        ("cora", {}, True),
        (None, {}, False),
        (None, {"decisions_by_role_are_duties": 0}, False),
        (None, {"decisions_by_role_are_duties": 1}, True),
    ],
)
def test_decision_with_a_name_is_a_duty(owner_id, figures, is_duty: bool) -> None:
    decision = Decision("x", Role.CASEWORKER, DUE, owner_id)
    assert rules.is_duty(decision, a_pack(**figures)) is is_duty


def test_it_is_due_at_the_end_of_the_day_agreed() -> None:
    end = rules.due_at(DUE, ZONE)
    assert end == datetime(2027, 6, 14, 21, 59, tzinfo=UTC)
    assert end.tzinfo is UTC


def test_day_is_that_of_the_agencys_zone() -> None:
    late = datetime(2027, 6, 13, 22, 30, tzinfo=UTC)  # already the 14th in Berlin
    rules.demand_dates([Decision("x", Role.CASEWORKER, DUE)], late, ZONE)
    with pytest.raises(DecisionDuePassed) as refused:
        rules.demand_dates(
            [Decision("x", Role.CASEWORKER, DUE), Decision("y", Role.CASEWORKER, date(2027, 6, 13))],
            late,
            ZONE,
        )  # fmt: skip
    assert refused.value.field == "decisions.1.due"


def test_what_is_carried_out_is_carried_out_once() -> None:
    done = rules.carry_out(an_undertaking(), "cora", NOW, NOW)
    assert done == an_undertaking(carried_out_by="cora", carried_out_at=NOW)
    with pytest.raises(DecisionCarriedOutAlready):
        rules.carry_out(done, "cora", NOW, NOW)


def test_it_was_carried_out_between_the_decision_and_now() -> None:
    assert rules.carry_out(an_undertaking(), "cora", YESTERDAY, NOW).carried_out_at == YESTERDAY
    with pytest.raises(DoneInFuture) as refused:
        rules.carry_out(an_undertaking(), "cora", NOW + timedelta(seconds=1), NOW)
    assert refused.value.field == "done_at"
    with pytest.raises(Malformed) as early:
        rules.carry_out(an_undertaking(), "cora", YESTERDAY - timedelta(seconds=1), NOW)
    assert words_of(early) == ("It was decided later than that.", "done_at", None)


# owner, by name, of agency | who says so, in which role, of which agency | may
BEARERS = [
    (Role.CASEWORKER, "cora", "agency-north", "cora", Role.CASEWORKER, "agency-north", True),
    (Role.PROVIDER, "paula", "harbour", "paula", Role.PROVIDER, "harbour", True),
    (Role.PROVIDER, "paula", "harbour", "pete", Role.PROVIDER, "harbour", False),  # another
    (Role.CASEWORKER, None, "agency-north", "cora", Role.CASEWORKER, "agency-north", True),
    (Role.CASEWORKER, "old", "agency-north", "cora", Role.CASEWORKER, "agency-north", True),  # now
    (Role.CASEWORKER, None, "agency-north", "carl", Role.CASEWORKER, "agency-north", False),
    (Role.SUPERVISOR, None, "agency-north", "sami", Role.SUPERVISOR, "agency-north", True),
    (Role.CASEWORKER, "kim", "harbour", "cora", Role.CASEWORKER, "agency-north", False),  # theirs
    (Role.MANAGER, None, "agency-north", "mona", Role.MANAGER, "agency-north", True),
    (Role.MANAGER, None, "agency-north", "mo", Role.MANAGER, "agency-south", False),
    (Role.MANAGER, "mona", "agency-north", "mia", Role.MANAGER, "agency-north", False),
    (Role.CASEWORKER, "cora", "agency-north", "rena", Role.REVIEW_CHAIR, "agency-south", True),
]


@pytest.mark.parametrize("row", BEARERS)
def test_its_owner_or_the_chair_says_that_it_is_done(row) -> None:
    owner, name, agency, staff_id, role, of, allowed = row
    viewer = Viewer(staff_id, of, None, frozenset({role}))
    undertaking = an_undertaking(owner, name, agency=agency)
    if allowed:
        rules.demand_bearer(undertaking, viewer, CUSTODY, "rena")
        return
    with pytest.raises(Hidden):
        rules.demand_bearer(undertaking, viewer, CUSTODY, "rena")
