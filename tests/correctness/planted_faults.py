"""Faults planted one at a time, each of which the lifecycle's machines have to meet: what holds them sharp."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain import announcing, closure, deadlines, extending
from domain import case as cases
from domain.deadlines import Consequences, Deadline
from domain.vocabulary import DeadlineState
from infrastructure import deadline_store
from infrastructure.unit_of_work import UnitOfWork
from tests.correctness.case_on_record import CaseOnRecord

Plant = Callable[[pytest.MonkeyPatch], None]


def own_closure_approved(patch: pytest.MonkeyPatch) -> None:
    """And declined."""
    true = closure._demand_decider

    def anybody(case: Any, viewer: Any) -> Any:
        if case.closure is None:
            return true(case, viewer)
        by_another = replace(case.closure, requested_by="somebody else")
        true(replace(case, closure=by_another), viewer)
        return case.closure

    patch.setattr(closure, "_demand_decider", anybody)


def own_request_decided(patch: pytest.MonkeyPatch) -> None:
    true = extending.decide

    def decide(request: Any, by: str, now: datetime, *, approved: bool) -> Any:
        by_another = replace(request, asked_by="somebody else")
        return replace(true(by_another, by, now, approved=approved), asked_by=request.asked_by)

    patch.setattr(extending, "decide", decide)


def what_was_met_is_missed(patch: pytest.MonkeyPatch) -> None:
    true = announcing.announcement

    def announcement(deadline: Deadline, *rest: Any, **named: Any) -> Any:
        return true(replace(deadline, state=DeadlineState.OPEN), *rest, **named)

    patch.setattr(announcing, "announcement", announcement)


def _sets_nothing(fact_name: str) -> Plant:
    def plant(patch: pytest.MonkeyPatch) -> None:
        true = deadlines.consequences

        def consequences(pack: Any, owner: str, standing: Any, fact: Any) -> Consequences:
            found = true(pack, owner, standing, fact)
            return replace(found, set=()) if fact.name == fact_name else found

        patch.setattr(deadlines, "consequences", consequences)

    return plant


def what_it_lives_by_is_let_go(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(extending, "_LIVED_BY", frozenset())


def days_of_two_pauses_count_twice(patch: pytest.MonkeyPatch) -> None:
    true = extending._demand_pausable
    patch.setattr(extending, "_demand_pausable", lambda *asked: true(*asked[:-1], ()))


def pause_gives_twice_its_length(patch: pytest.MonkeyPatch) -> None:
    true = extending.grant

    def grant(request: Any, duty: Any, pack: Any, now: datetime) -> Any:
        before, after = true(request, duty, pack, now)
        more = request.until - now if request.kind is extending.Kind.PAUSE else timedelta()
        return before, replace(after, due_at=after.due_at + more)

    patch.setattr(extending, "grant", grant)


def case_at_its_end_takes_steps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cases, "demand_in_work", lambda _: None)


def history_is_rewritten(patch: pytest.MonkeyPatch) -> None:
    """By the tables' owner, before every look; the service itself has no right to."""
    true = CaseOnRecord.look
    first = "(SELECT min(place) FROM facts)"
    again = f"UPDATE facts SET recorded_by = clock_timestamp()::text WHERE place = {first}"

    def look(case: CaseOnRecord) -> Any:
        case.readers.runner.run(case.readers.connection.execute(again))
        return true(case)

    patch.setattr(CaseOnRecord, "look", look)


def instant_is_rewritten(patch: pytest.MonkeyPatch) -> None:
    """A day more for whatever is taken up, met or moved."""
    true = deadline_store.save

    async def save(uow: UnitOfWork, deadline: Deadline) -> None:
        later = "UPDATE deadlines SET due_at = due_at + interval '1 day' WHERE id = :id"
        await uow.connection.execute(text(later), {"id": deadline.id})
        await true(uow, deadline)

    patch.setattr(deadline_store, "save", save)


def refusal_leaves_its_rows(patch: pytest.MonkeyPatch) -> None:
    async def rollback(_: AsyncConnection) -> None: ...

    patch.setattr(AsyncConnection, "rollback", rollback)


def command_is_not_audited(patch: pytest.MonkeyPatch) -> None:
    true = UnitOfWork.audit

    def audit(uow: UnitOfWork, action: str, *rest: Any, **named: Any) -> None:
        if action != "reopen-case":
            true(uow, action, *rest, **named)

    patch.setattr(UnitOfWork, "audit", audit)


# In the rules, so that both machines meet them.
IN_RULES: dict[str, Plant] = {
    "own closure approved": own_closure_approved,
    "own request decided": own_request_decided,
    "what was met is missed": what_was_met_is_missed,
    "a follow-up has no next one": _sets_nothing("follow-up.continued"),
    "an understood case owes no plan": _sets_nothing("comprehensive-assessment.recorded"),
    "a case that came back owes nothing": _sets_nothing("case.reopened"),
    "what a case lives by is let go": what_it_lives_by_is_let_go,
    "days of two pauses count twice": days_of_two_pauses_count_twice,
    "a pause gives twice its length": pause_gives_twice_its_length,
    "a case at its end takes steps": case_at_its_end_takes_steps,
}
ON_RECORD: dict[str, Plant] = IN_RULES | {
    "history is rewritten": history_is_rewritten,
    "an instant is rewritten": instant_is_rewritten,
    "a refusal leaves its rows": refusal_leaves_its_rows,
    "a command is not audited": command_is_not_audited,
}
# For the machine on Postgres: at which stage the fault can be met, and in which words it is said.
MET = {
    "own closure approved": ("closure asked for by the supervisor", "by who asked"),
    "own request decided": ("more time asked for", "a request decided by who asked"),
    "what was met is missed": ("active", "was said of what had ended"),
    "a follow-up has no next one": ("active", "a line of follow-ups has no next one"),
    "an understood case owes no plan": ("registered", "planning: no next step"),
    "a case that came back owes nothing": ("archived", "registered: no next step"),
    "what a case lives by is let go": ("active", "waiver-requests: this is forbidden"),
    "days of two pauses count twice": ("more time asked for", "pause-requests: this is forbidden"),
    "a pause gives twice its length": ("active", "a pause gave more or less than it lasted"),
    "a case at its end takes steps": ("archived", "risk.changed in an archived file"),
    "history is rewritten": ("registered", "facts was changed"),
    "an instant is rewritten": ("more time asked for", "its instants were changed"),
    "a refusal leaves its rows": ("active", "was refused and changed"),
    "a command is not audited": ("closed, look back owed", "was done and not audited"),
}
