"""What a meeting decides: who sees to it, by which day, and who may say that it is done.

A decision that names a person is a duty with a deadline; one that names a role alone, where the pack says so.
Source: practice.md, step 5 (decisions with owners and dates).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Malformed, Refusal
from domain.policy import Pack
from domain.vocabulary import Role

BY_ROLE_TOO = "decisions-by-role-are-duties"
_END_OF_DAY = time(23, 59)


class DecisionDuePassed(Malformed):
    """What a meeting decides falls due on the day it was held, or later."""

    code = "decision-due-passed"


class DecisionCarriedOutAlready(Refusal):
    """It is on the record already that this was carried out."""

    code = "decision-carried-out-already"


class DoneInFuture(Malformed):
    """Nothing can have been carried out in the future."""

    code = "done-in-future"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: in words, who sees to it, and by which day; `owner_id` names the person."""

    text: str
    owner: Role
    due: date
    owner_id: str | None = None


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A decision on the record, apart from its words; `due_at` (UTC) None: it has no deadline of its own."""

    id: UUID
    case_ref: str
    owner: Role
    owner_id: str | None
    owner_agency_id: str
    due: date
    due_at: datetime | None
    taken_at: datetime
    carried_out_at: datetime | None = None
    carried_out_by: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision with its words; `taken_in` is the review or meeting, `chair_id` whoever led it."""

    undertaking: Undertaking
    text: str
    taken_in: UUID
    chair_id: str | None


def demand_dates(decisions: Sequence[Decision], held_at: datetime, zone: str) -> None:
    """Raises DecisionDuePassed with the place of the first that was due before the meeting."""
    held_on = held_at.astimezone(ZoneInfo(zone)).date()
    for number, decision in enumerate(decisions):
        if decision.due < held_on:
            raise DecisionDuePassed(field=f"decisions.{number}.due")


def is_duty(decision: Decision, pack: Pack) -> bool:
    return decision.owner_id is not None or pack.figures.get(BY_ROLE_TOO, 0) > 0


def due_at(due: date, zone: str) -> datetime:
    """The end of the day agreed, UTC."""
    return datetime.combine(due, _END_OF_DAY, ZoneInfo(zone)).astimezone(UTC)


def carry_out(undertaking: Undertaking, by: str, done_at: datetime, now: datetime) -> Undertaking:
    """Raises DecisionCarriedOutAlready, DoneInFuture, or Malformed for a time before it was decided."""
    if undertaking.carried_out_at is not None:
        raise DecisionCarriedOutAlready
    if done_at > now:
        raise DoneInFuture(field="done_at")
    if done_at < undertaking.taken_at:
        raise Malformed("It was decided later than that.", field="done_at")
    return replace(undertaking, carried_out_at=done_at, carried_out_by=by)


def demand_bearer(
    undertaking: Undertaking, viewer: Viewer, custody: Custody, chair_id: str | None
) -> None:
    """By its owner, by whoever holds the owner's place on the case now, or by the chair; else Hidden."""
    if viewer.staff_id in (undertaking.owner_id, chair_id):
        return
    place = {Role.CASEWORKER: custody.caseworker_id, Role.SUPERVISOR: custody.supervisor_id}
    if undertaking.owner in place:
        holds = viewer.staff_id == place[undertaking.owner]
    else:
        holds = undertaking.owner_id is None and viewer.has(undertaking.owner)
    if not holds or viewer.agency_id != undertaking.owner_agency_id:
        raise Hidden
