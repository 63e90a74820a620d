"""Where a plan's goal stands by its own measures: each is read as a value, or as reached or not.

Nothing is scored: a goal shows which of its measures are reached. Source: practice.md, step 4 (a SMART goal has
its measures) and step 6 (reviews ask what was reached).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.case import Case, demand_status
from domain.errors import Malformed, Refusal
from domain.recording import demand_past, demand_since
from domain.vocabulary import CaseStatus

IN_FORCE = (CaseStatus.ACTIVE, CaseStatus.CLOSING)  # when a case has a plan that it goes by


class MeasureIncomplete(Malformed):
    """A target is a change: it says from where, to where, and in which unit."""

    code = "measure-incomplete"


class MeasureOutOfTime(Malformed):
    """A measure is reached between today and the date of the goal."""

    code = "measure-out-of-time"


class ReadingUnfit(Malformed):
    """A measure with a target is read as a value; one in words is reached or not."""

    code = "reading-unfit"


class MeasureOver(Refusal):
    """This measure belongs to a plan that was replaced."""

    code = "measure-over"


@dataclass(frozen=True, slots=True)
class Target:
    """From where to where: upwards or downwards, as the two numbers say."""

    baseline: float
    target: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One way in which the goal shows; `by` is a date in the agency's zone. Its words are sealed elsewhere."""

    id: UUID
    plan_version: int
    place: int
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a measure stood; instants are UTC, the value is sealed elsewhere."""

    id: UUID
    measure_id: UUID
    measured_at: datetime
    recorded_at: datetime
    reached: bool


def read_target(
    baseline: float | None, target: float | None, unit: str, field: str
) -> Target | None:
    """None for a measure in words; raises MeasureIncomplete for half a target."""
    if baseline is None and target is None and not unit:
        return None
    if baseline is None:
        raise MeasureIncomplete(field=f"{field}.baseline")
    if target is None:
        raise MeasureIncomplete(field=f"{field}.target")
    if not unit:
        raise MeasureIncomplete(field=f"{field}.unit")
    if baseline == target:
        raise MeasureIncomplete("The target differs from where it stands.", field=f"{field}.target")
    return Target(baseline, target)


def demand_in_time(by: date | None, time_bound: date, today: date, field: str) -> None:
    """Raises MeasureOutOfTime."""
    if by is not None and not today < by <= time_bound:
        raise MeasureOutOfTime(field=field)


def continued(
    words: Sequence[object], before: Sequence[tuple[UUID, object]]
) -> tuple[UUID | None, ...]:
    """For each measure of a new plan the one of the plan before that it goes on with: the same, word for word."""
    left = list(before)
    found: list[UUID | None] = []
    for each in words:
        same = next((old for old in left if old[1] == each), None)
        if same is not None:
            left.remove(same)
        found.append(same[0] if same else None)
    return tuple(found)


def read(
    case: Case,
    measure: Measure,
    target: Target | None,
    value: float | None,
    reached: bool | None,
    measured_at: datetime,
    now: datetime,
) -> bool:
    """Whether it is reached; raises ReadingUnfit, MeasureOver, OccurredInFuture, BeforeRegistration."""
    demand_status(case, *IN_FORCE)
    if measure.plan_version != case.plan_version:
        raise MeasureOver
    demand_past(measured_at, now, "measured_at")
    demand_since(measured_at, case.registered_at, "measured_at")
    if target is None:
        if reached is None or value is not None:
            raise ReadingUnfit("Say whether it is reached.", field="reached")
        return reached
    if value is None or reached is not None:
        raise ReadingUnfit("Say the value; whether it is reached follows from it.", field="value")
    return share_of_way(target, value) >= 1


def share_of_way(target: Target, value: float) -> float:
    """From 0 at the baseline to 1 at the target; beyond either it may be less or more."""
    return (value - target.baseline) / (target.target - target.baseline)


def settles(by: date | None, reached: bool, measured_on: date) -> bool:
    """Whether nobody need measure again for its date: it is reached, or was looked at when it should be."""
    return reached or (by is not None and measured_on >= by)


def latest(readings: Iterable[Reading]) -> Reading | None:
    """The one that says where the measure stands: last measured, and of those last recorded."""
    return max(readings, key=lambda each: (each.measured_at, each.recorded_at), default=None)


def is_reached(readings: Iterable[Reading]) -> bool:
    last = latest(readings)
    return last is not None and last.reached


def share_reached(reached: Sequence[bool]) -> float | None:
    """How many of the measures are reached, from 0 to 1; None where there is none."""
    return sum(reached) / len(reached) if reached else None
