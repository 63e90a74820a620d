"""Capacity asked first, without saying for whom, and what providers answer."""

from typing import Literal
from uuid import UUID

from fastapi import status

from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.referrals.commands import enquiring
from services.referrals.commands.enquiring import Question
from services.referrals.queries import capacity
from services.referrals.schemas.capacity import (
    CapacityAnswer,
    CapacityEnquiry,
    EnquiryList,
    EnquiryView,
)

router = Router(tags=["capacity"])


@router.post("/capacity-enquiries", status_code=status.HTTP_201_CREATED)
async def ask_capacity(uow: Uow, asked: CapacityEnquiry) -> EnquiryView:
    """Asks every offer of the pathway that suits; those that do not are named with the reason."""
    enquiry_id = await enquiring.ask(uow, Question(**asked.model_dump()))
    return await capacity.shown(uow, enquiry_id)


@router.get("/capacity-enquiries")
async def list_enquiries(
    uow: Uow,
    tray: Literal["in", "out"] | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> EnquiryList:
    """What the viewer's agency was asked, or has asked; newest first."""
    return await capacity.tray(uow, tray, cursor=cursor, limit=limit)


@router.get("/capacity-enquiries/{enquiry_id}")
async def read_enquiry(uow: Uow, enquiry_id: UUID) -> EnquiryView:
    """Whole for whoever asked; a provider sees what itself was asked."""
    return await capacity.read(uow, enquiry_id)


@router.post("/capacity-enquiries/{enquiry_id}/answers")
async def answer_capacity(uow: Uow, enquiry_id: UUID, said: CapacityAnswer) -> EnquiryView:
    """What a provider says of its room; until the time is over it may say something else."""
    await enquiring.answer(
        uow,
        enquiry_id,
        offer_id=said.offer_id,
        word=said.answer,
        places=said.places,
        free_from=said.free_from,
    )
    return await capacity.shown(uow, enquiry_id)
