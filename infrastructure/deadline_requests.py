"""More time for a duty, asked for and decided on, the same in every service that owns deadlines.

The rules are domain.extending; here they meet the record and the bus. A service says only whose case a
deadline belongs to; who may ask and decide follows from that.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain import extending as rules
from domain.deadlines import Deadline
from domain.disclosure import Custody
from domain.errors import Hidden, Missing, Refusal
from domain.extending import Kind, Request, Right, Why
from infrastructure import deadline_events as events
from infrastructure import deadline_request_store as requests
from infrastructure import deadline_store
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork

# Raises Missing or Hidden for whoever may not know of the case.
CustodyOf = Callable[[UnitOfWork, Deadline], Awaitable[Custody]]


async def ask(
    uow: UnitOfWork,
    custody_of: CustodyOf,
    deadline_id: UUID,
    kind: Kind,
    why: Why,
    reason: str,
    until: datetime | None = None,
) -> Request:
    """By the duty bearer's side; raises Hidden, AlreadyAsked and what demand_askable raises."""
    duty, custody = await _load(uow, custody_of, deadline_id, Right.ASK, f"request-{kind}")
    granted = await _granted_before(uow, duty)
    rules.demand_askable(duty, uow.packs.get(duty.policy), kind, until, uow.now, granted)
    if await requests.is_waiting(uow, duty.id):
        raise rules.AlreadyAsked
    request = Request(
        id=new_id(),
        deadline_id=duty.id,
        case_ref=duty.case_ref,
        kind=kind,
        why=why,
        asked_by=uow.viewer.staff_id,
        asked_at=uow.now,
        until=until,
    )
    await requests.add(uow, request, duty, custody.agency_id, reason)
    return request


async def approve(
    uow: UnitOfWork, custody_of: CustodyOf, request_id: UUID, note: str = ""
) -> Request:
    """By somebody else with authority; the duty changes at once, and it is said."""
    asked = await requests.find(uow, request_id)
    action = f"approve-{asked.kind}"
    duty, _ = await _load(uow, custody_of, asked.deadline_id, Right.DECIDE, action)
    request = _decided(uow, asked, action, approved=True)
    pack = uow.packs.get(duty.policy)
    granted = await _granted_before(uow, duty)
    rules.demand_askable(duty, pack, request.kind, request.until, uow.now, granted)
    if request.kind is Kind.WAIVER:
        await _waive(uow, request, rules.waive(duty, uow.now))
    else:
        before, successor = rules.grant(request, duty, pack, uow.now)
        change = "extended" if request.kind is Kind.EXTENSION else "paused"
        await _follow_on(uow, request, before, successor, change)
        request = replace(request, successor_id=successor.id)
    await requests.save(uow, request, note)
    return request


async def refuse(uow: UnitOfWork, custody_of: CustodyOf, request_id: UUID, note: str) -> Request:
    """The duty stays as it is."""
    asked = await requests.find(uow, request_id)
    action = f"refuse-{asked.kind}"
    await _load(uow, custody_of, asked.deadline_id, Right.DECIDE, action)
    request = _decided(uow, asked, action, approved=False)
    await requests.save(uow, request, note)
    return request


async def resume(uow: UnitOfWork, custody_of: CustodyOf, deadline_id: UUID) -> Deadline:
    """Ends a pause before its time; needs no approval, because nothing is gained by it."""
    duty, _ = await _load(uow, custody_of, deadline_id, Right.ASK, "resume-deadline")
    pause = await requests.that_led_to(uow, duty.id)
    if pause is None or pause.kind is not Kind.PAUSE:
        raise rules.NotPaused
    before, successor = rules.resume(pause, duty, uow.packs.get(duty.policy), uow.now)
    ended = replace(pause, successor_id=successor.id, until=uow.now)
    await _follow_on(uow, ended, before, successor, "resumed")
    await requests.end_pause(uow, ended)
    return successor


async def history(
    uow: UnitOfWork, custody_of: CustodyOf, deadline_id: UUID
) -> list[requests.Change]:
    """What became of a deadline: who, why, approved by whom, and when it had been due."""
    await _load(uow, custody_of, deadline_id, Right.SEE, "read-deadline-history")
    return await requests.changes(uow, deadline_id)


async def may(uow: UnitOfWork, custody_of: CustodyOf, request: Request) -> frozenset[Right]:
    """The viewer's rights; empty when she may not know of the case."""
    duty = await deadline_store.find(uow, request.deadline_id)
    if duty is None:
        return frozenset()
    try:
        return rules.rights(uow.viewer, await custody_of(uow, duty), duty)
    except Missing:
        return frozenset()


async def _load(
    uow: UnitOfWork, custody_of: CustodyOf, deadline_id: UUID, right: Right, action: str
) -> tuple[Deadline, Custody]:
    """The duty, locked, and whose case it is on; audited. Raises Missing, Hidden."""
    duty = await deadline_store.find(uow, deadline_id)
    if duty is None:
        raise Missing
    try:
        custody = await custody_of(uow, duty)
        rules.demand(uow.viewer, custody, duty, right)
    except Hidden:
        uow.audit(action, duty.case_ref, "deadlines", outcome="hidden")
        raise
    uow.audit(action, duty.case_ref, "deadlines")
    return duty, custody


def _decided(uow: UnitOfWork, asked: Request, action: str, *, approved: bool) -> Request:
    """An attempt to decide on one's own request stays on the record."""
    try:
        return rules.decide(asked, uow.viewer.staff_id, uow.now, approved=approved)
    except Refusal as refused:
        uow.audit(action, asked.case_ref, "deadlines", outcome=refused.code)
        raise


async def _follow_on(
    uow: UnitOfWork, request: Request, before: Deadline, successor: Deadline, change: str
) -> None:
    await deadline_store.add(uow, [successor])
    await deadline_store.save(uow, before)
    by = uow.viewer.staff_id if change == "resumed" else request.asked_by
    await requests.note_change(uow, request, before, change, by, successor.due_at)
    uow.emit(events.cancelled(uow, before, f"deadline.{change}"))
    uow.emit(events.set_anew(uow, successor))


async def _waive(uow: UnitOfWork, request: Request, duty: Deadline) -> None:
    await deadline_store.save(uow, duty)
    await requests.note_change(uow, request, duty, "waived", request.asked_by, None)
    uow.emit(events.waived(uow, duty, request.why.value))


async def _granted_before(uow: UnitOfWork, duty: Deadline) -> list[Request]:
    """What gave this duty, under any of its deadlines, more time already; newest first."""
    found, at = [], duty.id
    while (request := await requests.that_led_to(uow, at)) is not None:
        found.append(request)
        at = request.deadline_id
    return found
