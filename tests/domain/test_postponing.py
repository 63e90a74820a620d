"""A review is put off with a reason, once alone, then with authority, and never without end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.meeting_states import ReviewNotConvened, ReviewNotStanding
from domain.minutes import MeetingInPast
from domain.postponing import (
    NotLater,
    Postponement,
    PostponementNeedsApproval,
    PostponementNeedsReason,
    PostponementReason,
    PostponementsExhausted,
    demand_no_postponement,
    postpone,
)
from domain.reviewing import Review
from domain.vocabulary import ReviewState
from tests.domain.meeting_builders import NOW, TOMORROW, a_pack, a_review

PACK = a_pack(postponements_at_most=2, postponements_without_approval=1)
LATER = TOMORROW + timedelta(days=10)  # beyond the due date
REASON = PostponementReason.CHILD_ASKS


def a_convened_review() -> Review:
    return a_review(state=ReviewState.CONVENED, chair_id="rena", meeting_at=TOMORROW)


def once(by: str = "rena") -> Postponement:
    return Postponement(1, REASON, NOW, TOMORROW, by)


def test_chair_puts_it_off_once_and_the_due_date_stays() -> None:
    before = a_convened_review()
    review, put_off = postpone(before, (), REASON, LATER, "rena", False, PACK, NOW)
    assert review == replace(before, meeting_at=LATER, postponements=1)
    assert put_off == Postponement(1, REASON, TOMORROW, LATER, "rena")


@pytest.mark.parametrize(
    ("earlier", "by", "has_authority", "refusal"),
    [
        ((once("rena"),), "rena", False, PostponementNeedsApproval),  # the chair once more
        ((once("sami"),), "rena", False, PostponementNeedsApproval),  # the chair has no authority
        ((once("sami"),), "sami", True, PostponementNeedsApproval),  # four eyes
        ((once("rena"),), "sami", True, None),
        ((once("sami"),), "mona", True, None),
        ((once("rena"), once("sami")), "mona", True, PostponementsExhausted),
    ],
)
def test_second_postponement_is_for_somebody_else_with_authority(
    earlier, by: str, has_authority: bool, refusal: type[Exception] | None
) -> None:
    def ask() -> tuple[Review, Postponement]:
        return postpone(a_convened_review(), earlier, REASON, LATER, by, has_authority, PACK, NOW)

    if refusal is None:
        assert ask()[1].times == 2
        return
    with pytest.raises(refusal):
        ask()


def test_review_without_a_meeting_is_put_off_from_its_due_date() -> None:
    unset = a_review(state=ReviewState.CONVENED)
    assert postpone(unset, (), REASON, LATER, "rena", False, PACK, NOW)[1].before == unset.due_at
    with pytest.raises(NotLater):
        postpone(unset, (), REASON, unset.due_at, "rena", False, PACK, NOW)


def test_pack_without_figures_sets_no_limit() -> None:
    earlier = tuple(once() for _ in range(9))
    review, _ = postpone(a_convened_review(), earlier, REASON, LATER, "rena", False, a_pack(), NOW)
    assert review.postponements == 10


@pytest.mark.parametrize(
    ("after", "refusal"),
    [(NOW, MeetingInPast), (TOMORROW, NotLater), (NOW + timedelta(hours=1), NotLater)],
)
def test_it_is_put_off_to_a_later_moment(after: datetime, refusal: type[Exception]) -> None:
    with pytest.raises(refusal) as refused:
        postpone(a_convened_review(), (), REASON, after, "rena", False, PACK, NOW)
    assert refused.value.field == "meeting_at"


@pytest.mark.parametrize(
    ("state", "refusal"),
    [(ReviewState.SCHEDULED, ReviewNotConvened), (ReviewState.HELD, ReviewNotStanding)],
)
def test_only_what_is_convened_can_be_put_off(state: ReviewState, refusal) -> None:
    with pytest.raises(refusal):
        postpone(a_review(state=state), (), REASON, LATER, "rena", False, PACK, NOW)


DUE = datetime(2027, 6, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "plain"),
    [
        (TOMORROW, DUE, True),  # still in time
        (DUE + timedelta(2), DUE + timedelta(1), True),  # nearer to what was owed
        (None, LATER, True),  # its first date
        (DUE + timedelta(2), DUE + timedelta(2), True),  # it stays where it is
        (TOMORROW, DUE + timedelta(seconds=1), False),
    ],
)
def test_change_that_carries_it_past_its_due_date_is_a_postponement(
    before: datetime | None, after: datetime, plain: bool
) -> None:
    review = a_review(meeting_at=before)
    if plain:
        demand_no_postponement(review, after)
        return
    with pytest.raises(PostponementNeedsReason) as refused:
        demand_no_postponement(review, after)
    assert refused.value.field == "meeting_at"
