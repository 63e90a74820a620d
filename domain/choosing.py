"""Which provider of a pathway is asked next, and why others are passed by: the reason stays on the record.

Source: practice.md, sections 5 (capacity of a service) and 6 (a fallback provider, a capacity check).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.directory import Provider
from domain.offers import speaks


class CapacityWord(StrEnum):
    """What a provider says of its room when asked, without anybody's name (practice.md, section 5)."""

    HAS_CAPACITY = "has-capacity"
    NO_CAPACITY = "no-capacity"
    WAITING_LIST = "waiting-list"
    MORE_ASSESSMENT_NEEDED = "more-assessment-needed"


class Unfit(StrEnum):
    """Why an offer is passed by without being asked."""

    PAUSED = "paused"
    NO_PLACE = "no-place"
    SAID_NO = "said-no-capacity"
    OTHER_AREA = "other-area"
    OTHER_AGE = "other-age"
    OTHER_LANGUAGE = "other-language"


@dataclass(frozen=True, slots=True)
class Terms:
    """Whom an offer is for, as last published; `capacity` None: not heard of. Ages in years, both included."""

    capacity: int | None = None
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    youngest: int | None = None
    oldest: int | None = None
    waiting_days: int | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an offer has to suit, as far as anybody has said; `ages` from and to, both included."""

    area: str
    ages: tuple[int, int] | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    provider: Provider
    because: Unfit


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to ask, None when nobody is left, and who was passed by on the way."""

    provider: Provider | None
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """What is known of the offers: their terms, and what they have said of their capacity."""

    terms: Mapping[str, Terms] = field(default_factory=dict)
    said: Mapping[str, CapacityWord] = field(default_factory=dict)


def unfit(terms: Terms, wanted: Wanted) -> Unfit | None:
    """Why the offer does not suit, the first reason of several; what is not known is no reason."""
    if terms.paused:
        return Unfit.PAUSED
    if terms.areas and wanted.area not in terms.areas:
        return Unfit.OTHER_AREA
    if not _suits_age(terms, wanted.ages):
        return Unfit.OTHER_AGE
    if wanted.language and terms.languages and not speaks(terms.languages, wanted.language):
        return Unfit.OTHER_LANGUAGE
    return Unfit.NO_PLACE if terms.capacity == 0 else None


def choose(
    pathway: Iterable[Provider], asked: Collection[str], market: Market, wanted: Wanted
) -> Choice:
    """Those who said they have room come first, else the pathway's order; no agency is asked twice."""
    left = [each for each in pathway if each.agency_id not in asked]
    ordered = sorted(
        left, key=lambda each: market.said.get(each.offer_id) is not CapacityWord.HAS_CAPACITY
    )
    skipped: list[Skipped] = []
    for provider in ordered:
        because = _why_not(provider, market, wanted)
        if because is None:
            return Choice(provider, tuple(skipped))
        skipped.append(Skipped(provider, because))
    return Choice(None, tuple(skipped))


def _why_not(provider: Provider, market: Market, wanted: Wanted) -> Unfit | None:
    said = market.said.get(provider.offer_id)
    if said is CapacityWord.NO_CAPACITY:
        return Unfit.SAID_NO
    because = unfit(market.terms.get(provider.offer_id, Terms()), wanted)
    # Who has just said yes is believed before a figure of the directory.
    if because is Unfit.NO_PLACE and said is CapacityWord.HAS_CAPACITY:
        return None
    return because


def _suits_age(terms: Terms, ages: tuple[int, int] | None) -> bool:
    """Whether any age of the band is one that the offer takes."""
    if ages is None:
        return True
    youngest, oldest = ages
    too_young = terms.youngest is not None and oldest < terms.youngest
    too_old = terms.oldest is not None and youngest > terms.oldest
    return not (too_young or too_old)
