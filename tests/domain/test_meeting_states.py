"""The states of reviews and meetings as tables, and as a machine that plays with them at random."""

from contextlib import suppress
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain import meeting as meetings
from domain import postponing, reviewing
from domain.decisions import Decision
from domain.errors import Malformed, Refusal
from domain.meeting_states import (
    OF_MEETINGS,
    OF_REVIEWS,
    Happening,
    MeetingNotStanding,
    MeetingState,
    ReviewNotConvened,
    ReviewNotStanding,
    meeting_after,
    review_after,
)
from domain.postponing import Postponement, PostponementReason
from domain.reviewing import Outcome
from domain.vocabulary import ReviewOutcome, ReviewState
from tests.domain.meeting_builders import NOW, ZONE, a_meeting, a_pack, a_record, a_review

# state        what happens                              what follows, or which refusal
OF_A_REVIEW = """
scheduled      convene                                   convened
scheduled      lose-chair postpone hold                  review-not-convened
scheduled      cancel                                    cancelled
convened       convene postpone                          convened
convened       lose-chair                                scheduled
convened       hold                                      held
convened       cancel                                    cancelled
held           convene lose-chair postpone hold cancel   review-not-standing
cancelled      convene lose-chair postpone hold cancel   review-not-standing
"""
OF_A_MEETING = """
called         convene                                   called
called         hold                                      held
called         cancel                                    cancelled
called         lose-chair postpone                       meeting-not-standing
held           convene lose-chair postpone hold cancel   meeting-not-standing
cancelled      convene lose-chair postpone hold cancel   meeting-not-standing
"""


def rows(table: str) -> dict[tuple[str, str], str]:
    found = {}
    for line in table.strip().splitlines():
        state, *happenings, following = line.split()
        found |= {(state, each): following for each in happenings}
    return found


@pytest.mark.parametrize(("state", "happening"), [*product(ReviewState, Happening)])
def test_review_goes_where_the_table_says(state: ReviewState, happening: Happening) -> None:
    expected = rows(OF_A_REVIEW)[state, happening]
    if (state, happening) in OF_REVIEWS:
        assert review_after(state, happening) == expected
        return
    with pytest.raises((ReviewNotConvened, ReviewNotStanding)) as refused:
        review_after(state, happening)
    assert refused.value.code == expected


@pytest.mark.parametrize(("state", "happening"), [*product(MeetingState, Happening)])
def test_meeting_goes_where_the_table_says(state: MeetingState, happening: Happening) -> None:
    expected = rows(OF_A_MEETING)[state, happening]
    if (state, happening) in OF_MEETINGS:
        assert meeting_after(state, happening) == expected
        return
    with pytest.raises(MeetingNotStanding) as refused:
        meeting_after(state, happening)
    assert refused.value.code == expected


PACK = a_pack(postponements_at_most=2, postponements_without_approval=1)
_HOURS = st.integers(min_value=-48, max_value=24 * 20)


class Life(RuleBasedStateMachine):
    """A review and a meeting beside it; whatever people try, the record stays one that can be believed."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.review, self.meeting = a_review(), a_meeting()
        self.put_off: tuple[Postponement, ...] = ()
        self.ended: dict[str, object] = {}

    @rule(hours=st.integers(min_value=1, max_value=72))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(hours=_HOURS, chair=st.sampled_from(["rena", "ravi"]))
    def convene(self, hours: int, chair: str) -> None:
        at = self.now + timedelta(hours=hours)
        self._try_review(lambda: reviewing.convene(self.review, chair, ["cora"], at, self.now))
        self._try_meeting(lambda: meetings.move(self.meeting, chair, ["cora"], at, self.now))

    @rule(hours=_HOURS, by=st.sampled_from(["rena", "sami", "mona"]))
    def postpone(self, hours: int, by: str) -> None:
        def put_off() -> reviewing.Review:
            review, once = postponing.postpone(
                self.review, self.put_off, PostponementReason.OTHER,
                self.now + timedelta(hours=hours), by, by != "rena", PACK, self.now,
            )  # fmt: skip
            self.put_off = (*self.put_off, once)
            return review

        self._try_review(put_off)

    @rule(hours=_HOURS, took_part=st.booleans(), decides=st.booleans())
    def hold(self, hours: int, took_part: bool, decides: bool) -> None:
        at = self.now - timedelta(hours=hours)
        decisions: tuple[Decision, ...] = a_record().decisions if decides else ()
        said = a_record(held_at=at, child_took_part=took_part, decisions=decisions)
        outcome = Outcome(
            said.held_at, said.child_took_part, said.why_not, said.minutes, said.decisions,
            outcome=ReviewOutcome.ADJUST,
        )  # fmt: skip
        self._try_review(lambda: reviewing.hold(self.review, outcome, self.now, ZONE))
        self._try_meeting(lambda: meetings.hold(self.meeting, said, self.now, ZONE))

    @rule()
    def lose_chair(self) -> None:
        self._try_review(lambda: reviewing.lose_chair(self.review))

    @rule(which=st.sampled_from(["review", "meeting", "both"]))
    def cancel(self, which: str) -> None:
        if which != "meeting":
            self._try_review(lambda: reviewing.cancel(self.review))
        if which != "review":
            self._try_meeting(lambda: meetings.cancel(self.meeting))

    @invariant()
    def what_is_over_stays_as_it_was(self) -> None:
        for each in (self.review, self.meeting):
            if each.state.value in ("held", "cancelled"):
                assert self.ended.setdefault(type(each).__name__, each) == each

    @invariant()
    def a_convened_review_has_somebody_in_the_chair_and_a_date(self) -> None:
        if self.review.state is ReviewState.CONVENED:
            assert self.review.chair_id
            assert self.review.meeting_at
        assert (self.review.recorded is not None) is (self.review.state is ReviewState.HELD)
        assert (self.meeting.recorded is not None) is (self.meeting.state is MeetingState.HELD)

    @invariant()
    def it_is_put_off_as_often_as_the_practice_allows_and_the_due_date_stays(self) -> None:
        assert len(self.put_off) == self.review.postponements <= 2
        assert all(each.after > each.before for each in self.put_off)
        if len(self.put_off) == 2:
            assert self.put_off[1].by not in ("rena", self.put_off[0].by)
        assert self.review.due_at == a_review().due_at

    @invariant()
    def nothing_is_held_in_the_future_without_word_of_the_child(self) -> None:
        for each in (self.review.recorded, self.meeting.recorded):
            if each is not None:
                assert each.held_at <= self.now
                assert each.child_took_part

    def _try_review(self, change) -> None:  # type: ignore[no-untyped-def]
        with suppress(Refusal, Malformed):
            self.review = change()

    def _try_meeting(self, change) -> None:  # type: ignore[no-untyped-def]
        with suppress(Refusal, Malformed):
            self.meeting = change()


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
