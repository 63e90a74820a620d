"""What the API takes and gives."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from domain.reviewing import Decision, Outcome, Review
from domain.vocabulary import CODE_PATTERN, ReviewOutcome, ReviewState, Role, Section
from infrastructure.http import RequestBody

StaffId = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
MOST_PARTICIPANTS = 30
MOST_DECISIONS = 50


class MeetingChange(RequestBody):
    """What is left out stays as it is."""

    chair_id: StaffId | None = None
    participants: list[StaffId] | None = Field(
        default=None, min_length=1, max_length=MOST_PARTICIPANTS
    )
    meeting_at: AwareDatetime | None = None


class DecisionBody(RequestBody):
    """What was decided, who sees to it, by which day."""

    text: Words
    owner: Role
    due: date


class OutcomeBody(RequestBody):
    """What the meeting came to; `why_not` when the child took no part."""

    outcome: ReviewOutcome
    held_at: AwareDatetime
    child_took_part: bool
    why_not: Words | None = None
    minutes: Words
    decisions: list[DecisionBody] = Field(default=[], max_length=MOST_DECISIONS)

    def outcome_of_review(self) -> Outcome:
        return Outcome(
            outcome=self.outcome,
            held_at=self.held_at,
            child_took_part=self.child_took_part,
            why_not=self.why_not,
            minutes=self.minutes,
            decisions=tuple(Decision(each.text, each.owner, each.due) for each in self.decisions),
        )


class DecisionView(BaseModel):
    text: str
    owner: Role
    due: date


class ReviewView(BaseModel):
    """A review as far as this viewer may see it; the rest is null."""

    review_id: UUID
    case_ref: str
    number: int
    state: ReviewState
    due_at: AwareDatetime | None = None
    convene_at: AwareDatetime | None = None
    chair_sought: bool | None = None
    chair_id: str | None = None
    participants: list[str] | None = None
    meeting_at: AwareDatetime | None = None
    outcome: ReviewOutcome | None = None
    held_at: AwareDatetime | None = None
    child_took_part: bool | None = None
    decisions: list[DecisionView] | None = None
    why_not: str | None = None
    minutes: str | None = None

    @classmethod
    def of(cls, review: Review, sections: frozenset[Section]) -> "ReviewView":
        view = cls(
            review_id=review.id,
            case_ref=review.case_ref,
            number=review.number,
            state=review.state,
        )
        if Section.DEADLINES in sections:
            view.due_at, view.convene_at = review.due_at, review.convene_at
            view.chair_sought = review.chair_sought
        if Section.PLAN in sections:
            view.chair_id, view.meeting_at = review.chair_id, review.meeting_at
            view.participants = list(review.participants)
            view._add_outcome(review.recorded, sections)
        return view

    def _add_outcome(self, recorded: Outcome | None, sections: frozenset[Section]) -> None:
        if recorded is None:
            return
        self.outcome, self.held_at = recorded.outcome, recorded.held_at
        self.child_took_part = recorded.child_took_part
        self.decisions = [
            DecisionView(text=each.text, owner=each.owner, due=each.due)
            for each in recorded.decisions
        ]
        if Section.ASSESSMENT in sections:
            self.why_not, self.minutes = recorded.why_not, recorded.minutes


class OutcomeView(BaseModel):
    """The review as held, and the next one, unless closure has begun."""

    review: ReviewView
    next_review: ReviewView | None = None


class ReviewList(BaseModel):
    reviews: list[ReviewView]


class Acknowledged(BaseModel):
    """Who took a deadline up first, and when; null when it was settled before anybody did."""

    deadline_id: UUID
    acknowledged_by: str | None
    acknowledged_at: AwareDatetime | None
