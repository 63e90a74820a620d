"""A case that was erased: its reviews' words can be read by nobody, and nothing is owed on it any more."""

from contracts.events.cases import CaseErased
from contracts.events.reviews import ReviewCancelled
from tests.services.erased import opened_by_master_key, readable
from tests.services.reviews.conftest import (
    CASE,
    RENA,
    SAMI,
    a_convened_review,
    an_outcome,
)
from tests.services.served import Served

WORDS = ("sleeps again", "Ask the school for a tutor")


def erased(served: Served) -> CaseErased:
    return CaseErased(case_ref=CASE, at=served.clock.at, basis="court-order")


async def test_erased_cases_reviews_keep_dates_and_no_word(reviews: Served) -> None:
    review_id = await a_convened_review(reviews)
    reviews.clock.forward(days=7)
    await reviews.post(RENA, f"/reviews/{review_id}/outcome", an_outcome(reviews))
    assert await opened_by_master_key(reviews, CASE)
    await reviews.hear(erased(reviews))
    assert await opened_by_master_key(reviews, CASE) == []
    assert await readable(reviews, *WORDS) == []
    answer = await reviews.get(SAMI, f"/reviews/{review_id}")
    assert answer.status_code == 200
    assert not [word for word in WORDS if word in answer.text]
    assert answer.json()["held_at"]
    rows = await reviews.rows("SELECT state FROM deadlines WHERE state = 'open'")
    assert rows == []
    assert len(await reviews.said(ReviewCancelled)) == 1  # the next one, which stood


async def test_case_of_which_nothing_was_heard_is_erased_all_the_same(reviews: Served) -> None:
    await reviews.hear(erased(reviews), erased(reviews))
    (row,) = await reviews.rows("SELECT wrapped, erased_at FROM case_keys")
    assert row["wrapped"] is None
    assert row["erased_at"]
