"""Which offers a pathway may have, in which order."""

import pytest

from domain.directory import Offer, Provider, lay_pathway
from domain.errors import Malformed

NORTH, SOUTH = Provider("talks", "agency-north"), Provider("circle", "agency-south")
OFFERS = [
    Offer("talks", "agency-north", "counselling", "city", 3),
    Offer("circle", "agency-south", "counselling", "city", 1),
    Offer("loans", "agency-north", "money", "city", 2),
    Offer("farm", "agency-north", "counselling", "valley", 2, areas=("valley", "hills")),
    Offer("ended", "agency-north", "counselling", "city", 2, withdrawn=True),
]


def test_a_pathway_keeps_its_order() -> None:
    assert lay_pathway("counselling", "city", ["circle", "talks"], OFFERS) == (SOUTH, NORTH)


@pytest.mark.parametrize(
    "offers",
    [
        ["talks", "unheard-of"],  # not an offer
        ["talks", "loans"],  # serves another need
        ["talks", "talks"],  # twice
        ["talks", "farm"],  # serves another area
        ["ended"],  # withdrawn
    ],
)
def test_a_pathway_of_wrong_offers_is_refused(offers: list[str]) -> None:
    with pytest.raises(Malformed) as refused:
        lay_pathway("counselling", "city", offers, OFFERS)
    assert refused.value.field == "offers"
