"""Who has a hand in a case, and which agencies help it: as far as other services have said so."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Custody
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store.known_cases import KnownCase
from services.reviews.store.meeting_tables import MEETINGS
from services.reviews.store.tables import HANDS, HELPERS, REVIEWS

ASKED, ACCEPTED, OVER = "asked", "accepted", "over"


async def add_hands(uow: UnitOfWork, case_ref: str, *staff: str | None) -> None:
    """They have planned or recorded on the case: that stays, whoever has it later."""
    rows = [{"case_ref": case_ref, "staff_id": each} for each in sorted({*staff} - {None})]  # type: ignore[type-var]
    if rows:
        await uow.connection.execute(insert(HANDS).values(rows).on_conflict_do_nothing())


async def involved(uow: UnitOfWork, case: KnownCase) -> Custody:
    """All who take part in the work on the case, for whoever is to chair: never to show the case to anybody."""
    hands = select(HANDS.c.staff_id).where(HANDS.c.case_ref == case.case_ref)
    helpers = select(HELPERS.c.agency_id).where(HELPERS.c.case_ref == case.case_ref)
    return replace(
        case.custody(),
        participants=frozenset((await uow.connection.execute(hands)).scalars()),
        receivers=frozenset((await uow.connection.execute(helpers)).scalars()),
    )


async def on_the_case(uow: UnitOfWork, case: KnownCase) -> Custody:
    """Those who may call people together: also who is invited to a meeting on it, and agencies that help."""
    chairs, invited = set(), set()
    for table in (REVIEWS, MEETINGS):
        query = select(table.c.chair_id, table.c.participants).where(
            table.c.case_ref == case.case_ref, table.c.state.in_(("convened", "called", "held"))
        )
        for row in await uow.connection.execute(query):
            chairs.add(row.chair_id)
            invited.update(row.participants)
    return replace(
        case.custody(),
        participants=frozenset(invited),
        reviewers=frozenset(chairs - {None}),
        receivers=frozenset(await helping(uow, case.case_ref)),
    )


async def helping(uow: UnitOfWork, case_ref: str) -> list[str]:
    """Agencies with a referral that they have accepted and that is not over."""
    query = select(HELPERS.c.agency_id).where(
        HELPERS.c.case_ref == case_ref, HELPERS.c.state == ACCEPTED
    )
    return sorted(set((await uow.connection.execute(query)).scalars()))


async def ask_helper(uow: UnitOfWork, referral_id: UUID, case_ref: str, agency_id: str) -> None:
    row = {
        "referral_id": referral_id,
        "agency_id": agency_id,
        "case_ref": case_ref,
        "state": ASKED,
    }
    await uow.connection.execute(insert(HELPERS).values(row).on_conflict_do_nothing())


async def helper_accepts(uow: UnitOfWork, referral_id: UUID) -> None:
    await uow.connection.execute(
        update(HELPERS)
        .where(HELPERS.c.referral_id == referral_id, HELPERS.c.state == ASKED)
        .values(state=ACCEPTED)
    )


async def helper_leaves(uow: UnitOfWork, referral_id: UUID) -> None:
    """Who had accepted stays known as having helped; who was only asked never took part."""
    one = HELPERS.c.referral_id == referral_id
    await uow.connection.execute(delete(HELPERS).where(one, HELPERS.c.state == ASKED))
    await uow.connection.execute(
        update(HELPERS).where(one, HELPERS.c.state == ACCEPTED).values(state=OVER)
    )


async def forget_helper(uow: UnitOfWork, referral_id: UUID) -> None:
    """It was entered in error."""
    await uow.connection.execute(delete(HELPERS).where(HELPERS.c.referral_id == referral_id))
