"""Meetings as they stand: who was invited to which date, and how often the date was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import MEETINGS

_M = MEETINGS.c


@dataclass(frozen=True, slots=True)
class Meeting:
    """`sequence` counts the dates that were given, from 0."""

    subject_id: UUID
    case_ref: str
    step: str
    sequence: int
    meeting_at: datetime
    chair_id: str
    invited: tuple[str, ...]


async def load(uow: UnitOfWork, subject_id: UUID) -> Meeting | None:
    query = select(MEETINGS).where(_M.subject_id == subject_id).with_for_update()
    row: Any = (await uow.connection.execute(query)).mappings().first()
    return Meeting(**{**row, "invited": tuple(row["invited"])}) if row else None


async def save(
    uow: UnitOfWork,
    subject_id: UUID,
    case_ref: str,
    step: str,
    meeting_at: datetime,
    chair_id: str,
    invited: Sequence[str],
) -> int:
    """The sequence number of this date."""
    row = {
        "case_ref": case_ref,
        "step": step,
        "meeting_at": meeting_at,
        "chair_id": chair_id,
        "invited": list(invited),
    }
    new = insert(MEETINGS).values(subject_id=subject_id, sequence=0, **row)
    kept = new.on_conflict_do_update(
        index_elements=["subject_id"], set_={**row, "sequence": _M.sequence + 1}
    ).returning(_M.sequence)
    return int((await uow.connection.execute(kept)).scalar_one())


async def called_off(uow: UnitOfWork, subject_id: UUID) -> int:
    query = (
        update(MEETINGS)
        .where(_M.subject_id == subject_id)
        .values(sequence=_M.sequence + 1)
        .returning(_M.sequence)
    )
    return int((await uow.connection.execute(query)).scalar_one())
