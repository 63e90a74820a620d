"""How long an archived file is kept, and that people decide what comes then: never the machine alone.

The length is the pack's; an agency sets what its law demands. Source: practice.md, step 7 (archived securely).
"""

from dataclasses import replace
from datetime import datetime

from domain.case import Case, demand_status
from domain.closure import of
from domain.errors import Malformed
from domain.policy import Pack
from domain.vocabulary import CaseStatus

PERIOD = "retention"
LONGEST_YEARS = 100  # a slip of the pen, not a policy
SET, ENDED = "retention.set", "retention.ended"


def ends_at(archived_at: datetime, pack: Pack) -> datetime | None:
    """From then on people are asked whether the file is erased (UTC); None where the pack names no period."""
    period = pack.periods.get(PERIOD)
    return None if period is None else period.after(archived_at, pack.calendar)


def is_over(case: Case, now: datetime) -> bool:
    """A file without an end is kept until people say otherwise."""
    closure = case.closure
    if case.status is not CaseStatus.ARCHIVED or closure is None or closure.erase_at is None:
        return False
    return closure.erase_at <= now


def over_from(case: Case) -> str:
    """When the file's time is over, in words for whoever is refused."""
    closure = case.closure
    if case.status is not CaseStatus.ARCHIVED or closure is None or closure.erase_at is None:
        return "a file that is archived, after the time that it is kept"
    return f"from {closure.erase_at.isoformat()} on"


def keep(case: Case, until: datetime, now: datetime) -> Case:
    """Kept longer, with a reason; a retention is never shortened. Raises StepOutOfOrder, Malformed."""
    demand_status(case, CaseStatus.ARCHIVED)
    closure = of(case)
    earliest = max(now, closure.erase_at or now)
    if until <= earliest:
        raise Malformed(
            "A file is kept longer, not shorter.",
            field="until",
            allowed=[f"later than {earliest.isoformat()}"],
        )
    if until.year - now.year > LONGEST_YEARS:
        raise Malformed(
            "Nobody would be there to look at it.",
            field="until",
            allowed=[f"within {LONGEST_YEARS} years"],
        )
    return replace(case, closure=replace(closure, erase_at=until))
