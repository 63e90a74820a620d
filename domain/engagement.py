"""What counts as serious engagement before a family's refusal ends a case: enough attempts, over enough time.

Figures are the pack's. Source: practice.md, step 7 (consistently refuses after serious engagement).
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from domain.policy import Limit, Pack
from domain.recording import demand_past, demand_since

FACT = "engagement.attempted"
FIGURE, PERIOD = "engagement-attempts", "engagement"


class Approach(StrEnum):
    """How somebody tried to reach child or family."""

    HOME_VISIT = "home-visit"
    CALL = "call"
    MESSAGE = "message"
    LETTER = "letter"
    MEETING = "meeting"
    THROUGH_OTHERS = "through-others"


def demand_made(at: datetime, registered_at: datetime | None, now: datetime) -> None:
    """Raises OccurredInFuture, BeforeRegistration."""
    demand_past(at, now, "at")
    demand_since(at, registered_at, "at")


def is_serious(attempts: Collection[datetime], pack: Pack) -> bool:
    """Two notes of one instant are one attempt; a pack that names no period asks for none."""
    made = sorted(set(attempts))
    if len(made) < needed(pack):
        return False
    period = _period(pack)
    return period is None or period.after(made[0], pack.calendar) <= made[-1]


def needed(pack: Pack) -> int:
    """One at least, whatever the pack says: nobody refuses who was never asked."""
    return max(1, pack.figures.get(FIGURE, 1))


def demanded(pack: Pack) -> str:
    """`3 attempts, the last 4 weeks after the first or later`."""
    count = needed(pack)
    said = f"{count} attempt{'' if count == 1 else 's'}"
    period = _period(pack)
    return said if period is None else f"{said}, the last {period} after the first or later"


def _period(pack: Pack) -> Limit | None:
    return pack.periods.get(PERIOD)
