"""Agencies, their teams and places."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from domain.listing import COUNTRY_PATTERN
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.agencies.schemas.words import Contact, ContactView, Id, Name, Url, Words, Zone

Kind = Literal["physical", "postal", "virtual"]


class Team(RequestBody):
    """`lead_id` left out stays as it is."""

    team_id: Id
    name: Name
    lead_id: Id | None = None


class AgencyEntry(RequestBody):
    """`policy` is a pack's name; teams, description and contact left out stay as they are."""

    name: Name
    zone: Zone
    policy: Id
    teams: Annotated[list[Team], Field(max_length=500)] | None = None
    description: Words | None = None
    contact: Contact | None = None


class TeamView(BaseModel):
    team_id: str
    name: str
    lead_id: str | None


class AgencyView(BaseModel):
    """`hsds_id` is the id under which Open Referral documents know it."""

    agency_id: str
    name: str
    zone: str
    policy: str
    teams: list[TeamView]
    description: str | None
    contact: ContactView
    hsds_id: UUID


class AgencyList(BaseModel):
    items: list[AgencyView]
    next_cursor: NextCursor


class AddressEntry(RequestBody):
    """As a letter would be addressed; `country` in two letters (ISO 3166-1)."""

    street: Name
    city: Name
    country: Annotated[str, StringConstraints(pattern=COUNTRY_PATTERN)]
    more: Name | None = None
    region: Name | None = None
    state: Name | None = None
    postal_code: Name | None = None


class PlaceEntry(RequestBody):
    """Where services are given; `url` is the address of a virtual one."""

    kind: Kind = "physical"
    name: Name | None = None
    url: Url | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    address: AddressEntry | None = None


class AddressView(BaseModel):
    street: str
    city: str
    country: str
    more: str | None
    region: str | None
    state: str | None
    postal_code: str | None


class PlaceView(BaseModel):
    place_id: str
    hsds_id: UUID
    kind: str
    name: str | None
    url: str | None
    latitude: float | None
    longitude: float | None
    address: AddressView | None


class PlaceList(BaseModel):
    items: list[PlaceView]
    next_cursor: NextCursor
