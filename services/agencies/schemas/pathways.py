"""Pathways: for a need in an area, which offers are asked in which order, and how each stands now."""

from typing import Annotated

from pydantic import BaseModel, Field

from domain.offers import Unsuitable
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.agencies.schemas.words import Id


class PathwayEntry(RequestBody):
    """Offers in the order in which they are asked."""

    offers: Annotated[list[Id], Field(min_length=1, max_length=50)]


class Standing(BaseModel):
    """Whether an offer is suitable now, and if not, every reason."""

    offer_id: str
    agency_id: str
    title: str
    capacity: int
    waiting_days: int | None
    suitable: bool
    reasons: list[Unsuitable]


class PathwayView(BaseModel):
    """`providers` are the agencies of the offers, in the same order; so is `now`."""

    need: str
    area: str
    offers: list[str]
    providers: list[str]
    now: list[Standing]


class PathwayList(BaseModel):
    items: list[PathwayView]
    next_cursor: NextCursor
