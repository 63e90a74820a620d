"""Moving a case to another policy pack: each open duty reckoned anew from its own anchor, the old one kept.

A duty whose date was agreed with people keeps it. A duty that the new practice does not know ends with the move.
Source: design.md, Policy packs and Deadlines.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from domain.case import IN_WORK, Case, demand_status
from domain.deadlines import NAMESPACE, Consequences, Deadline, Responsible, cancel, moments
from domain.errors import Refusal
from domain.policy import Pack, StepRule, Unit
from domain.vocabulary import CaseStatus, DeadlineState, Risk

REPINNED = "case.repinned"
_RISING = (Risk.UNKNOWN, Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.IMMINENT)


class PolicyUnchanged(Refusal):
    """The case follows this policy pack already."""

    code = "policy-unchanged"


class PolicyLeavesNoDuty(Refusal):
    """Under this policy pack nobody would owe this case anything."""

    code = "policy-leaves-no-duty"


@dataclass(frozen=True, slots=True)
class Move:
    """One duty as it stands, and as it would stand; `after` None: the new practice does not know it."""

    before: Deadline
    after: Deadline | None


def repin(case: Case, pack: Pack) -> Case:
    """Raises StepOutOfOrder for a case that owes nothing any more, and PolicyUnchanged."""
    demand_status(case, *IN_WORK, CaseStatus.CLOSED)
    if case.policy == pack.id:
        raise PolicyUnchanged
    return replace(case, policy=pack.id)


def moves(
    standing: Iterable[Deadline], before: Pack, after: Pack, risk: Risk, because: UUID
) -> tuple[Move, ...]:
    """What would change; a duty that stays the same to the minute, with its reminders and rungs, is left alone."""
    found = []
    for deadline in standing:
        if deadline.state is not DeadlineState.OPEN:
            continue
        fresh = _rederived(deadline, before, after, risk, because)
        if fresh is None or _differs(deadline, fresh):
            found.append(Move(deadline, fresh))
    return tuple(found)


def demand_duties_left(standing: Iterable[Deadline], found: Iterable[Move]) -> None:
    """Raises PolicyLeavesNoDuty when every open duty would end without a successor."""
    ended = {move.before.id for move in found if move.after is None}
    left = [each for each in standing if each.id not in ended]
    if ended and not left:
        raise PolicyLeavesNoDuty(field="policy")


def as_consequences(found: Iterable[Move], at: datetime) -> Consequences:
    """Each old duty cancelled with its successor's id, each successor set."""
    found = tuple(found)
    return Consequences(
        set=tuple(move.after for move in found if move.after),
        cancelled=tuple(
            cancel(move.before, at, successor=move.after.id if move.after else None)
            for move in found
        ),
    )


def _rederived(
    deadline: Deadline, before: Pack, after: Pack, risk: Risk, because: UUID
) -> Deadline | None:
    rule = after.steps.get(deadline.step)
    if rule is None:
        return None
    limit = rule.limit(_risk_behind(deadline, before.steps.get(deadline.step), risk))
    due_at = deadline.due_at
    if limit.unit is not Unit.AS_AGREED and not _is_agreed(deadline, before):
        due_at = limit.after(deadline.anchored_at, after.calendar)
    bearer = deadline.responsible
    return replace(
        deadline,
        id=uuid5(NAMESPACE, f"{because}|{deadline.id}"),
        responsible=bearer
        if bearer.role is rule.responsible
        else Responsible(bearer.agency_id, rule.responsible),
        rule=f"{limit} from {deadline.anchor}{_since(deadline)}",
        policy=after.id,
        calendar=after.calendar.version,
        due_at=due_at,
        moments=moments(rule, deadline.anchored_at, due_at, after.calendar),
        version=deadline.version + 1,
        acknowledged_by=None,
        acknowledged_at=None,
    )


def _since(deadline: Deadline) -> str:
    """What became of the duty since it was set, as its rule tells it: `; extension approved`."""
    return "".join(deadline.rule.partition("; ")[1:])


def _is_agreed(deadline: Deadline, before: Pack) -> bool:
    """Whether people set the date: by agreement, or by an extension of what the practice gave."""
    rule = before.steps.get(deadline.step)
    if rule is None:
        return False
    reckoned = {
        limit.after(deadline.anchored_at, before.calendar)
        for limit in (*rule.limits.values(), *rule.first_rounds)
        if limit.unit is not Unit.AS_AGREED
    }
    return deadline.due_at not in reckoned


def _risk_behind(deadline: Deadline, rule: StepRule | None, now: Risk) -> Risk:
    """The risk at which the duty was set: the present one if it explains its limit, else the highest that does."""
    if rule is None or f"{rule.limit(now)} from {deadline.anchor}" == deadline.rule:
        return now
    explaining = [
        risk for risk in _RISING if f"{rule.limit(risk)} from {deadline.anchor}" == deadline.rule
    ]
    return explaining[-1] if explaining else now


def _differs(deadline: Deadline, fresh: Deadline) -> bool:
    return (deadline.due_at, deadline.moments, deadline.responsible) != (
        fresh.due_at,
        fresh.moments,
        fresh.responsible,
    )
