"""Every time that a review was put off, with its reason; load the review with its viewer before."""

from uuid import UUID

from sqlalchemy import insert, select

from domain.postponing import Postponement, PostponementReason
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import sealed
from services.reviews.store.tables import POSTPONEMENTS


async def of(uow: UnitOfWork, review_id: UUID) -> tuple[Postponement, ...]:
    query = select(POSTPONEMENTS).where(POSTPONEMENTS.c.review_id == review_id)
    rows = await uow.connection.execute(query.order_by(POSTPONEMENTS.c.times))
    return tuple(
        Postponement(
            row.times, PostponementReason(row.reason), row.before, row.after, row.postponed_by
        )
        for row in rows
    )


async def notes(uow: UnitOfWork, review_id: UUID, case_ref: str) -> dict[int, str | None]:
    """What was noted each time, by its number."""
    query = select(POSTPONEMENTS.c.times, POSTPONEMENTS.c.note).where(
        POSTPONEMENTS.c.review_id == review_id
    )
    seal = await sealed.for_reading(uow, case_ref)
    return {
        row.times: seal.open(_place(review_id, row.times), row.note)
        for row in await uow.connection.execute(query)
    }


async def add(
    uow: UnitOfWork, review_id: UUID, case_ref: str, put_off: Postponement, note: str | None
) -> None:
    stored = None
    if note is not None:
        seal = await sealed.for_writing(uow, case_ref)
        stored = seal.close(_place(review_id, put_off.times), note)
    await uow.connection.execute(
        insert(POSTPONEMENTS).values(
            review_id=review_id,
            times=put_off.times,
            reason=put_off.reason.value,
            note=stored,
            before=put_off.before,
            after=put_off.after,
            postponed_at=uow.now,
            postponed_by=put_off.by,
        )
    )


def _place(review_id: UUID, times: int) -> str:
    return sealed.of_review(review_id, f"postponement/{times}")
