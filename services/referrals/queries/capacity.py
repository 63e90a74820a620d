"""Enquiries as they are shown: whole for whoever asked, its own part for a provider."""

from typing import Literal
from uuid import UUID

from domain.capacity import Enquiry, OfferAsked
from domain.choosing import Unfit
from domain.vocabulary import Role
from infrastructure.unit_of_work import UnitOfWork
from services.referrals.schemas.capacity import (
    EnquiryList,
    EnquiryView,
    NotAskedView,
    OfferAskedView,
)
from services.referrals.store import enquiries


async def read(uow: UnitOfWork, enquiry_id: UUID) -> EnquiryView:
    """Raises Missing, Hidden (audited)."""
    enquiry = await enquiries.load(uow, enquiry_id)
    uow.audit("read-enquiry", uow.viewer.agency_id)
    return await _view(uow, enquiry)


async def shown(uow: UnitOfWork, enquiry_id: UUID) -> EnquiryView:
    """After a command, which is audited by itself."""
    return await _view(uow, await enquiries.load(uow, enquiry_id))


async def tray(
    uow: UnitOfWork, which: Literal["in", "out"] | None, *, cursor: str | None, limit: int
) -> EnquiryList:
    """A provider's in-tray, else what the viewer's agency has asked, unless one is named; raises Hidden."""
    which = which or ("in" if uow.viewer.has(Role.PROVIDER) else "out")
    asked_of_us = which == "in"
    found, following = await enquiries.listed(
        uow, asked_of_us=asked_of_us, cursor=cursor, limit=limit
    )
    uow.audit("list-enquiries", uow.viewer.agency_id, which)
    return EnquiryList(
        tray=which,
        items=[
            _provider_view(uow, each) if asked_of_us else _plain(uow, each, each.asked)
            for each in found
        ],
        next_cursor=following,
    )


async def _view(uow: UnitOfWork, enquiry: Enquiry) -> EnquiryView:
    viewer = uow.viewer
    if viewer.agency_id != enquiry.agency_id or not viewer.has(*enquiries.ASKERS):
        return _provider_view(uow, enquiry)
    passed_by = [
        NotAskedView(offer_id=row.offer_id, agency_id=row.agency_id, because=Unfit(row.unfit))
        for row in await enquiries.passed_by(uow, enquiry)
    ]
    return _plain(uow, enquiry, enquiry.asked).model_copy(update={"not_asked": passed_by})


def _provider_view(uow: UnitOfWork, enquiry: Enquiry) -> EnquiryView:
    return _plain(uow, enquiry, enquiry.of(uow.viewer.agency_id))


def _plain(uow: UnitOfWork, enquiry: Enquiry, asked: tuple[OfferAsked, ...]) -> EnquiryView:
    return EnquiryView(
        enquiry_id=enquiry.id,
        need=enquiry.need,
        area=enquiry.area,
        age_band=enquiry.age_band,
        language=enquiry.language,
        urgent=enquiry.urgent,
        agency_id=enquiry.agency_id,
        asked_at=enquiry.asked_at,
        answer_by=enquiry.answer_by,
        over=enquiry.is_over(uow.now),
        asked=[
            OfferAskedView(
                offer_id=each.offer_id,
                agency_id=each.agency_id,
                answer=each.answer,
                places=each.places,
                free_from=each.free_from,
                answered_at=each.answered_at,
                overdue=enquiry.is_overdue(each, uow.now),
            )
            for each in asked
        ],
    )
