"""Service offers: what is given, where, to whom, how many places are free."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from domain.listing import LONGEST_WAIT, OLDEST
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.agencies.schemas.words import (
    Code,
    Contact,
    ContactView,
    Id,
    Language,
    Name,
    Spans,
    Words,
)

MOST_PLACES = 100_000
Places = Annotated[int, Field(ge=0, le=MOST_PLACES)]
Age = Annotated[int, Field(ge=0, le=OLDEST)]
Days = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]


class OfferEntry(RequestBody):
    """`capacity` counts free places; none left and the pathway goes on to the next.

    `area` is the first of all areas that are served. Every field from `areas` on stays as it is when left out,
    and goes when it is null or empty. Ages are in years, both included; languages are BCP 47 tags.
    """

    need: Code
    area: Code
    capacity: Places
    title: Name
    areas: Annotated[list[Code], Field(max_length=500)] | None = None
    languages: Annotated[list[Language], Field(max_length=100)] | None = None
    youngest: Age | None = None
    oldest: Age | None = None
    waiting_days: Days | None = None
    paused: bool = False
    description: Words | None = None
    eligibility: Words | None = None
    contact: Contact | None = None
    opening: Spans | None = None
    places: Annotated[list[Id], Field(max_length=100)] | None = None


class CapacityEntry(RequestBody):
    """How many places are free now; the rest of the offer stays as it is."""

    capacity: Places
    waiting_days: Days | None = None
    paused: bool | None = None


class OfferView(BaseModel):
    """`hsds_id` is the id under which Open Referral documents know it."""

    offer_id: str
    agency_id: str
    need: str
    area: str
    capacity: int
    title: str
    areas: list[str]
    languages: list[str]
    youngest: int | None
    oldest: int | None
    waiting_days: int | None
    paused: bool
    description: str | None
    eligibility: str | None
    contact: ContactView
    opening: list[str]
    places: list[str]
    withdrawn: bool
    hsds_id: UUID


class OfferList(BaseModel):
    items: list[OfferView]
    next_cursor: NextCursor
