"""What PeriodicReview knows."""

from dataclasses import dataclass
from datetime import datetime

from workflows.journey import JourneyState


@dataclass
class ReviewState(JourneyState):
    """Instants of the case, in UTC; `convene_at` is known once the review is scheduled."""

    convene_at: datetime | None = None
    convening_called: bool = False
    convened: bool = False
    ended: bool = False
