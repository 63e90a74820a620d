"""A review in time: convened, held or dropped."""

from datetime import timedelta

from contracts.events import reviews as v
from contracts.events.timekeeping import ReviewConveningDue
from domain.vocabulary import ReviewOutcome
from infrastructure.ids import new_id
from tests.workflows.props import CASE, a_deadline, deadline_cancelled, deadline_met, deadline_set
from tests.workflows.skipping import MINUTE

REVIEW = new_id()
KEY = str(REVIEW)
# Not in the instant of a reminder: the test server fails when a timer is cancelled just as it fires.
AHEAD = timedelta(days=15)


def scheduled(owed, convene_at):
    return v.ReviewScheduled(
        case_ref=CASE,
        at=owed.anchored_at,
        review_id=REVIEW,
        number=1,
        due_at=owed.due_at,
        convene_at=convene_at,
    )


def convened(at):
    return v.ReviewConvened(
        case_ref=CASE,
        at=at,
        review_id=REVIEW,
        chair_id="carl-p",
        participants=("amal-h", "berit-o"),
        meeting_at=at,
    )


def held(at):
    return v.ReviewHeld(
        case_ref=CASE,
        at=at,
        review_id=REVIEW,
        outcome=ReviewOutcome.NO_CHANGE,
        held_at=at,
        child_took_part=True,
    )


async def test_a_review_is_to_be_convened_at_its_instant_and_not_a_minute_before(skipping):
    start = await skipping.now()
    owed = a_deadline("review", start, subject_id=KEY)
    convene_at = owed.due_at - AHEAD
    review = await skipping.begin("review", KEY, scheduled(owed, convene_at), deadline_set(owed))
    await skipping.until(convene_at - MINUTE)
    assert skipping.bus.of(ReviewConveningDue) == []
    await skipping.until(convene_at + MINUTE)
    assert [(each.review_id, each.at) for each in skipping.bus.of(ReviewConveningDue)] == [
        (REVIEW, convene_at)
    ]
    await skipping.tell(review, convened(convene_at + MINUTE))
    await skipping.tell(review, held(owed.due_at), deadline_met(owed, owed.due_at))
    ended = await review.result()
    assert ended.ended
    assert len(skipping.bus.of(ReviewConveningDue)) == 1


async def test_a_review_that_is_dropped_is_never_convened(skipping):
    start = await skipping.now()
    owed = a_deadline("review", start, subject_id=KEY)
    convene_at = owed.due_at - AHEAD
    review = await skipping.begin("review", KEY, scheduled(owed, convene_at), deadline_set(owed))
    await skipping.tell(
        review,
        v.ReviewCancelled(case_ref=CASE, at=start, review_id=REVIEW),
        deadline_cancelled(owed, start),
    )
    assert (await review.result()).ended
    assert skipping.bus.events == []
