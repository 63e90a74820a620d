"""Who may chair a review, when it meets, and what its outcome needs.

The chair takes no part in the day-to-day work; the child takes part, or the record says why not; whatever is
decided has an owner and a date. Source: practice.md, step 6 and section 2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendars import WorkCalendar
from domain.disclosure import Custody
from domain.errors import Malformed, Refusal
from domain.policy import Pack
from domain.vocabulary import ReviewOutcome, ReviewState, Role

STEP = "review"
CONVENE_BEFORE = "convene-review-before"
MEET_BEFORE = "meet-before-review-due"
MEETING_HOUR = "review-meeting-hour"
STANDING = frozenset({ReviewState.SCHEDULED, ReviewState.CONVENED})
_CHANGES_THE_PLAN = frozenset({ReviewOutcome.ADJUST, ReviewOutcome.ADD_SERVICES})


class ChairNotIndependent(Refusal):
    """A review is chaired by somebody who takes no part in the day-to-day work on the case."""

    code = "chair-not-independent"


class ReviewNotStanding(Refusal):
    """The review has been held already, or was cancelled."""

    code = "review-not-standing"


class ReviewNotConvened(Refusal):
    """The review has no meeting yet: somebody must take the chair first."""

    code = "review-not-convened"


class HeldInFuture(Malformed):
    """A review cannot have been held in the future."""

    code = "held-in-future"


class ChildAbsenceUnexplained(Malformed):
    """The child takes part in a way that suits age and wish, or the record says why not."""

    code = "child-absence-unexplained"


class DecisionsMissing(Malformed):
    """An outcome that changes the plan needs its decisions, each with an owner and a date."""

    code = "decisions-missing"


class MeetingInPast(Malformed):
    """A meeting is set for a moment that is still to come."""

    code = "meeting-in-past"


class DecisionDuePassed(Malformed):
    """What a review decides falls due on the day it was held, or later."""

    code = "decision-due-passed"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody employed; `reviews_standing` counts the reviews this person chairs at present."""

    staff_id: str
    agency_id: str
    team_id: str | None
    roles: frozenset[Role]
    active: bool = True
    reviews_standing: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a review decided: in words, who sees to it, and by which day."""

    text: str
    owner: Role
    due: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is recorded of a review; `why_not` says why the child took no part."""

    outcome: ReviewOutcome
    held_at: datetime
    child_took_part: bool
    why_not: str | None
    minutes: str
    decisions: tuple[Decision, ...] = ()


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


def may_chair(colleague: Colleague, custody: Custody) -> bool:
    """Employed as a chair, outside the case's own team, and neither its caseworker nor supervisor."""
    of_its_team = (
        colleague.agency_id == custody.agency_id
        and colleague.team_id is not None
        and colleague.team_id == custody.team_id
    )
    works_on_it = colleague.staff_id in (custody.caseworker_id, custody.supervisor_id)
    return (
        colleague.active
        and Role.REVIEW_CHAIR in colleague.roles
        and not of_its_team
        and not works_on_it
    )


def demand_independence(colleague: Colleague | None, custody: Custody) -> None:
    """Raises ChairNotIndependent; somebody unknown is not known to be independent."""
    if colleague is None or not may_chair(colleague, custody):
        raise ChairNotIndependent(field="chair_id")


def choose_chair(colleagues: Iterable[Colleague], custody: Custody) -> Colleague | None:
    """Whoever has the fewest reviews standing, then by id; another agency's only if ours has nobody.

    Need-to-know holds between agencies too (practice.md, section 2), so our own come first.
    """
    able = [colleague for colleague in colleagues if may_chair(colleague, custody)]
    return min(
        able,
        key=lambda each: (
            each.agency_id != custody.agency_id,
            each.reviews_standing,
            each.staff_id,
        ),
        default=None,
    )


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
    if review.state not in STANDING:
        raise ReviewNotStanding
    if meeting_at <= now:
        raise MeetingInPast(field="meeting_at")
    return replace(
        review,
        state=ReviewState.CONVENED,
        chair_sought=False,
        chair_id=chair_id,
        participants=tuple(dict.fromkeys(participants)),
        meeting_at=meeting_at,
    )


def hold(review: Review, recorded: Outcome, now: datetime, zone: str) -> Review:
    """The review with its outcome; raises a refusal, or Malformed with the field that lacks something."""
    if review.state not in STANDING:
        raise ReviewNotStanding
    if review.state is ReviewState.SCHEDULED:
        raise ReviewNotConvened
    if recorded.held_at > now:
        raise HeldInFuture(field="held_at")
    if recorded.held_at < review.scheduled_at:
        raise Malformed("A review is held after it was scheduled.", field="held_at")
    if not recorded.child_took_part and not (recorded.why_not or "").strip():
        raise ChildAbsenceUnexplained(field="why_not")
    if recorded.outcome in _CHANGES_THE_PLAN and not recorded.decisions:
        raise DecisionsMissing(field="decisions")
    _demand_dates(recorded.decisions, recorded.held_at.astimezone(ZoneInfo(zone)).date())
    return replace(review, state=ReviewState.HELD, recorded=recorded)


def another_follows(outcome: ReviewOutcome, case_is_open: bool) -> bool:
    """Reviews go on until closure is begun; if it comes to nothing, they begin again."""
    return case_is_open and outcome is not ReviewOutcome.BEGIN_CLOSURE


def _demand_dates(decisions: Sequence[Decision], held_on: date) -> None:
    for number, decision in enumerate(decisions):
        if decision.due < held_on:
            raise DecisionDuePassed(field=f"decisions.{number}.due")


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
