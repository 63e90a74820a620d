"""The chair takes no part in the day-to-day work: every way in which somebody might is refused by name."""

from dataclasses import replace

import pytest

from domain import chairing
from domain.chairing import Colleague
from domain.vocabulary import Role
from tests.domain.case_builders import words_of
from tests.domain.meeting_builders import CUSTODY, a_colleague

NOT_INDEPENDENT = "A review or conference is led by somebody who takes no part in the day-to-day work on the case."

INVOLVED = replace(
    CUSTODY,
    participants=frozenset({"paul", "cora"}),
    receivers=frozenset({"harbour", "agency-north"}),
)

ROWS = [
    (a_colleague(), None),  # another team of the same agency
    (a_colleague(agency_id="agency-south", team_id="team-a"), None),  # a namesake team elsewhere
    (a_colleague(team_id=None), None),  # of no team
    (a_colleague(team_id="team-a"), "This colleague is of the case's own team."),
    (a_colleague("sami"), "This colleague works on the case or supervises it."),
    (a_colleague("cora"), "This colleague works on the case or supervises it."),
    # had the case before, or plans with the family
    (a_colleague("paul"), "This colleague has planned or recorded on the case."),
    (
        a_colleague(agency_id="harbour"),
        "This colleague's agency was asked to help by a referral.",
    ),
    (a_colleague(active=False), "This colleague is not at work as a review chair."),
    (
        a_colleague(roles=frozenset({Role.SUPERVISOR})),
        "This colleague is not at work as a review chair.",
    ),
]


@pytest.mark.parametrize(("colleague", "barred"), ROWS)
def test_only_an_independent_chair_may_take_the_chair(
    colleague: Colleague, barred: str | None
) -> None:
    assert chairing.may_chair(colleague, INVOLVED) is (barred is None)
    if barred is None:
        chairing.demand_independence(colleague, INVOLVED)
        return
    assert chairing.bar(colleague, INVOLVED) == barred
    with pytest.raises(chairing.ChairNotIndependent) as refused:
        chairing.demand_independence(colleague, INVOLVED)
    assert words_of(refused) == (f"{NOT_INDEPENDENT} {barred}", "chair_id", None)


def test_somebody_unknown_is_not_known_to_be_independent() -> None:
    with pytest.raises(chairing.ChairNotIndependent) as refused:
        chairing.demand_independence(None, CUSTODY)
    assert words_of(refused) == (NOT_INDEPENDENT, "chair_id", None)


def test_a_case_without_a_team_keeps_nobody_of_its_agency_from_the_chair() -> None:
    teamless = replace(INVOLVED, team_id=None)
    assert chairing.may_chair(a_colleague(team_id=None), teamless)
    assert chairing.may_chair(a_colleague(), teamless)


@pytest.mark.parametrize(
    ("colleagues", "chosen"),
    [
        ([a_colleague("b", reviews_standing=2), a_colleague("c", reviews_standing=1)], "c"),
        ([a_colleague("c"), a_colleague("b")], "b"),  # equal: by id
        ([a_colleague("b", agency_id="south"), a_colleague("c", reviews_standing=9)], "c"),  # ours
        ([a_colleague("b", agency_id="south"), a_colleague("c", team_id="team-a")], "b"),  # theirs
        ([a_colleague("b", agency_id="harbour"), a_colleague("paul")], None),  # both take part
        ([], None),
    ],
)
def test_the_choice_of_a_chair_is_fair(colleagues: list[Colleague], chosen: str | None) -> None:
    found = chairing.choose_chair(colleagues, INVOLVED)
    assert (found.staff_id if found else None) == chosen
