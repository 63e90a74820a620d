"""A plan owes a review; a closure drops it; one stands at a time."""

from datetime import UTC, datetime

from contracts.events.cases import CaseReopened, ClosureDeclined
from contracts.events.deadlines import DeadlineCancelled, DeadlineSet
from contracts.events.reviews import ReviewCancelled, ReviewScheduled
from domain.vocabulary import Risk
from infrastructure.ids import new_id
from tests.services.reviews.conftest import CASE, NORTH, closed, plan_agreed, registered
from tests.services.served import DAY_0, Served

IN_THREE_MONTHS = datetime(2027, 6, 1, 7, tzinfo=UTC)  # nine o'clock in Berlin, in summer


async def test_the_first_plan_owes_a_review_in_three_months(reviews: Served) -> None:
    await reviews.hear(registered(), plan_agreed())
    [scheduled] = await reviews.said(ReviewScheduled)
    assert (scheduled["number"], scheduled["due_at"]) == (1, "2027-06-01T07:00:00Z")
    assert scheduled["convene_at"] == "2027-05-18T07:00:00Z"
    [deadline] = await reviews.said(DeadlineSet)
    assert deadline["step"] == "review"
    assert (deadline["subject_id"], deadline["person_id"]) == (scheduled["review_id"], "sami")
    assert deadline["due_at"] == scheduled["due_at"]


async def test_a_later_plan_leaves_the_review_that_stands(reviews: Served) -> None:
    await reviews.hear(registered(), plan_agreed())
    reviews.clock.forward(days=10)
    await reviews.hear(plan_agreed(2, at=reviews.clock.at))
    assert len(await reviews.said(ReviewScheduled)) == 1


async def test_closing_the_case_cancels_review_and_deadline(reviews: Served) -> None:
    await reviews.hear(registered(), plan_agreed(), closed(reviews.clock.forward(days=30)))
    assert len(await reviews.said(ReviewCancelled, DeadlineCancelled)) == 2
    assert (await reviews.rows("SELECT state FROM reviews")) == [{"state": "cancelled"}]
    assert (await reviews.rows("SELECT state FROM deadlines")) == [{"state": "cancelled"}]


async def test_a_reopened_case_is_reviewed_again_after_its_next_plan(reviews: Served) -> None:
    reopened = CaseReopened(
        case_ref=CASE, at=DAY_0, agency_id=NORTH, risk=Risk.HIGH, policy="default@1", times=1
    )
    await reviews.hear(registered(), plan_agreed(), closed(DAY_0), reopened)
    assert len(await reviews.said(ReviewScheduled)) == 1
    await reviews.hear(plan_agreed(2))
    assert [each["number"] for each in await reviews.said(ReviewScheduled)] == [1, 2]


async def test_a_declined_closure_leaves_no_case_without_a_review(reviews: Served) -> None:
    declined = ClosureDeclined(
        case_ref=CASE, at=DAY_0, closure_id=new_id(), reason="gains-too-recent"
    )
    await reviews.hear(registered(), declined)
    assert len(await reviews.said(ReviewScheduled)) == 1
    await reviews.hear(declined)
    assert len(await reviews.said(ReviewScheduled)) == 1


async def test_a_closing_of_a_case_that_is_not_known_changes_nothing(reviews: Served) -> None:
    await reviews.hear(closed(DAY_0))
    assert await reviews.said() == []
