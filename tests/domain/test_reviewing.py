"""Reviews: a meeting in working hours, an outcome with owners and dates."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from domain import reviewing
from domain.calendars import WorkCalendar
from domain.decisions import Decision, DecisionDuePassed
from domain.disclosure import Action, Custody, Viewer, may
from domain.errors import DomainError, Malformed
from domain.meeting_states import ReviewNotConvened, ReviewNotStanding
from domain.minutes import HeldInFuture, MeetingInPast
from domain.participation import ChildAbsenceUnexplained
from domain.policy import Limit, Pack
from domain.reviewing import Outcome, Review
from domain.vocabulary import ReviewOutcome, ReviewState, Role

CUSTODY = Custody("agency-north", "team-a", caseworker_id="cora", supervisor_id="sami")
ZONE = "Europe/Berlin"
NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)


def a_pack(*holidays: date) -> Pack:
    work = WorkCalendar(ZONE, frozenset({5, 6}), frozenset(holidays), "test")
    periods = {
        "convene-review-before": Limit.parse("14 days"),
        "meet-before-review-due": Limit.parse("7 days"),
        "review-meeting-hour": Limit.parse("10 hours"),
    }
    return Pack("test", 1, "Test", work, {}, {}, periods)


def an_outcome(**changes: object) -> Outcome:
    whole = Outcome(
        datetime(2027, 5, 31, 8, tzinfo=UTC),
        True,
        None,
        "what was said",
        (Decision("see the school again", Role.CASEWORKER, date(2027, 6, 14)),),
        outcome=ReviewOutcome.ADJUST,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "holidays", "expected"),
    [
        # a week before is a Thursday
        ((2027, 7, 1, 15), (), (2027, 6, 24, 8)),
        # a week before to the very hour
        ((2027, 7, 1, 8), (), (2027, 6, 24, 8)),
        # a week before is a Sunday: the Friday before it
        ((2027, 7, 4, 15), (), (2027, 6, 25, 8)),
        # that Friday is a holiday
        ((2027, 7, 4, 15), (date(2027, 6, 25),), (2027, 6, 24, 8)),
        # due before ten o'clock: the day before, so that the margin stays whole
        ((2027, 7, 1, 7), (), (2027, 6, 23, 8)),
        # in winter ten o'clock in Berlin is nine in UTC
        ((2027, 12, 9, 15), (), (2027, 12, 2, 9)),
        # convened too late for the margin: the next working day
        ((2027, 6, 5, 15), (), (2027, 6, 2, 8)),
        # and the one after where that is a holiday
        ((2027, 6, 5, 15), (date(2027, 6, 2),), (2027, 6, 3, 8)),
    ],
)
def test_the_meeting_is_at_a_working_hour_that_leaves_a_margin(
    due: tuple[int, ...], holidays: tuple[date, ...], expected: tuple[int, ...]
) -> None:
    found = reviewing.meeting_at(a_pack(*holidays), datetime(*due, tzinfo=UTC), NOW)  # type: ignore[misc,arg-type]
    assert found == datetime(*expected, tzinfo=UTC)  # type: ignore[misc,arg-type]
    assert found.tzinfo is UTC


def test_a_review_scheduled_late_is_convened_at_once() -> None:
    due = datetime(2027, 6, 5, 9, tzinfo=UTC)
    assert reviewing.convene_at(a_pack(), NOW, due) == NOW
    later = datetime(2027, 9, 1, 9, tzinfo=UTC)
    assert reviewing.convene_at(a_pack(), NOW, later) == datetime(2027, 8, 18, 9, tzinfo=UTC)


ADDS: dict[str, object] = {"outcome": ReviewOutcome.ADD_SERVICES}


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"held_at": datetime(2027, 6, 1, 9, 1, tzinfo=UTC)}, HeldInFuture, "held_at"),
        ({"held_at": datetime(2027, 2, 1, tzinfo=UTC)}, Malformed, "held_at"),  # before scheduled
        ({"child_took_part": False}, ChildAbsenceUnexplained, "why_not"),
        ({"child_took_part": False, "why_not": "  "}, ChildAbsenceUnexplained, "why_not"),
        ({"decisions": ()}, reviewing.DecisionsMissing, "decisions"),
        ({"decisions": (), **ADDS}, reviewing.DecisionsMissing, "decisions"),
        (
            {"decisions": (Decision("x", Role.CASEWORKER, date(2027, 5, 30)),)},
            DecisionDuePassed,
            "decisions.0.due",
        ),
    ],
)
def test_an_outcome_that_lacks_something_is_refused(
    changes: dict[str, object], refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        _demand(ReviewState.CONVENED, an_outcome(**changes))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "recorded",
    [
        an_outcome(),
        an_outcome(held_at=NOW),
        an_outcome(child_took_part=False, why_not="she preferred to write a letter"),
        an_outcome(outcome=ReviewOutcome.NO_CHANGE, decisions=()),
    ],
)
def test_a_whole_outcome_stands(recorded: Outcome) -> None:
    _demand(ReviewState.CONVENED, recorded)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (ReviewState.SCHEDULED, ReviewNotConvened),
        (ReviewState.HELD, ReviewNotStanding),
        (ReviewState.CANCELLED, ReviewNotStanding),
    ],
)
def test_only_a_convened_review_takes_an_outcome(
    state: ReviewState, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _demand(state, an_outcome())


@pytest.mark.parametrize(
    ("outcome", "is_open", "follows"),
    [
        (ReviewOutcome.NO_CHANGE, True, True),
        (ReviewOutcome.ADJUST, True, True),
        (ReviewOutcome.ADD_SERVICES, True, True),
        (ReviewOutcome.BEGIN_CLOSURE, True, False),
        (ReviewOutcome.NO_CHANGE, False, False),
    ],
)
def test_reviews_go_on_until_closure_is_begun(
    outcome: ReviewOutcome, is_open: bool, follows: bool
) -> None:
    assert reviewing.another_follows(outcome, is_open) is follows


@pytest.mark.parametrize(
    ("staff_id", "role", "action", "allowed"),
    [
        ("rena", Role.REVIEW_CHAIR, Action.CHANGE_REVIEW_MEETING, True),
        ("sami", Role.SUPERVISOR, Action.CHANGE_REVIEW_MEETING, True),
        ("cora", Role.CASEWORKER, Action.CHANGE_REVIEW_MEETING, False),
        ("rena", Role.REVIEW_CHAIR, Action.RECORD_REVIEW_OUTCOME, True),
        ("sami", Role.SUPERVISOR, Action.RECORD_REVIEW_OUTCOME, False),
        ("ravi", Role.REVIEW_CHAIR, Action.RECORD_REVIEW_OUTCOME, False),  # chairs another review
    ],
)
def test_who_may_change_the_meeting_and_record_the_outcome(
    staff_id: str, role: Role, action: Action, allowed: bool
) -> None:
    viewer = Viewer(staff_id, "agency-north", None, frozenset({role}))
    assert may(viewer, replace(CUSTODY, reviewers=frozenset({"rena"})), action) is allowed


def _demand(state: ReviewState, recorded: Outcome) -> None:
    found = reviewing.hold(a_review(state=state), recorded, NOW, ZONE)
    assert found == a_review(state=ReviewState.HELD, recorded=recorded)


def test_a_meeting_is_still_to_come_and_names_each_participant_once() -> None:
    tomorrow = datetime(2027, 6, 2, 8, tzinfo=UTC)
    sought = a_review(chair_sought=True)
    found = reviewing.convene(sought, "rena", ["cora", "sami", "cora"], tomorrow, NOW)
    assert found == a_review(
        state=ReviewState.CONVENED,
        chair_id="rena",
        participants=("cora", "sami"),
        meeting_at=tomorrow,
    )
    with pytest.raises(MeetingInPast):
        reviewing.convene(a_review(), "rena", [], NOW, NOW)
    with pytest.raises(ReviewNotStanding):
        reviewing.convene(a_review(state=ReviewState.HELD), "rena", [], tomorrow, NOW)


def a_review(**changes: object) -> Review:
    whole = Review(
        id=UUID(int=1),
        case_ref="TL-0000-0000-0",
        number=1,
        policy="default@1",
        scheduled_at=datetime(2027, 3, 1, tzinfo=UTC),
        due_at=datetime(2027, 6, 3, tzinfo=UTC),
        convene_at=datetime(2027, 5, 20, tzinfo=UTC),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_a_review_convened_too_late_meets_on_the_next_working_day() -> None:
    friday = datetime(2027, 6, 4, 9, tzinfo=UTC)
    found = reviewing.meeting_at(a_pack(), friday, friday)
    assert found == datetime(2027, 6, 7, 8, tzinfo=UTC)  # Monday, ten o'clock in Berlin


def test_next_working_day_is_counted_in_the_agencys_zone() -> None:
    late = datetime(2027, 6, 1, 22, 30, tzinfo=UTC)  # already the 2nd in Berlin
    assert reviewing.meeting_at(a_pack(), late, late) == datetime(2027, 6, 3, 8, tzinfo=UTC)


def test_meeting_that_would_begin_this_very_moment_is_on_the_next_working_day() -> None:
    ten, due = datetime(2027, 6, 24, 8, tzinfo=UTC), datetime(2027, 7, 1, 15, tzinfo=UTC)
    assert reviewing.meeting_at(a_pack(), due, ten) == datetime(2027, 6, 25, 8, tzinfo=UTC)


def test_chair_who_is_not_independent_any_more_leaves_the_review_without_one() -> None:
    lost = reviewing.lose_chair(a_review(state=ReviewState.CONVENED, chair_id="rena"))
    assert lost == a_review()


def test_cancelled_review_seeks_no_chair() -> None:
    cancelled = reviewing.cancel(a_review(chair_sought=True))
    assert cancelled == a_review(state=ReviewState.CANCELLED)
    with pytest.raises(ReviewNotStanding):
        reviewing.cancel(cancelled)


@pytest.mark.parametrize(
    ("state", "due", "overdue"),
    [
        (ReviewState.SCHEDULED, NOW, False),  # due at this moment
        (ReviewState.SCHEDULED, datetime(2027, 6, 1, 8, tzinfo=UTC), True),
        (ReviewState.CONVENED, datetime(2027, 6, 1, 8, tzinfo=UTC), True),
        (ReviewState.CONVENED, datetime(2027, 6, 1, 10, tzinfo=UTC), False),
        (ReviewState.HELD, datetime(2027, 6, 1, 8, tzinfo=UTC), False),
    ],
)
def test_what_stands_past_its_due_date_is_overdue(
    state: ReviewState, due: datetime, overdue: bool
) -> None:
    assert reviewing.is_overdue(a_review(state=state, due_at=due), NOW) is overdue
