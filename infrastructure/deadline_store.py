"""Deadlines as rows of their owner's schema: the only SQL about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_new

from domain.deadlines import Deadline, Moment, Responsible
from domain.vocabulary import DeadlineState, Role, SubjectType
from infrastructure.spine import SPINE
from infrastructure.unit_of_work import UnitOfWork

DEADLINES = SPINE.deadlines
ANNOUNCEMENTS = SPINE.deadline_announcements
CHANGES = SPINE.deadline_changes
_ADD = insert_new(DEADLINES).on_conflict_do_nothing().returning(DEADLINES.c.id)
_OPEN = DEADLINES.c.state == DeadlineState.OPEN.value


async def find(uow: UnitOfWork, deadline_id: UUID) -> Deadline | None:
    """Locked until the transaction ends."""
    query = select(DEADLINES).where(DEADLINES.c.id == deadline_id).with_for_update()
    row = (await uow.connection.execute(query)).mappings().first()
    return _deadline(row) if row else None


async def open_of_case(uow: UnitOfWork, case_ref: str, *, lock: bool = False) -> list[Deadline]:
    """Open deadlines, earliest due first."""
    query = _ordered(select(DEADLINES).where(DEADLINES.c.case_ref == case_ref, _OPEN))
    return await _all(uow, query.with_for_update() if lock else query)


async def all_of_case(uow: UnitOfWork, case_ref: str) -> list[Deadline]:
    """Deadlines in every state, earliest due first."""
    return await _all(uow, _ordered(select(DEADLINES).where(DEADLINES.c.case_ref == case_ref)))


async def all_open(uow: UnitOfWork, case_ref: str | None = None) -> list[Deadline]:
    """Every open deadline of this owner, or of one case."""
    if case_ref is not None:
        return await open_of_case(uow, case_ref)
    return await _all(uow, _ordered(select(DEADLINES).where(_OPEN)))


async def add(uow: UnitOfWork, deadlines: Sequence[Deadline]) -> list[Deadline]:
    """Those that are new: the id follows from the fact, so a fact said twice sets nothing twice."""
    if not deadlines:
        return []
    rows = [_row(deadline) for deadline in deadlines]
    made = set((await uow.connection.execute(_ADD, rows)).scalars())
    return [deadline for deadline in deadlines if deadline.id in made]


async def save(uow: UnitOfWork, deadline: Deadline) -> None:
    """Writes what may change after a deadline is set; its instants never do."""
    settled = {
        "agency_id": deadline.responsible.agency_id,
        "person_id": deadline.responsible.person_id,
        "state": deadline.state.value,
        "settled_at": deadline.settled_at,
        "successor_id": deadline.successor_id,
        "acknowledged_by": deadline.acknowledged_by,
        "acknowledged_at": deadline.acknowledged_at,
    }
    await uow.connection.execute(
        update(DEADLINES).where(DEADLINES.c.id == deadline.id).values(settled)
    )


async def note_change(
    uow: UnitOfWork,
    deadline: Deadline,
    change: str,
    because: str,
    at: datetime,
    *,
    new_due_at: datetime | None = None,
) -> None:
    """Appends to the deadline's history; `because` is a code, by whom is the viewer."""
    await uow.connection.execute(
        insert(CHANGES).values(
            deadline_id=deadline.id,
            change=change,
            at=at,
            by=uow.viewer.staff_id,
            because=because,
            due_at=deadline.due_at,
            new_due_at=new_due_at,
        )
    )


async def changes_of_case(uow: UnitOfWork, case_ref: str) -> list[tuple[UUID, str, str, datetime]]:
    """The history of a case's deadlines in order: deadline, change, because of which fact, since when."""
    query = (
        select(CHANGES.c.deadline_id, CHANGES.c.change, CHANGES.c.because, CHANGES.c.at)
        .join(DEADLINES, DEADLINES.c.id == CHANGES.c.deadline_id)
        .where(DEADLINES.c.case_ref == case_ref)
        .order_by(CHANGES.c.id)
    )
    found = await uow.connection.execute(query)
    return [(row.deadline_id, row.change, row.because, row.at) for row in found]


async def announced(uow: UnitOfWork, deadline: Deadline) -> list[str]:
    """Names of the moments that were announced or passed over."""
    query = select(ANNOUNCEMENTS.c.moment).where(
        ANNOUNCEMENTS.c.deadline_id == deadline.id, ANNOUNCEMENTS.c.version == deadline.version
    )
    return list((await uow.connection.execute(query)).scalars())


async def note_announced(
    uow: UnitOfWork, deadline: Deadline, outcomes: Mapping[str, UUID | None]
) -> None:
    """A moment with the event that announced it, or with None when it was passed over."""
    rows = [
        {
            "deadline_id": deadline.id,
            "version": deadline.version,
            "moment": moment,
            "outcome": "announced" if event_id else "skipped",
            "event_id": event_id,
            "at": uow.now,
        }
        for moment, event_id in outcomes.items()
    ]
    await uow.connection.execute(insert(ANNOUNCEMENTS), rows)


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(DEADLINES.c.due_at, DEADLINES.c.id)


async def _all(uow: UnitOfWork, query: Select[Any]) -> list[Deadline]:
    return [_deadline(row) for row in (await uow.connection.execute(query)).mappings()]


def _row(deadline: Deadline) -> dict[str, Any]:
    return {
        "id": deadline.id,
        "case_ref": deadline.case_ref,
        "subject_type": deadline.subject_type.value,
        "subject_id": deadline.subject_id,
        "step": deadline.step,
        "agency_id": deadline.responsible.agency_id,
        "responsible": deadline.responsible.role.value,
        "person_id": deadline.responsible.person_id,
        "anchor": deadline.anchor,
        "anchor_id": deadline.anchor_id,
        "anchored_at": deadline.anchored_at,
        "rule": deadline.rule,
        "policy": deadline.policy,
        "calendar": deadline.calendar,
        "due_at": deadline.due_at,
        "moments": [
            {
                "name": moment.name,
                "at": moment.at.isoformat(),
                "role": moment.role.value if moment.role else None,
            }
            for moment in deadline.moments
        ],
        "version": deadline.version,
        "state": deadline.state.value,
        "settled_at": deadline.settled_at,
        "successor_id": deadline.successor_id,
        "acknowledged_by": deadline.acknowledged_by,
        "acknowledged_at": deadline.acknowledged_at,
    }


def _deadline(row: Mapping[Any, Any]) -> Deadline:
    fields = dict(row)
    responsible = Responsible(
        fields.pop("agency_id"), Role(fields.pop("responsible")), fields.pop("person_id")
    )
    return Deadline(
        **{
            **fields,
            "subject_type": SubjectType(fields["subject_type"]),
            "state": DeadlineState(fields["state"]),
            "moments": tuple(_moment(moment) for moment in fields["moments"]),
            "responsible": responsible,
        }
    )


def _moment(found: Mapping[str, Any]) -> Moment:
    role = Role(found["role"]) if found["role"] else None
    return Moment(found["name"], datetime.fromisoformat(found["at"]), role)
