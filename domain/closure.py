"""When a case may close: a ground that holds, gains that have settled, and somebody else's approval.

Source: practice.md, step 7 and section 4 (settling period, stand-in).
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain import closure_grounds, disclosure, engagement
from domain.case import IN_WORK, Case, Closure, ClosureState, demand_known, demand_status
from domain.closure_grounds import Grounds
from domain.disclosure import Viewer
from domain.errors import Malformed, Refusal
from domain.policy import Pack
from domain.recording import demand_past
from domain.vocabulary import CaseStatus, Ground, Risk

SETTLING = "settling"


class GoalsAlreadyAchieved(Refusal):
    """The goals are on record as achieved; the settling period runs."""

    code = "goals-already-achieved"


class GoalsNotAchieved(Refusal):
    """The goals are not on record as achieved."""

    code = "goals-not-achieved"


class ApprovedByRequester(Refusal):
    """Whoever asks for a closure does not decide on it."""

    code = "approved-by-requester"


class ClosureAwaitsSupervisor(Refusal):
    """The case's supervisor decides; a manager of the agency only once the time for it has passed."""

    code = "closure-awaits-supervisor"


class ClosureNotRequested(Refusal):
    """Nobody has asked for this case to be closed."""

    code = "closure-not-requested"


class LookBackNotOwed(Refusal):
    """Nobody looks back with a child who has died."""

    code = "look-back-not-owed"


class NotTriedEnough(Refusal):
    """Before nobody is held to be reachable, attempts since the closure are on the record."""

    code = "not-tried-enough"


class DeathOnRecord(Refusal):
    """The child has died, says the record: such a case comes back only where that was recorded in error."""

    code = "death-on-record"


class LookBackMissing(Refusal):
    """The file is archived after the last follow-up."""

    code = "look-back-missing"


def of(case: Case) -> Closure:
    """The case's present way towards its end; raises ClosureNotRequested."""
    if case.closure is None:
        raise ClosureNotRequested
    return case.closure


def has_died(case: Case) -> bool:
    """Whether the case ends, or is asked to end, because the child has died."""
    return case.closure is not None and case.closure.ground is Ground.DIED


def can_begin(case: Case) -> bool:
    """Whether the case is in work, and no way towards its end is under way."""
    return case.status in IN_WORK and case.closure is None


def settle(case: Case, closure_id: UUID, pack: Pack, now: datetime) -> Case:
    """The goals are achieved; from now the gains must hold for the pack's settling period."""
    if case.closure is not None:
        raise GoalsAlreadyAchieved
    demand_status(case, CaseStatus.ACTIVE)
    settled_at = pack.period(SETTLING).after(now, pack.calendar)
    return replace(case, closure=Closure(closure_id, ClosureState.SETTLING, settled_at))


def lose_gains(case: Case) -> tuple[Case, Closure]:
    """What was reached has not held: the plan goes on. Raises GoalsNotAchieved."""
    if case.closure is None or case.closure.state is not ClosureState.SETTLING:
        raise GoalsNotAchieved
    return replace(case, closure=None), replace(case.closure, state=ClosureState.LOST)


def request(
    case: Case, said: Grounds, requested_by: str, closure_id: UUID, pack: Pack, now: datetime
) -> Case:
    """Asks for closure; raises what its ground is refused with."""
    demand_status(
        case, CaseStatus.REGISTERED, CaseStatus.ASSESSING, CaseStatus.PLANNING, CaseStatus.ACTIVE
    )
    closure_grounds.demand(said, case, pack, now)
    begun = case.closure or Closure(closure_id, ClosureState.REQUESTED)
    asked = replace(
        begun,
        state=ClosureState.REQUESTED,
        ground=said.ground,
        requested_by=requested_by,
        requested_at=now,
        status_before=case.status,
    )
    return replace(case, status=CaseStatus.CLOSING, closure=asked)


def approve(case: Case, viewer: Viewer, now: datetime) -> Case:
    """Closes the case; raises ApprovedByRequester, ClosureAwaitsSupervisor, Hidden."""
    asked = _demand_decider(case, viewer)
    done = replace(asked, state=ClosureState.CLOSED, decided_by=viewer.staff_id, closed_at=now)
    return replace(case, status=CaseStatus.CLOSED, closure=done)


def decline(case: Case, viewer: Viewer) -> tuple[Case, Closure]:
    """The case goes on where it stood; raises like `approve`."""
    asked = _demand_decider(case, viewer)
    declined = replace(asked, state=ClosureState.DECLINED, decided_by=viewer.staff_id)
    return replace(case, status=asked.status_before or CaseStatus.ACTIVE, closure=None), declined


def pass_to_stand_in(case: Case, now: datetime) -> Case | None:
    """A manager may decide from now on; None when the request is decided or passed on already."""
    asked = case.closure
    if asked is None or asked.state is not ClosureState.REQUESTED:
        return None
    if asked.passed_to_stand_in_at is not None:
        return None
    return replace(case, closure=replace(asked, passed_to_stand_in_at=now))


def demand_heard(
    occurred_at: datetime | None, gains_hold: bool | None, feedback: str
) -> tuple[datetime, bool]:
    """Of a look back in which somebody was reached: when that was, and what was said. Raises Malformed."""
    if occurred_at is None:
        raise Malformed("Say when you spoke with child or family.", field="occurred_at")
    if gains_hold is None:
        raise Malformed(
            "Say whether the gains hold.", field="gains_hold", allowed=["true", "false"]
        )
    if not feedback:
        raise Malformed("Say what child and family had to say.", field="feedback")
    return occurred_at, gains_hold


def demand_unheard(occurred_at: datetime | None, gains_hold: bool | None, feedback: str) -> None:
    """Of a look back in which nobody was reached there is nothing to tell. Raises Malformed."""
    told = {"occurred_at": occurred_at, "gains_hold": gains_hold, "feedback": feedback or None}
    for field, said in told.items():
        if said is not None:
            raise Malformed(
                "Nobody was reached who could say so.", field=field, allowed=["left out"]
            )


def look_back(case: Case, occurred_at: datetime, now: datetime) -> Case:
    """The last follow-up after closure, with feedback; raises LookBackNotOwed, OccurredInFuture."""
    ended = _demand_look_back(case)
    demand_past(occurred_at, now, "occurred_at")
    if ended.closed_at is not None and occurred_at < ended.closed_at:
        raise Malformed("A look back comes after the closure.", field="occurred_at")
    return replace(case, closure=replace(ended, looked_back_at=occurred_at))


def look_back_in_vain(
    case: Case, attempts: Collection[datetime], pack: Pack, now: datetime
) -> Case:
    """Nobody could be reached, after as many attempts since the closure as the pack asks for.

    Raises LookBackNotOwed, NotTriedEnough.
    """
    ended = _demand_look_back(case)
    since = [at for at in attempts if ended.closed_at is None or at >= ended.closed_at]
    if not engagement.is_serious(since, pack):
        raise NotTriedEnough(field="someone_reached", allowed=[engagement.demanded(pack)])
    return replace(case, closure=replace(ended, looked_back_at=now))


def archive(case: Case, erase_at: datetime | None = None) -> Case:
    """Kept until `erase_at`; raises LookBackMissing, though not for a child who has died."""
    ended = _demand_closed(case)
    if ended.looked_back_at is None and not has_died(case):
        raise LookBackMissing
    return replace(case, status=CaseStatus.ARCHIVED, closure=replace(ended, erase_at=erase_at))


def reopen(case: Case, risk: Risk, death_in_error: bool = False) -> Case:
    """The same reference, the history intact, assessed anew; raises DeathOnRecord."""
    demand_status(case, CaseStatus.CLOSED, CaseStatus.ARCHIVED)
    demand_known(risk)
    if has_died(case) and not death_in_error:
        raise DeathOnRecord(field="death_recorded_in_error", allowed=["true"])
    return replace(
        case,
        status=CaseStatus.REGISTERED,
        risk=risk,
        closure=None,
        times_reopened=case.times_reopened + 1,
    )


def _demand_closed(case: Case) -> Closure:
    demand_status(case, CaseStatus.CLOSED)
    return of(case)


def _demand_look_back(case: Case) -> Closure:
    ended = _demand_closed(case)
    if has_died(case):
        raise LookBackNotOwed
    return ended


def _demand_decider(case: Case, viewer: Viewer) -> Closure:
    """Who decides is looked at before what there is to decide: outsiders learn neither."""
    is_asked = case.closure is not None and case.closure.state is ClosureState.REQUESTED
    if is_asked and viewer.staff_id == of(case).requested_by:
        raise ApprovedByRequester
    is_supervisor = disclosure.may(viewer, case.custody, disclosure.Action.APPROVE_CLOSURE)
    if not is_supervisor:
        disclosure.demand(viewer, case.custody, disclosure.Action.APPROVE_CLOSURE_AS_STAND_IN)
    if not is_asked:
        raise ClosureNotRequested
    asked = of(case)
    if not is_supervisor and asked.passed_to_stand_in_at is None:
        raise ClosureAwaitsSupervisor
    return asked
