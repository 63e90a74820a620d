"""What PeriodicReview knows."""

from datetime import datetime

from pydantic.dataclasses import dataclass

from workflows.journey import JourneyState


@dataclass
class ReviewState(JourneyState):
    """Instants of the case, in UTC; `convene_at` is known once the review is scheduled."""

    convene_at: datetime | None = None
    convening_called: bool = False
    convened: bool = False
    ended: bool = False
