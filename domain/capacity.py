"""Asking providers whether there is room, before anybody is named: a need, an area, a band of ages, no more.

Source: practice.md, section 5 (capacity of a service, asked without any identifying data).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.choosing import CapacityWord
from domain.errors import Hidden, Malformed, Refusal


class EnquiryOver(Refusal):
    """The time for answers is over; ask anew."""

    code = "enquiry-over"


class EnquiryForAnotherNeed(Refusal):
    """The enquiry asked for another need or area, or was another agency's."""

    code = "enquiry-for-another-need"


class AgeBand(StrEnum):
    """Wide enough that nobody is recognised by it."""

    EARLY = "0-4"
    MIDDLE = "5-9"
    LATE = "10-14"
    YOUTH = "15-17"

    @property
    def years(self) -> tuple[int, int]:
        youngest, oldest = self.value.split("-")
        return int(youngest), int(oldest)


@dataclass(frozen=True, slots=True)
class OfferAsked:
    """One offer that was asked, and the last it said; `places` and `free_from` are the provider's own words."""

    offer_id: str
    agency_id: str
    answer: CapacityWord | None = None
    places: int | None = None
    free_from: date | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Enquiry:
    """Asked by an agency, for nobody named. It expires; no duty hangs on it. Instants are UTC."""

    id: UUID
    need: str
    area: str
    age_band: AgeBand | None
    language: str | None
    urgent: bool
    asked_by: str
    agency_id: str
    asked_at: datetime
    answer_by: datetime
    asked: tuple[OfferAsked, ...]

    def is_over(self, now: datetime) -> bool:
        return now > self.answer_by

    def is_overdue(self, asked: OfferAsked, now: datetime) -> bool:
        """Computed, as every overdue is: no answer, and the time is over."""
        return asked.answer is None and self.is_over(now)

    def of(self, agency_id: str) -> tuple[OfferAsked, ...]:
        """What one agency was asked: all that it sees."""
        return tuple(each for each in self.asked if each.agency_id == agency_id)


def answer(
    enquiry: Enquiry,
    agency_id: str,
    offer_id: str | None,
    word: CapacityWord,
    *,
    places: int | None,
    free_from: date | None,
    by: str,
    now: datetime,
) -> OfferAsked:
    """What a provider says, or says anew; raises Hidden, EnquiryOver, Malformed."""
    asked = _asked(enquiry, agency_id, offer_id)
    if enquiry.is_over(now):
        raise EnquiryOver
    if places is not None and word is not CapacityWord.HAS_CAPACITY:
        raise Malformed("Places go with room.", field="places", allowed=[CapacityWord.HAS_CAPACITY])
    return replace(
        asked,
        answer=word,
        places=places,
        free_from=free_from,
        answered_at=now,
        answered_by=by,
    )


def _asked(enquiry: Enquiry, agency_id: str, offer_id: str | None) -> OfferAsked:
    own = enquiry.of(agency_id)
    if not own:
        raise Hidden
    if offer_id is None and len(own) == 1:
        return own[0]
    for each in own:
        if each.offer_id == offer_id:
            return each
    raise Malformed(
        "Say which of your offers answers.",
        field="offer_id",
        allowed=[each.offer_id for each in own],
    )
