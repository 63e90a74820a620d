"""Asking for room without naming anybody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain import capacity
from domain.capacity import AgeBand, Enquiry, EnquiryOver, OfferAsked
from domain.choosing import CapacityWord
from domain.errors import Hidden, Malformed
from tests.domain.case_builders import words_of

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
TALKS, CIRCLE, LOANS = (
    OfferAsked("talks", "agency-north"),
    OfferAsked("circle", "agency-south"),
    OfferAsked("loans", "agency-north"),
)
ENQUIRY = Enquiry(
    UUID(int=1), "counselling", "city", AgeBand.MIDDLE, "ar", False, "amal-h", "agency-case", NOW, UNTIL,
    (TALKS, CIRCLE, LOANS),
)  # fmt: skip
ROOM = CapacityWord.HAS_CAPACITY


def answer(
    agency_id: str, offer_id: str | None, word: CapacityWord = ROOM, **said: Any
) -> OfferAsked:
    said = {"places": None, "free_from": None, "now": NOW, **said}
    return capacity.answer(ENQUIRY, agency_id, offer_id, word, by="intake", **said)


def test_a_provider_says_how_much_room_there_is_and_from_when() -> None:
    said = answer("agency-south", None, places=2, free_from=date(2027, 4, 1))
    assert said == OfferAsked(
        "circle", "agency-south", ROOM, 2, date(2027, 4, 1), answered_at=NOW, answered_by="intake"
    )


def test_a_later_word_takes_the_place_of_an_earlier_one_whole() -> None:
    before = replace(CIRCLE, answer=ROOM, places=2, free_from=date(2027, 4, 1), answered_by="ida")
    enquiry = replace(ENQUIRY, asked=(TALKS, before))
    said = capacity.answer(
        enquiry, "agency-south", "circle", CapacityWord.WAITING_LIST,
        places=None, free_from=None, by="intake", now=NOW,
    )  # fmt: skip
    assert said == OfferAsked(
        "circle", "agency-south", CapacityWord.WAITING_LIST, answered_at=NOW, answered_by="intake"
    )


def test_an_agency_asked_for_two_offers_says_which() -> None:
    assert answer("agency-north", "loans").offer_id == "loans"
    for unknown in (None, "circle"):
        with pytest.raises(Malformed) as refused:
            answer("agency-north", unknown)
        assert words_of(refused) == (
            "Say which of your offers answers.",
            "offer_id",
            ("talks", "loans"),
        )


def test_an_agency_asked_for_one_offer_answers_for_no_other() -> None:
    with pytest.raises(Malformed) as refused:
        answer("agency-south", "talks")
    assert refused.value.allowed == ("circle",)


def test_an_agency_that_was_not_asked_finds_no_enquiry() -> None:
    with pytest.raises(Hidden):
        answer("agency-west", None)


def test_after_its_time_an_enquiry_takes_no_answer_and_silence_is_overdue() -> None:
    assert answer("agency-south", None, now=UNTIL).answered_at == UNTIL  # the last instant counts
    later = UNTIL + timedelta(seconds=1)
    with pytest.raises(EnquiryOver):
        answer("agency-south", None, now=later)
    assert ENQUIRY.is_overdue(TALKS, later)
    assert not ENQUIRY.is_overdue(TALKS, UNTIL)
    assert not ENQUIRY.is_overdue(replace(TALKS, answer=ROOM), later)


def test_places_go_with_room() -> None:
    with pytest.raises(Malformed) as refused:
        answer("agency-south", None, CapacityWord.WAITING_LIST, places=2)
    assert words_of(refused) == ("Places go with room.", "places", ("has-capacity",))
    assert answer("agency-south", None, CapacityWord.WAITING_LIST).places is None


def test_an_agency_sees_what_itself_was_asked() -> None:
    assert ENQUIRY.of("agency-north") == (TALKS, LOANS)


def test_bands_of_ages_leave_no_year_out() -> None:
    years = [year for band in AgeBand for year in range(band.years[0], band.years[1] + 1)]
    assert years == list(range(18))
