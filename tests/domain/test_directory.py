"""Who belongs where in the directory of agencies, and which offers may stand on a pathway."""

import pytest

from domain.directory import Offer, Provider, demand_lead, demand_team, lay_pathway
from domain.errors import Malformed
from tests.domain.case_builders import words_of


def test_somebody_belongs_to_a_team_of_the_agency_or_to_none() -> None:
    demand_team(None, ())
    demand_team("team-a", ("team-b", "team-a"))
    with pytest.raises(Malformed) as refused:
        demand_team("team-c", ("team-b", "team-a"))
    assert words_of(refused) == ("The agency has no such team.", "team_id", ("team-a", "team-b"))


def test_a_team_is_led_by_somebody_who_works_there_or_by_nobody() -> None:
    demand_lead(None, ())
    demand_lead("amal", {"amal", "bela"})
    with pytest.raises(Malformed) as refused:
        demand_lead("cora", {"amal", "bela"})
    assert words_of(refused) == (
        "A team is led by somebody who works for the agency.",
        "teams.lead_id",
        ("amal", "bela"),
    )


OFFERS = [
    Offer("talks", "north", "counselling", "city", 3),
    Offer("circle", "south", "counselling", "city", 1, areas=("city", "valley")),
    Offer("loans", "north", "money", "city", 2),
    Offer("farm", "north", "counselling", "hills", 2, areas=("hills", "valley")),
    Offer("ended", "north", "counselling", "city", 2, withdrawn=True),
]
UNKNOWN = "This offer is not known, or does not serve the need."
TWICE = "Each offer stands on a pathway once."
FOR_THE_CITY = ("circle", "talks")  # what may be named instead, by id
WRONG: list[tuple[list[str], str, tuple[str, ...] | None]] = [
    (["talks", "unheard-of"], UNKNOWN, FOR_THE_CITY),
    (["talks", "loans"], UNKNOWN, FOR_THE_CITY),
    (["talks", "talks"], TWICE, None),
    (["talks", "farm"], "This offer does not serve the area.", FOR_THE_CITY),
    (["ended"], "This offer was withdrawn.", FOR_THE_CITY),
]


@pytest.mark.parametrize(("offers", "why", "allowed"), WRONG)
def test_a_pathway_says_which_offers_it_may_have_and_why_not_this_one(
    offers: list[str], why: str, allowed: tuple[str, ...] | None
) -> None:
    with pytest.raises(Malformed) as refused:
        lay_pathway("counselling", "city", offers, OFFERS)
    assert words_of(refused) == (why, "offers", allowed)


def test_an_offer_stands_on_the_pathways_of_all_its_areas() -> None:
    assert lay_pathway("counselling", "valley", ["farm", "circle"], OFFERS) == (
        Provider("farm", "north"),
        Provider("circle", "south"),
    )
