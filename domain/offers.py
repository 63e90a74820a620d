"""Whom an offer suits now, and if not, why. Source: practice.md, section 5 (capacity of a service)."""

import re
from collections.abc import Iterable
from enum import StrEnum

from domain.directory import Offer
from domain.errors import Malformed

LANGUAGE_PATTERN = (
    r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$"
)
_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_SCRIPT, _REGION = 4, 2  # letters of such a part of a language tag
LONGEST_LANGUAGE = 35
EXAMPLE_LANGUAGES = ("en", "pt-BR", "zh-Hant")


class Unsuitable(StrEnum):
    """Why an offer is not the right one now; codes for people and programs."""

    WITHDRAWN = "withdrawn"
    PAUSED = "paused"
    NO_PLACES = "no-places"
    ANOTHER_AREA = "another-area"
    TOO_YOUNG = "too-young"
    TOO_OLD = "too-old"
    LANGUAGES_NOT_SAID = "languages-not-said"
    LANGUAGE_NOT_SPOKEN = "language-not-spoken"


def why_not(
    offer: Offer, *, area: str, age: int | None = None, language: str | None = None
) -> tuple[Unsuitable, ...]:
    """Every reason, none when it is suitable; age and language count only where they are asked for."""
    held: dict[Unsuitable, bool] = {
        Unsuitable.WITHDRAWN: offer.withdrawn,
        Unsuitable.PAUSED: offer.paused,
        Unsuitable.NO_PLACES: offer.capacity == 0,
        Unsuitable.ANOTHER_AREA: not offer.serves(area),
        Unsuitable.TOO_YOUNG: _below(age, offer.youngest),
        Unsuitable.TOO_OLD: _below(offer.oldest, age),
        Unsuitable.LANGUAGES_NOT_SAID: language is not None and not offer.languages,
        Unsuitable.LANGUAGE_NOT_SPOKEN: language is not None
        and bool(offer.languages)
        and not speaks(offer.languages, language),
    }
    return tuple(reason for reason, holds in held.items() if holds)


def _below(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one < other


def speaks(languages: Iterable[str], asked: str) -> bool:
    """`ar` is met by `ar-SY`, and `ar-SY` by `ar`: whoever speaks either is understood."""
    wanted = asked.lower()
    return any(
        wanted == tag or wanted.startswith(f"{tag}-") or tag.startswith(f"{wanted}-")
        for tag in (each.lower() for each in languages)
    )


def language_tag(text: str, field: str = "languages") -> str:
    """The tag in its usual spelling (`zh-Hant-TW`); raises Malformed for what BCP 47 does not know."""
    if len(text) > LONGEST_LANGUAGE or not _LANGUAGE.match(text):
        raise Malformed("Not a language tag (BCP 47).", field=field, allowed=EXAMPLE_LANGUAGES)
    first, *parts = text.split("-")
    return "-".join([first.lower(), *(_spelt(part) for part in parts)])


def _spelt(part: str) -> str:
    if part.isalpha() and len(part) == _SCRIPT:
        return part.title()
    return part.upper() if len(part) == _REGION else part.lower()


def demand_ages(youngest: int | None, oldest: int | None) -> None:
    """Raises Malformed when nobody could be of that age."""
    if _below(oldest, youngest):
        raise Malformed("The oldest is younger than the youngest.", field="oldest")


def areas_of(area: str, said: Iterable[str] | None, before: Iterable[str] = ()) -> tuple[str, ...]:
    """All areas, the first one first; left out, those of before stay when the first is among them."""
    kept = tuple(before)
    others = said if said is not None else (kept if area in kept else ())
    return tuple(dict.fromkeys((area, *others)))
