"""Enquiries about capacity. Every load settles whether the viewer asked or was asked; deny is the default."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import and_, insert, select, update

from domain.capacity import AgeBand, Enquiry, OfferAsked
from domain.choosing import CapacityWord, Unfit
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure import paging, versions
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.store.enquiry_tables import enquiries, enquiry_offers

ASKERS = (Role.CASEWORKER, Role.SUPERVISOR, Role.MANAGER)
_PLAIN = (
    "id", "need", "area", "language", "urgent", "asked_by", "agency_id", "asked_at", "answer_by",
)  # fmt: skip


async def add(uow: UnitOfWork, enquiry: Enquiry, unfit: Mapping[OfferAsked, Unfit]) -> None:
    """With the offers that were asked, and those that were not and why."""
    row = {name: getattr(enquiry, name) for name in _PLAIN}
    row["age_band"] = enquiry.age_band.value if enquiry.age_band else None
    await uow.connection.execute(insert(enquiries).values(**row))
    offers = [(each, None) for each in enquiry.asked]
    passed_by = [(each, because.value) for each, because in unfit.items()]
    rows = [
        {
            "enquiry_id": enquiry.id,
            "offer_id": each.offer_id,
            "agency_id": each.agency_id,
            "unfit": because,
        }
        for each, because in (*offers, *passed_by)
    ]
    if rows:
        await uow.connection.execute(insert(enquiry_offers), rows)


async def load(uow: UnitOfWork, enquiry_id: UUID, *, lock: bool = False) -> Enquiry:
    """Whole for whoever asked, its own part for a provider; raises Missing, Hidden (audited)."""
    enquiry = await _find(uow, enquiry_id, lock=lock)
    viewer = uow.viewer
    if viewer.has(*ASKERS) and viewer.agency_id == enquiry.agency_id:
        seen = enquiry.asked
    elif viewer.has(Role.PROVIDER) and enquiry.of(viewer.agency_id):
        seen = enquiry.of(viewer.agency_id)
    else:
        uow.audit("read-enquiry", enquiry.agency_id, outcome="hidden")
        raise Hidden
    uow.stands_at(versions.of_content(*(asdict(each) for each in seen)))
    return enquiry


async def load_own(uow: UnitOfWork, enquiry_id: UUID) -> Enquiry | None:
    """For a referral that refers to it: None unless the viewer's agency asked."""
    try:
        enquiry = await _find(uow, enquiry_id)
    except Missing:
        return None
    return enquiry if enquiry.agency_id == uow.viewer.agency_id else None


async def said(uow: UnitOfWork, enquiry_id: UUID | None) -> dict[str, CapacityWord]:
    """The last word of each offer that has answered."""
    if enquiry_id is None:
        return {}
    query = select(enquiry_offers.c.offer_id, enquiry_offers.c.answer).where(
        enquiry_offers.c.enquiry_id == enquiry_id, enquiry_offers.c.answer.is_not(None)
    )
    return {row.offer_id: CapacityWord(row.answer) for row in await uow.connection.execute(query)}


async def save_answer(uow: UnitOfWork, enquiry: Enquiry, said_now: OfferAsked) -> None:
    await uow.connection.execute(
        update(enquiry_offers)
        .where(
            enquiry_offers.c.enquiry_id == enquiry.id,
            enquiry_offers.c.offer_id == said_now.offer_id,
        )
        .values(
            answer=said_now.answer.value if said_now.answer else None,
            places=said_now.places,
            free_from=said_now.free_from,
            answered_at=said_now.answered_at,
            answered_by=said_now.answered_by,
        )
    )


async def passed_by(uow: UnitOfWork, enquiry: Enquiry) -> Sequence[Any]:
    """Offers of the pathway that were not asked, and why."""
    query = (
        select(enquiry_offers)
        .where(enquiry_offers.c.enquiry_id == enquiry.id, enquiry_offers.c.unfit.is_not(None))
        .order_by(enquiry_offers.c.offer_id)
    )
    return (await uow.connection.execute(query)).all()


async def listed(
    uow: UnitOfWork, *, asked_of_us: bool, cursor: str | None, limit: int
) -> tuple[list[Enquiry], str | None]:
    """Newest first: those asked of the viewer's agency, or by it; raises Hidden."""
    viewer = uow.viewer
    if not viewer.has(Role.PROVIDER) if asked_of_us else not viewer.has(*ASKERS):
        raise Hidden
    query = select(enquiries)
    if asked_of_us:
        ours = and_(
            enquiry_offers.c.enquiry_id == enquiries.c.id,
            enquiry_offers.c.agency_id == viewer.agency_id,
            enquiry_offers.c.unfit.is_(None),
        )
        query = query.where(select(enquiry_offers.c.offer_id).where(ours).exists())
    else:
        query = query.where(enquiries.c.agency_id == viewer.agency_id)
    by = [enquiries.c.place]
    rows, following = await paging.page(uow, query, by, cursor, limit, newest_first=True)
    offers = await _offers(uow, [row["id"] for row in rows])
    return [_enquiry(row, offers) for row in rows], following


async def _find(uow: UnitOfWork, enquiry_id: UUID, *, lock: bool = False) -> Enquiry:
    query = select(enquiries).where(enquiries.c.id == enquiry_id)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return _enquiry(row, await _offers(uow, [enquiry_id]))


async def _offers(uow: UnitOfWork, ids: Sequence[UUID]) -> Sequence[Any]:
    query = (
        select(enquiry_offers)
        .where(enquiry_offers.c.enquiry_id.in_(ids), enquiry_offers.c.unfit.is_(None))
        .order_by(enquiry_offers.c.offer_id)
    )
    return (await uow.connection.execute(query)).all()


def _enquiry(row: Mapping[Any, Any], offers: Sequence[Any]) -> Enquiry:
    return Enquiry(
        **{name: row[name] for name in _PLAIN},
        age_band=AgeBand(row["age_band"]) if row["age_band"] else None,
        asked=tuple(
            OfferAsked(
                offer_id=each.offer_id,
                agency_id=each.agency_id,
                answer=CapacityWord(each.answer) if each.answer else None,
                places=each.places,
                free_from=each.free_from,
                answered_at=each.answered_at,
                answered_by=each.answered_by,
            )
            for each in offers
            if each.enquiry_id == row["id"]
        ),
    )
