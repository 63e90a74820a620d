"""Reviews on the wire."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from domain.decisions import Taken
from domain.participation import Participation
from domain.postponing import Postponement, PostponementReason
from domain.reviewing import Outcome, Review
from domain.vocabulary import ReviewOutcome, ReviewState, Section
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.reviews.schemas.decisions import DecisionMade, DecisionView, views
from services.reviews.schemas.words import MOST_DECISIONS, MOST_PARTICIPANTS, StaffId, Words


class MeetingChange(RequestBody):
    """What is left out stays as it is."""

    chair_id: StaffId | None = None
    participants: list[StaffId] | None = Field(
        default=None, min_length=1, max_length=MOST_PARTICIPANTS
    )
    meeting_at: AwareDatetime | None = None


class PostponementBody(RequestBody):
    """Why it is put off, and until when; the date by which the review is due stays."""

    reason: PostponementReason
    note: Words | None = None
    meeting_at: AwareDatetime


class OutcomeBody(RequestBody):
    """What the meeting came to; `why_not` when the child took no part, `attendance` who of the staff was there."""

    outcome: ReviewOutcome
    held_at: AwareDatetime
    child_took_part: bool
    child_participation: Participation | None = None
    why_not: Words | None = None
    attendance: list[StaffId] | None = Field(
        default=None, min_length=1, max_length=MOST_PARTICIPANTS
    )
    minutes: Words
    decisions: list[DecisionMade] = Field(default=[], max_length=MOST_DECISIONS)

    def outcome_of_review(self) -> Outcome:
        return Outcome(
            outcome=self.outcome,
            held_at=self.held_at,
            child_took_part=self.child_took_part,
            why_not=self.why_not,
            minutes=self.minutes,
            decisions=tuple(each.decision() for each in self.decisions),
            participation=self.child_participation,
            attended=None if self.attendance is None else tuple(dict.fromkeys(self.attendance)),
        )


class ReviewView(BaseModel):
    """A review as far as this viewer may see it; the rest is null."""

    review_id: UUID
    case_ref: str
    number: int
    state: ReviewState
    due_at: AwareDatetime | None = None
    convene_at: AwareDatetime | None = None
    chair_sought: bool | None = None
    postponements: int | None = None
    chair_id: str | None = None
    participants: list[str] | None = None
    meeting_at: AwareDatetime | None = None
    outcome: ReviewOutcome | None = None
    held_at: AwareDatetime | None = None
    child_took_part: bool | None = None
    child_participation: Participation | None = None
    attendance: list[str] | None = None
    decisions: list[DecisionView] | None = None
    why_not: str | None = None
    minutes: str | None = None

    @classmethod
    def of(
        cls, review: Review, sections: frozenset[Section], decisions: Sequence[Taken] = ()
    ) -> "ReviewView":
        view = cls(
            review_id=review.id,
            case_ref=review.case_ref,
            number=review.number,
            state=review.state,
        )
        if Section.DEADLINES in sections:
            view.due_at, view.convene_at = review.due_at, review.convene_at
            view.chair_sought, view.postponements = review.chair_sought, review.postponements
        if Section.PLAN in sections:
            view.chair_id, view.meeting_at = review.chair_id, review.meeting_at
            view.participants = list(review.participants)
            view._add_outcome(review.recorded, sections, decisions)
        return view

    def _add_outcome(
        self, recorded: Outcome | None, sections: frozenset[Section], decisions: Sequence[Taken]
    ) -> None:
        if recorded is None:
            return
        self.outcome, self.held_at = recorded.outcome, recorded.held_at
        self.child_took_part = recorded.child_took_part
        self.child_participation = recorded.participation
        self.attendance = None if recorded.attended is None else list(recorded.attended)
        self.decisions = views(decisions)
        if Section.ASSESSMENT in sections:
            self.why_not, self.minutes = recorded.why_not, recorded.minutes


class OutcomeView(BaseModel):
    """The review as held, and the next one, unless closure has begun."""

    review: ReviewView
    next_review: ReviewView | None = None


class ReviewList(BaseModel):
    items: list[ReviewView]
    next_cursor: NextCursor


class PostponementView(BaseModel):
    """One time that a review was put off; `note` only for those who may read minutes."""

    times: int
    reason: PostponementReason
    before: AwareDatetime
    after: AwareDatetime
    postponed_by: str
    note: str | None = None

    @classmethod
    def of(cls, put_off: Postponement, note: str | None) -> "PostponementView":
        return cls(
            times=put_off.times,
            reason=put_off.reason,
            before=put_off.before,
            after=put_off.after,
            postponed_by=put_off.by,
            note=note,
        )


class PostponementList(BaseModel):
    items: list[PostponementView]
