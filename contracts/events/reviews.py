"""Facts about periodic reviews. Only services.reviews announces them."""

from typing import Annotated, ClassVar

from contracts.events.base import CaseEvent, Count, Flag, Id, Instant, ShortId, classified
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
