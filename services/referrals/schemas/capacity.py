"""Capacity asked first: nothing in these bodies says for whom."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.capacity import AgeBand
from domain.choosing import CapacityWord, Unfit
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.referrals.schemas.words import Code, LanguageCode, ShortId


class CapacityEnquiry(RequestBody):
    """A need, an area, a band of ages: no case, no name, no words."""

    need: Code
    area: Code
    age_band: AgeBand | None = None
    language: LanguageCode | None = None
    urgent: bool = False


class CapacityAnswer(RequestBody):
    """`offer_id` where the agency was asked for several; `free_from` is a day."""

    answer: CapacityWord
    offer_id: ShortId | None = None
    places: Annotated[int, Field(ge=0, le=10_000)] | None = None
    free_from: Annotated[date | None, Field(alias="from")] = None


class OfferAskedView(BaseModel):
    offer_id: str
    agency_id: str
    answer: CapacityWord | None
    places: int | None
    free_from: date | None
    answered_at: datetime | None
    overdue: bool


class NotAskedView(BaseModel):
    """An offer of the pathway that does not suit, and why."""

    offer_id: str
    agency_id: str
    because: Unfit


class EnquiryView(BaseModel):
    """Whole for whoever asked; a provider sees what itself was asked."""

    enquiry_id: UUID
    need: str
    area: str
    age_band: AgeBand | None
    language: str | None
    urgent: bool
    agency_id: str
    asked_at: datetime
    answer_by: datetime
    over: bool
    asked: list[OfferAskedView]
    not_asked: list[NotAskedView] | None = None


class EnquiryList(BaseModel):
    tray: Literal["in", "out"]
    items: list[EnquiryView]
    next_cursor: NextCursor
