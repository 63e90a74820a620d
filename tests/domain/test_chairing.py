"""The chair takes no part in the day-to-day work: every way in which somebody might is refused by name."""

from dataclasses import replace

import pytest

from domain import chairing
from domain.chairing import Colleague
from domain.vocabulary import Role
from tests.domain.meeting_builders import CUSTODY, a_colleague

INVOLVED = replace(
    CUSTODY,
    participants=frozenset({"paul", "cora"}),
    receivers=frozenset({"harbour", "agency-north"}),
)

ROWS = [
    (a_colleague(), None),  # another team of the same agency
    (a_colleague(agency_id="agency-south", team_id="team-a"), None),  # a namesake team elsewhere
    (a_colleague(team_id=None), None),  # of no team
    (a_colleague(team_id="team-a"), "of the case's own team"),
    (a_colleague("sami"), "works on the case or supervises it"),
    (a_colleague("cora"), "works on the case or supervises it"),
    (a_colleague("paul"), "planned or recorded"),  # had the case before, or plans with the family
    (a_colleague(agency_id="harbour"), "asked to help by a referral"),
    (a_colleague(active=False), "not at work as a review chair"),
    (a_colleague(roles=frozenset({Role.SUPERVISOR})), "not at work as a review chair"),
]


@pytest.mark.parametrize(("colleague", "barred"), ROWS)
def test_only_an_independent_chair_may_take_the_chair(
    colleague: Colleague, barred: str | None
) -> None:
    assert chairing.may_chair(colleague, INVOLVED) is (barred is None)
    if barred is None:
        chairing.demand_independence(colleague, INVOLVED)
        return
    with pytest.raises(chairing.ChairNotIndependent, match=barred) as refused:
        chairing.demand_independence(colleague, INVOLVED)
    assert (refused.value.code, refused.value.field) == ("chair-not-independent", "chair_id")


def test_somebody_unknown_is_not_known_to_be_independent() -> None:
    with pytest.raises(chairing.ChairNotIndependent) as refused:
        chairing.demand_independence(None, CUSTODY)
    assert refused.value.field == "chair_id"


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
