"""A need that no service meets: noted, counted and never hidden, until a service is found after all.

Source: practice.md, section 2 (the plan is led by needs, not by which services exist).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.case import Case, demand_in_work
from domain.errors import Refusal


class NeedAlreadyNoted(Refusal):
    """This need is noted as unmet in this area already."""

    code = "need-already-noted"


class NeedMetAlready(Refusal):
    """A service was found for this need before."""

    code = "need-met"


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """`need` and `area` are codes as in pathways; instants are UTC."""

    id: UUID
    need: str
    area: str
    plan_version: int
    noted_at: datetime
    noted_by: str
    met_at: datetime | None = None
    met_by: str | None = None
    referral_id: UUID | None = None


def note(case: Case, need: UnmetNeed, known: Iterable[UnmetNeed]) -> UnmetNeed:
    """Raises NeedAlreadyNoted, StepOutOfOrder."""
    demand_in_work(case)
    if standing(known, need.need, need.area) is not None:
        raise NeedAlreadyNoted(field="need")
    return need


def standing(known: Iterable[UnmetNeed], need: str, area: str) -> UnmetNeed | None:
    """The one that is noted and still unmet, if any."""
    return next(
        (each for each in known if (each.need, each.area) == (need, area) and each.met_at is None),
        None,
    )


def became(known: Iterable[UnmetNeed]) -> dict[tuple[str, str], datetime | None]:
    """When each need in its area was met last (UTC); None while it is unmet, however often it was met before."""
    found: dict[tuple[str, str], datetime | None] = {}
    for each in known:
        before = found.get((each.need, each.area), each.met_at)
        found[each.need, each.area] = max(before, each.met_at) if before and each.met_at else None
    return found


def meet(
    case: Case, need: UnmetNeed, by: str, referral_id: UUID | None, now: datetime
) -> UnmetNeed:
    """Raises NeedMetAlready, StepOutOfOrder."""
    demand_in_work(case)
    if need.met_at is not None:
        raise NeedMetAlready
    return replace(need, met_at=now, met_by=by, referral_id=referral_id)
