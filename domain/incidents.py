"""A child has died or was seriously harmed: said at once, once, to those who learn from cases.

Source: practice.md, section 3 (trigger of a serious case review).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.case import Case, demand_status
from domain.errors import Malformed
from domain.recording import demand_past
from domain.vocabulary import CaseStatus

FACT = "serious-incident.flagged"
CHILDHOOD_YEARS = 30  # a slip of the pen, not a policy
_KNOWN = tuple(
    status
    for status in CaseStatus
    if status not in (CaseStatus.IDENTIFIED, CaseStatus.REFUSED, CaseStatus.JOINED)
)


class IncidentKind(StrEnum):
    """What happened to the child."""

    DEATH = "death"
    SERIOUS_HARM = "serious-harm"


@dataclass(frozen=True, slots=True)
class Flagged:
    """What was said before; `suspected`: abuse or neglect is known or suspected."""

    kind: IncidentKind
    suspected: bool


def flag(case: Case, occurred_at: datetime, now: datetime) -> None:
    """Also of harm before the registration or after a closure: it is learnt from too.

    Raises StepOutOfOrder, OccurredInFuture, Malformed.
    """
    demand_status(case, *_KNOWN)
    demand_past(occurred_at, now, "occurred_at")
    if now.year - occurred_at.year > CHILDHOOD_YEARS:
        raise Malformed(
            "A child's case is about a childhood.",
            field="occurred_at",
            allowed=[f"within the last {CHILDHOOD_YEARS} years"],
        )


def died_at(died_on: date, zone: str, now: datetime) -> datetime:
    """A death is known by its day: the last instant of it in the agency's zone (UTC), or now if it still lasts."""
    end = time(23, 59, 59, fold=1)  # the later one, where clocks go back at midnight
    return min(datetime.combine(died_on, end, ZoneInfo(zone)).astimezone(UTC), now)


def is_news(before: Iterable[Flagged], now_said: Flagged) -> bool:
    """A child dies once: said again only when a suspicion comes to it."""
    if now_said.kind is not IncidentKind.DEATH:
        return True
    deaths = [each for each in before if each.kind is IncidentKind.DEATH]
    known = any(each.suspected for each in deaths)
    return not deaths or (now_said.suspected and not known)
