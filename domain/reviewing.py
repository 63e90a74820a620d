"""A periodic review: when it meets, and what its outcome needs. Source: practice.md, step 6."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendars import WorkCalendar
from domain.errors import Malformed
from domain.meeting_states import REVIEW_STANDS, Happening, review_after
from domain.minutes import Minutes, demand_ahead, demand_sound
from domain.policy import Pack
from domain.vocabulary import ReviewOutcome, ReviewState

STEP = "review"
CONVENE_BEFORE = "convene-review-before"
MEET_BEFORE = "meet-before-review-due"
MEETING_HOUR = "review-meeting-hour"
_CHANGES_THE_PLAN = frozenset({ReviewOutcome.ADJUST, ReviewOutcome.ADD_SERVICES})


class DecisionsMissing(Malformed):
    """An outcome that changes the plan needs its decisions, each with an owner and a date."""

    code = "decisions-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Minutes):
    """What is recorded of a review."""

    outcome: ReviewOutcome


@dataclass(frozen=True, slots=True)
class Review:
    """One periodic review; `chair_sought` when its convening is due and nobody could take the chair."""

    id: UUID
    case_ref: str
    number: int
    policy: str
    scheduled_at: datetime
    due_at: datetime
    convene_at: datetime
    state: ReviewState = ReviewState.SCHEDULED
    chair_sought: bool = False
    chair_id: str | None = None
    participants: tuple[str, ...] = ()
    meeting_at: datetime | None = None
    recorded: Outcome | None = None
    postponements: int = 0


def convene_at(pack: Pack, scheduled_at: datetime, due_at: datetime) -> datetime:
    """From when invitations go out (UTC); at once when that would lie before the scheduling."""
    return max(pack.period(CONVENE_BEFORE).before(due_at, pack.calendar), scheduled_at)


def meeting_at(pack: Pack, due_at: datetime, now: datetime) -> datetime:
    """When to meet (UTC): the pack's hour on the last working day that leaves its margin before due.

    Convened so late that this has passed, it meets on the next working day.
    """
    work, hour = pack.calendar, time(hour=pack.period(MEETING_HOUR).count)
    latest = pack.period(MEET_BEFORE).before(due_at, work)
    chosen = _meeting_until(latest, hour, work)
    return chosen if chosen > now else _meeting_after(now, hour, work)


def convene(
    review: Review, chair_id: str, participants: Iterable[str], meeting_at: datetime, now: datetime
) -> Review:
    """Chair, participants (UTC `meeting_at`) as they stand from now on; raises refusals."""
    state = review_after(review.state, Happening.CONVENE)
    demand_ahead(meeting_at, now)
    return replace(
        review,
        state=state,
        chair_sought=False,
        chair_id=chair_id,
        participants=tuple(dict.fromkeys(participants)),
        meeting_at=meeting_at,
    )


def hold(review: Review, recorded: Outcome, now: datetime, zone: str) -> Review:
    """The review with its outcome; raises a refusal, or Malformed with the field that lacks something."""
    state = review_after(review.state, Happening.HOLD)
    demand_sound(recorded, review.scheduled_at, now, zone)
    if recorded.outcome in _CHANGES_THE_PLAN and not recorded.decisions:
        raise DecisionsMissing(field="decisions")
    return replace(review, state=state, recorded=recorded)


def lose_chair(review: Review) -> Review:
    """Whoever chairs is not independent any more: somebody else must."""
    return replace(review, state=review_after(review.state, Happening.LOSE_CHAIR), chair_id=None)


def cancel(review: Review) -> Review:
    """Raises ReviewNotStanding."""
    state = review_after(review.state, Happening.CANCEL)
    return replace(review, state=state, chair_sought=False)


def is_overdue(review: Review, now: datetime) -> bool:
    """Still to be held, and past the date by which it was owed, wherever its meeting went."""
    return review.state in REVIEW_STANDS and review.due_at < now


def another_follows(outcome: ReviewOutcome, case_is_open: bool) -> bool:
    """Reviews go on until closure is begun; if it comes to nothing, they begin again."""
    return case_is_open and outcome is not ReviewOutcome.BEGIN_CLOSURE


def _meeting_until(latest: datetime, hour: time, work: WorkCalendar) -> datetime:
    """The last meeting hour of a working day that is not after `latest`, UTC."""
    day = _local_day(latest, work)
    while not work.is_working_day(day) or _at(day, hour, work) > latest:
        day = date.fromordinal(day.toordinal() - 1)
    return _at(day, hour, work)


def _meeting_after(now: datetime, hour: time, work: WorkCalendar) -> datetime:
    """The meeting hour of the first working day after today, UTC."""
    day = date.fromordinal(_local_day(now, work).toordinal() + 1)
    while not work.is_working_day(day):
        day = date.fromordinal(day.toordinal() + 1)
    return _at(day, hour, work)


def _local_day(instant: datetime, work: WorkCalendar) -> date:
    return instant.astimezone(ZoneInfo(work.zone)).date()


def _at(day: date, hour: time, work: WorkCalendar) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(work.zone)).astimezone(UTC)
