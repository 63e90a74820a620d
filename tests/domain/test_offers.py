"""Whom an offer suits, and why not."""

from typing import Any

import pytest

from domain.directory import Offer
from domain.errors import Malformed
from domain.offers import areas_of, demand_ages, language_tag, speaks, why_not
from tests.domain.case_builders import words_of


def an_offer(**said: Any) -> Offer:
    known: dict[str, Any] = {
        "capacity": 3,
        "areas": ("city", "north"),
        "languages": ("en", "ar-SY"),
        "youngest": 6,
        "oldest": 12,
    }
    return Offer("talks", "harbour-help", "counselling", "city", **(known | said))


ASKED: list[tuple[Offer, dict[str, Any], list[str]]] = [
    (an_offer(), {}, []),
    (an_offer(), {"age": 6, "language": "ar"}, []),
    (an_offer(), {"age": 12}, []),
    (an_offer(), {"age": 5}, ["too-young"]),
    (an_offer(), {"age": 13}, ["too-old"]),
    (an_offer(youngest=None, oldest=None), {"age": 40}, []),  # without a bound there is none
    (an_offer(), {"language": "fr"}, ["language-not-spoken"]),
    (an_offer(languages=()), {"language": "fr"}, ["languages-not-said"]),
    (an_offer(), {"area": "valley"}, ["another-area"]),
    (an_offer(), {"area": "north"}, []),
    (an_offer(capacity=0, paused=True), {}, ["paused", "no-places"]),
    (an_offer(withdrawn=True), {}, ["withdrawn"]),
    (an_offer(capacity=1), {}, []),  # one place is a place
    (an_offer(areas=()), {"area": "city"}, []),  # its own area is always one of them
    (an_offer(youngest=None), {"age": 0}, []),
    (an_offer(oldest=None), {"age": 90}, []),
]


@pytest.mark.parametrize(("offer", "asked", "expected"), ASKED)
def test_every_reason_is_said(offer: Offer, asked: dict[str, Any], expected: list[str]) -> None:
    assert why_not(offer, **{"area": "city", **asked}) == tuple(expected)


TAGS = [
    ("EN", "en"),
    ("pt-br", "pt-BR"),
    ("ZH-hant-tw", "zh-Hant-TW"),
    ("es-419", "es-419"),
    ("sl-ROZAJ", "sl-rozaj"),
    ("DE-1901", "de-1901"),  # four figures are no script
    ("DE-1ABC", "de-1abc"),
    ("sl-abcdefgh-abcdefgh-abcdefgh-rozaj", "sl-abcdefgh-abcdefgh-abcdefgh-rozaj"),  # the longest
]


@pytest.mark.parametrize(("said", "spelt"), TAGS)
def test_a_language_tag_is_spelt_as_usual(said: str, spelt: str) -> None:
    assert language_tag(said) == spelt


@pytest.mark.parametrize(
    "said",
    ["", "english", "e", "ar_SY", "x" * 40, "sl-abcdefgh-abcdefgh-abcdefgh-rozajx"],
)
@pytest.mark.parametrize("named", [{}, {"field": "language"}])
def test_what_is_no_language_tag_is_refused(said: str, named: dict[str, str]) -> None:
    with pytest.raises(Malformed) as refused:
        language_tag(said, **named)
    field = named.get("field", "languages")
    assert words_of(refused) == ("Not a language tag (BCP 47).", field, ("en", "pt-BR", "zh-Hant"))


SPOKEN = [
    ("ar", True),
    ("ar-SY", True),
    ("AR-EG", False),
    ("en-GB", True),
    ("fr", False),
    ("e", False),
    ("AR", True),
    ("EN-gb", True),
    ("ar-SYR", False),
]


@pytest.mark.parametrize(("asked", "met"), SPOKEN)
def test_a_language_is_met_by_its_kin(asked: str, met: bool) -> None:
    assert speaks(("en", "ar-SY"), asked) is met


def test_nobody_is_older_than_the_oldest_and_younger_than_the_youngest() -> None:
    for youngest, oldest in ((None, None), (3, None), (None, 3), (3, 3), (0, 17)):
        demand_ages(youngest, oldest)
    with pytest.raises(Malformed) as refused:
        demand_ages(4, 3)
    assert words_of(refused) == ("The oldest is younger than the youngest.", "oldest", None)


AREAS = [
    (["north", "city"], (), ("city", "north")),
    ([], ("city", "north"), ("city",)),
    (None, ("north", "city"), ("city", "north")),  # left out: those of before stay
    (None, ("north",), ("city",)),  # it has moved away
    (None, (), ("city",)),
]


@pytest.mark.parametrize(("said", "before", "expected"), AREAS)
def test_the_first_area_is_one_of_all(
    said: list[str] | None, before: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert areas_of("city", said, before) == expected


def test_every_area_is_named_once_and_what_is_said_now_takes_the_place_of_before() -> None:
    assert areas_of("city", None, ["city", "north", "city"]) == ("city", "north")
    assert areas_of("city", ["north"], ["city", "south"]) == ("city", "north")
