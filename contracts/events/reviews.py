"""Facts about periodic reviews, case conferences and planning meetings. Only services.reviews announces them."""

from typing import Annotated, ClassVar

from contracts.events.base import CaseEvent, Code, Count, Flag, Id, Instant, ShortId, classified
from domain.vocabulary import ReviewOutcome


class _Review(CaseEvent):
    topic: ClassVar[str] = "reviews"
    review_id: Id


class ReviewScheduled(_Review):
    """A review is owed by `due_at`; its workflow convenes it from `convene_at`."""

    type: ClassVar[str] = "review.scheduled.v1"
    number: Count
    due_at: Instant
    convene_at: Instant


class ReviewConvened(_Review):
    """Chair and participants are invited; the chair is not from the case's own team."""

    type: ClassVar[str] = "review.convened.v1"
    chair_id: ShortId
    participants: tuple[ShortId, ...]
    meeting_at: Instant


class ReviewChairMissing(_Review):
    """Nobody may take the chair; the supervisor must find somebody."""

    type: ClassVar[str] = "review.chair-missing.v1"


class ReviewHeld(_Review):
    type: ClassVar[str] = "review.held.v1"
    outcome: Annotated[ReviewOutcome, classified("code")]
    held_at: Instant
    child_took_part: Flag


class ReviewCancelled(_Review):
    type: ClassVar[str] = "review.cancelled.v1"


class ReviewPostponed(_Review):
    """The meeting is put off; the date by which the review is due stays as it was."""

    type: ClassVar[str] = "review.postponed.v1"
    reason: Code
    before: Instant
    after: Instant
    times: Count


class _Meeting(CaseEvent):
    topic: ClassVar[str] = "reviews"
    meeting_id: Id
    kind: Code  # conference, planning


class MeetingCalled(_Meeting):
    """Somebody on the case calls agencies and family together."""

    type: ClassVar[str] = "meeting.called.v1"
    called_by: ShortId
    chair_id: ShortId
    participants: tuple[ShortId, ...]
    meeting_at: Instant


class MeetingMoved(_Meeting):
    """Another date, chair or circle of participants; all are invited anew."""

    type: ClassVar[str] = "meeting.moved.v1"
    reason: Code
    chair_id: ShortId
    participants: tuple[ShortId, ...]
    meeting_at: Instant


class MeetingHeld(_Meeting):
    type: ClassVar[str] = "meeting.held.v1"
    held_at: Instant
    decisions: Count
    child_took_part: Flag


class MeetingCancelled(_Meeting):
    type: ClassVar[str] = "meeting.cancelled.v1"
    reason: Code


class DecisionTaken(CaseEvent):
    """A review or meeting decided who does what until when; the duty is a deadline of its own."""

    topic: ClassVar[str] = "reviews"
    type: ClassVar[str] = "decision.taken.v1"
    decision_id: Id
    taken_in: Id  # the review or meeting
    owner_id: ShortId | None  # None: whoever holds the role `owner`
    owner: Code
    owner_agency_id: ShortId
    due_at: Instant


class DecisionCarriedOut(CaseEvent):
    topic: ClassVar[str] = "reviews"
    type: ClassVar[str] = "decision.carried-out.v1"
    decision_id: Id
    done_at: Instant


class ReportAsked(CaseEvent):
    """An agency's report for a review or meeting is asked for by a date."""

    topic: ClassVar[str] = "reviews"
    type: ClassVar[str] = "report.asked.v1"
    report_id: Id
    asked_for: Id  # the review or meeting
    agency_id: ShortId
    staff_id: ShortId | None  # None: whoever provides for the agency
    due_at: Instant


class ReportReceived(CaseEvent):
    topic: ClassVar[str] = "reviews"
    type: ClassVar[str] = "report.received.v1"
    report_id: Id
