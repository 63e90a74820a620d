"""What became of a referral, in order, and which offers were passed by: both only grow."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from domain.choosing import Skipped
from domain.referral import Referral
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.tables import history, skips


async def note(
    uow: UnitOfWork,
    referral: Referral,
    what: str,
    *,
    reason: str | None = None,
    about_at: datetime | None = None,
) -> int:
    """Answers the entry's place, which is the referral's version from now on."""
    noted = await uow.connection.execute(
        insert(history)
        .returning(history.c.place)
        .values(
            referral_id=referral.id,
            attempt=len(referral.attempts),
            what=what,
            state=referral.state.value,
            at=uow.now,
            agency_id=uow.viewer.agency_id,
            by=uow.viewer.staff_id,
            reason=reason,
            about_at=about_at,
        )
    )
    return int(noted.scalar_one())


async def of(uow: UnitOfWork, referral: Referral, attempt: int | None = None) -> Sequence[Any]:
    """In the order in which it was recorded; of one attempt, or of all. The caller has settled who sees it."""
    query = select(history).where(history.c.referral_id == referral.id).order_by(history.c.place)
    if attempt is not None:
        query = query.where(history.c.attempt == attempt)
    return (await uow.connection.execute(query)).all()


async def last_place(uow: UnitOfWork, referral: Referral) -> int:
    """Of its last entry: the referral's version, for not all that becomes of it is announced."""
    query = select(func.max(history.c.place)).where(history.c.referral_id == referral.id)
    return int((await uow.connection.execute(query)).scalar() or 0)


async def note_skipped(uow: UnitOfWork, referral: Referral, skipped: Iterable[Skipped]) -> None:
    """Those passed by on the way to the attempt that follows the referral's last."""
    rows = [
        {
            "referral_id": referral.id,
            "attempt": len(referral.attempts) + 1,
            "offer_id": each.provider.offer_id,
            "agency_id": each.provider.agency_id,
            "because": each.because.value,
            "at": uow.now,
        }
        for each in skipped
    ]
    if rows:
        await uow.connection.execute(insert_or_update(skips).on_conflict_do_nothing(), rows)


async def skipped_of(uow: UnitOfWork, referral: Referral) -> Sequence[Any]:
    query = (
        select(skips)
        .where(skips.c.referral_id == referral.id)
        .order_by(skips.c.attempt, skips.c.offer_id)
    )
    return (await uow.connection.execute(query)).all()
