"""Which provider is asked next, and why the others are not: a row each."""

import pytest

from domain.choosing import (
    CapacityWord,
    Choice,
    Market,
    Skipped,
    Terms,
    Unfit,
    Wanted,
    choose,
    unfit,
)
from domain.directory import Provider

TALKS, CIRCLE, LOANS = (
    Provider("talks", "agency-north"),
    Provider("circle", "agency-south"),
    Provider("loans", "agency-north"),
)
WANTED = Wanted("city", (9, 9), "ar")
SUITS = [
    (Terms(), WANTED, None),  # nothing is known of it
    (Terms(capacity=2), WANTED, None),
    (Terms(capacity=0), WANTED, Unfit.NO_PLACE),
    (Terms(paused=True, capacity=0), WANTED, Unfit.PAUSED),  # the first reason of several
    (Terms(areas=("north", "city")), WANTED, None),
    (Terms(areas=("north",)), WANTED, Unfit.OTHER_AREA),
    (Terms(youngest=9, oldest=9), WANTED, None),  # both included
    (Terms(youngest=10), WANTED, Unfit.OTHER_AGE),
    (Terms(oldest=8), WANTED, Unfit.OTHER_AGE),
    (Terms(youngest=12), Wanted("city", (10, 14)), None),  # a part of the band will do
    (Terms(youngest=15), Wanted("city", (10, 14)), Unfit.OTHER_AGE),
    (Terms(oldest=9), Wanted("city", (10, 14)), Unfit.OTHER_AGE),
    (Terms(youngest=10), Wanted("city"), None),  # nobody said how old
    (Terms(languages=("ar", "fr")), WANTED, None),
    (Terms(languages=("fr",)), WANTED, Unfit.OTHER_LANGUAGE),
    (Terms(languages=("fr",)), Wanted("city"), None),
    (Terms(languages=("ar-SY",)), WANTED, None),  # whoever speaks either is understood
    (Terms(languages=("pt-BR",)), Wanted("city", language="pt-br"), None),  # in any spelling
    (Terms(languages=("ar-SY",)), Wanted("city", language="ar-eg"), Unfit.OTHER_LANGUAGE),
    (Terms(waiting_days=90), WANTED, None),  # a wait is for people to weigh
]


@pytest.mark.parametrize(("terms", "wanted", "because"), SUITS)
def test_an_offer_suits_or_says_why_not(
    terms: Terms, wanted: Wanted, because: Unfit | None
) -> None:
    assert unfit(terms, wanted) is because


YES, NO, WAIT = CapacityWord.HAS_CAPACITY, CapacityWord.NO_CAPACITY, CapacityWord.WAITING_LIST
FULL, PAUSED = Terms(capacity=0), Terms(paused=True)
CHOSEN = [
    (set(), Market(), Choice(TALKS, ())),  # the order of the pathway
    ({"agency-north"}, Market(), Choice(CIRCLE, ())),  # nobody is asked twice, by no other offer either
    ({"agency-north", "agency-south"}, Market(), Choice(None, ())),
    (set(), Market({"talks": FULL}), Choice(CIRCLE, (Skipped(TALKS, Unfit.NO_PLACE),))),
    ({"agency-north"}, Market({"circle": PAUSED}), Choice(None, (Skipped(CIRCLE, Unfit.PAUSED),))),
    (set(), Market(said={"circle": YES}), Choice(CIRCLE, ())),  # who said yes comes first
    (set(), Market(said={"talks": NO}), Choice(CIRCLE, (Skipped(TALKS, Unfit.SAID_NO),))),
    (set(), Market(said={"talks": WAIT}), Choice(TALKS, ())),
    (set(), Market({"circle": FULL}, {"circle": YES}), Choice(CIRCLE, ())),  # its word is newer
    (set(), Market({"circle": PAUSED}, {"circle": YES}), Choice(TALKS, (Skipped(CIRCLE, Unfit.PAUSED),))),
    (
        {"agency-south"},
        Market({"talks": FULL}),
        Choice(LOANS, (Skipped(TALKS, Unfit.NO_PLACE),)),  # another offer of the same agency
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "market", "choice"), CHOSEN)
def test_the_next_provider_and_who_was_passed_by(
    asked: set[str], market: Market, choice: Choice
) -> None:
    assert choose((TALKS, CIRCLE, LOANS), asked, market, Wanted("city")) == choice
