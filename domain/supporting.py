"""Help given in person between the dates of a plan, and what each kind of it has to tell.

Source: practice.md, step 5 (direct support, accompanying the child, advocacy, coordination).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.case import Case, demand_in_work
from domain.errors import Malformed
from domain.recording import demand_past, demand_since
from domain.vocabulary import Person


class SupportKind(StrEnum):
    """What a caseworker does herself."""

    DIRECT = "direct-support"
    ACCOMPANIMENT = "accompaniment"
    ADVOCACY = "advocacy"
    COORDINATION = "coordination"


# What a record of each kind must say, and what it may say beside what all may.
DEMANDED: dict[SupportKind, tuple[str, ...]] = {
    SupportKind.DIRECT: ("with_whom",),
    SupportKind.ACCOMPANIMENT: ("with_whom", "where_to"),
    SupportKind.ADVOCACY: ("toward_whom",),
    SupportKind.COORDINATION: ("agency_id",),
}
ALLOWED: dict[SupportKind, tuple[str, ...]] = {
    SupportKind.DIRECT: (),
    SupportKind.ACCOMPANIMENT: ("referral_id",),
    SupportKind.ADVOCACY: ("with_whom",),
    SupportKind.COORDINATION: ("with_whom", "referral_id"),
}


class SupportIncomplete(Malformed):
    """Each kind of support says what it was: with whom, where to, toward whom, with which agency."""

    code = "support-incomplete"


class SupportMismatch(Malformed):
    """This belongs to another kind of support."""

    code = "support-mismatch"


@dataclass(frozen=True, slots=True)
class Support:
    """Instants are UTC; where to and toward whom are words, sealed elsewhere."""

    id: UUID
    kind: SupportKind
    occurred_at: datetime
    with_whom: tuple[Person, ...] = ()
    agency_id: str | None = None
    action_id: UUID | None = None
    referral_id: UUID | None = None


def record(case: Case, support: Support, told: Collection[str], now: datetime) -> Support:
    """`told` names the parts that were given; raises SupportIncomplete, SupportMismatch, StepOutOfOrder."""
    demand_in_work(case)
    demand_past(support.occurred_at, now, "occurred_at")
    demand_since(support.occurred_at, case.registered_at, "occurred_at")
    demanded = DEMANDED[support.kind]
    for part in demanded:
        if part not in told:
            raise SupportIncomplete(field=part, allowed=demanded)
    fits = (*demanded, *ALLOWED[support.kind])
    for part in sorted(told):
        if part not in fits:
            raise SupportMismatch(field=part, allowed=fits)
    return support
