"""Deadlines kept by every service alike: what a fact means for them, what a moment makes it say.

The rules are domain.deadlines; here they meet the record and the bus. Source: design.md, Deadlines.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from contracts.events import Event
from contracts.events.deadlines import (
    DeadlineAcknowledged,
    DeadlineCancelled,
    DeadlineEscalated,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoment,
    DeadlineOpened,
    DeadlineReminded,
    DeadlineSet,
)
from contracts.events.notifications import NotificationAcknowledged
from contracts.events.timekeeping import DeadlineMomentReached
from domain import announcing
from domain import deadlines as rules
from domain.announcing import AnnouncementKind
from domain.deadlines import Consequences, Deadline, Fact
from domain.errors import Missing
from domain.extending import is_evidence_late
from domain.vocabulary import DeadlineState, Role
from infrastructure import deadline_store as store
from infrastructure.unit_of_work import UnitOfWork

Handler = Callable[[UnitOfWork, Any], Awaitable[None]]


async def follow(uow: UnitOfWork, fact: Fact, *, is_new: bool = False) -> Consequences:
    """Sets, meets, moves and cancels what the fact calls for, and says so.

    `is_new`: the case was made by this command, so that nothing can stand yet; saves the look.
    Raises Malformed when the fact's policy pack is not known or a step needs a date that was not agreed.
    """
    pack = uow.packs.get(fact.policy)
    standing = [] if is_new else await store.open_of_case(uow, fact.case_ref, lock=True)
    found = rules.consequences(pack, uow.service, standing, fact)
    await put_down(uow, found, fact)
    return found


async def put_down(uow: UnitOfWork, found: Consequences, fact: Fact) -> None:
    """Records what follows from a fact, and says it."""
    fresh = await store.add(uow, found.set)
    for deadline in found.met:
        await _meet(uow, deadline, fact)
    for deadline in found.cancelled:
        successor = next((new for new in found.set if new.id == deadline.successor_id), None)
        await _cancel(uow, deadline, fact, successor)
    for deadline in fresh:
        uow.emit(_set(uow, deadline))
    for deadline in found.reasons:
        await store.note_change(uow, deadline, "another-reason", fact.name, fact.at)


async def reached(uow: UnitOfWork, event: DeadlineMomentReached) -> None:
    """Says what the clock has brought, once, or nothing when the duty is settled.

    Raises Missing for a deadline that this owner never set.
    """
    if event.owner != uow.service:
        return
    deadline = await _load(uow, event.deadline_id)
    if event.version != deadline.version:
        return
    said = await store.announced(uow, deadline)
    # The workflow's clock may be a little ahead of ours; its moment has come all the same.
    told = announcing.announcement(deadline, said, now=max(uow.now, event.at))
    if told is None:
        return
    outcomes: dict[str, UUID | None] = dict.fromkeys(told.skipped)
    outcomes[told.moment] = uow.emit(_announced(uow, deadline, told)) if told.kind else None
    await store.note_announced(uow, deadline, outcomes)


async def acknowledge(uow: UnitOfWork, deadline_id: UUID, by: str) -> Deadline:
    """Stops the ladder; `by` is a member of staff. The first stays; raises Missing."""
    before = await _load(uow, deadline_id)
    deadline = rules.acknowledge(before, by, uow.now)
    if deadline != before:
        await store.save(uow, deadline)
        await store.note_change(uow, deadline, "acknowledged", "acknowledged", uow.now)
        uow.emit(DeadlineAcknowledged(acknowledged_by=by, **_facts(uow, deadline, at=uow.now)))
    return deadline


async def restate(uow: UnitOfWork, case_ref: str | None = None) -> int:
    """Says every open deadline again, so that lost workflows are rebuilt; answers how many."""
    standing = await store.all_open(uow, case_ref)
    for deadline in standing:
        uow.emit(_set(uow, deadline, restated=True))
    return len(standing)


async def hand_over(
    uow: UnitOfWork,
    case_ref: str,
    people: Mapping[Role, str],
    agencies: tuple[str, str] | None = None,
    former: Mapping[Role, str] | None = None,
) -> int:
    """Names who bears the case's open duties from now on, by role; answers how many changed hands.

    `agencies`: the case went from the first to the second, with all that the first owed; what others owe stays
    theirs, and so does what somebody else than the `former` people owes by name. When duties fall due stays as
    it was. Load the case with its viewer before.
    """
    handed = 0
    for deadline in await store.open_of_case(uow, case_ref, lock=True):
        responsible = rules.now_borne_by(deadline.responsible, people, agencies, former)
        if responsible == deadline.responsible:
            continue
        now_borne = replace(deadline, responsible=responsible)
        await store.save(uow, now_borne)
        await store.note_change(uow, now_borne, "handed-over", "case.assigned", uow.now)
        uow.emit(_set(uow, now_borne, restated=True))
        handed += 1
    return handed


async def open_for(uow: UnitOfWork, case_ref: str) -> list[Deadline]:
    """Open deadlines of this owner on the case, earliest due first; load the case with its viewer before."""
    return await store.open_of_case(uow, case_ref)


async def all_for(uow: UnitOfWork, case_ref: str) -> list[Deadline]:
    """Deadlines in every state, earliest due first; load the case with its viewer before."""
    return await store.all_of_case(uow, case_ref)


async def changes_of(uow: UnitOfWork, case_ref: str) -> list[tuple[UUID, str, str, datetime]]:
    """What became of the case's deadlines: which, what, because of which fact, since when."""
    return await store.changes_of_case(uow, case_ref)


def timekeeping_handlers(owner: str) -> dict[type[Event], Handler]:
    """What every owner of deadlines listens to: `timekeeping`, and `notifications` for acknowledging."""
    return {
        DeadlineMomentReached: reached,
        NotificationAcknowledged: partial(_acknowledged, owner),
    }


async def _acknowledged(owner: str, uow: UnitOfWork, event: NotificationAcknowledged) -> None:
    if event.owner == owner:
        await acknowledge(uow, event.deadline_id, by=event.staff_id)


async def _load(uow: UnitOfWork, deadline_id: UUID) -> Deadline:
    deadline = await store.find(uow, deadline_id)
    if deadline is None:
        raise Missing("There is no such deadline.")
    return deadline


async def _meet(uow: UnitOfWork, deadline: Deadline, fact: Fact) -> None:
    await store.save(uow, deadline)
    await store.note_change(uow, deadline, deadline.state.value, fact.name, fact.at)
    # Looked up only from the due instant on: what is done before it costs nothing more.
    if uow.now >= deadline.due_at and is_evidence_late(
        deadline, await store.announced(uow, deadline)
    ):
        await store.note_change(uow, deadline, "evidence-late", fact.name, uow.now)
    late = deadline.state is DeadlineState.MET_LATE
    uow.emit(DeadlineMet(met_at=fact.at, late=late, **_facts(uow, deadline, at=fact.at)))


async def _cancel(
    uow: UnitOfWork, deadline: Deadline, fact: Fact, successor: Deadline | None
) -> None:
    await store.save(uow, deadline)
    await store.note_change(
        uow,
        deadline,
        "moved" if successor else "cancelled",
        fact.name,
        fact.at,
        new_due_at=successor.due_at if successor else None,
    )
    uow.emit(
        DeadlineCancelled(
            reason=fact.name,
            successor_id=deadline.successor_id,
            **_facts(uow, deadline, at=fact.at),
        )
    )


def _set(uow: UnitOfWork, deadline: Deadline, *, restated: bool = False) -> DeadlineSet:
    return DeadlineSet(
        anchor=deadline.anchor,
        anchored_at=deadline.anchored_at,
        policy=deadline.policy,
        moments=tuple(DeadlineMoment(name=item.name, at=item.at) for item in deadline.moments),
        restated=restated,
        **_facts(uow, deadline, at=uow.now if restated else deadline.anchored_at),
    )


def _announced(uow: UnitOfWork, deadline: Deadline, told: announcing.Announcement) -> Event:
    at = next(item.at for item in deadline.moments if item.name == told.moment)
    facts = {
        "moment": told.moment,
        "tell": told.tell,
        "skipped": told.skipped,
        **_facts(uow, deadline, at=at),
    }
    match told.kind:
        case AnnouncementKind.MISSED:
            return DeadlineMissed(rung=told.rung, **facts)
        case AnnouncementKind.ESCALATED:
            return DeadlineEscalated(rung=told.rung, **facts)
        case AnnouncementKind.OPENED:
            return DeadlineOpened(**facts)
        case _:
            return DeadlineReminded(**facts)


def _facts(uow: UnitOfWork, deadline: Deadline, *, at: Any) -> dict[str, Any]:
    return {
        "case_ref": deadline.case_ref,
        "at": at,
        "deadline_id": deadline.id,
        "version": deadline.version,
        "owner": uow.service,
        "subject_type": deadline.subject_type,
        "subject_id": deadline.subject_id,
        "step": deadline.step,
        "agency_id": deadline.responsible.agency_id,
        "responsible": deadline.responsible.role,
        "person_id": deadline.responsible.person_id,
        "due_at": deadline.due_at,
    }
