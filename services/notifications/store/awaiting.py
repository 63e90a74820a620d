"""Announcements kept until their case is known, in the order in which they came."""

from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from contracts.envelope import Envelope
from contracts.events import REGISTRY
from contracts.events.base import CaseEvent
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import AWAITING

# Who keeps an announcement and who makes the case known must not pass each other unseen.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('awaiting_case'), hashtext(:case_ref))")


async def lock(uow: UnitOfWork, case_ref: str) -> None:
    await uow.connection.execute(_LOCK, {"case_ref": case_ref})


async def keep(uow: UnitOfWork, event: CaseEvent, cause_id: UUID) -> None:
    await uow.connection.execute(
        insert(AWAITING)
        .values(
            case_ref=event.case_ref,
            cause_id=cause_id,
            type=event.type,
            payload=event.model_dump(mode="json"),
        )
        .on_conflict_do_nothing()
    )


async def take(uow: UnitOfWork, case_ref: str) -> list[Envelope]:
    """All that waited for the case, which then wait no more."""
    gone = delete(AWAITING).where(AWAITING.c.case_ref == case_ref).returning(AWAITING)
    rows = list((await uow.connection.execute(gone)).mappings())
    found = []
    for row in sorted(rows, key=lambda each: each["seq"]):
        event = REGISTRY[row["type"]].model_validate(row["payload"])
        found.append(
            Envelope(row["cause_id"], row["type"], "", event.subject, event.happened_at, 0, event)
        )
    return found


async def count(uow: UnitOfWork) -> int:
    query = select(func.count()).select_from(AWAITING)
    return int((await uow.connection.execute(query)).scalar_one())
