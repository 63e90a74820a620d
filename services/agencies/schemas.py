"""The directory's entries as they travel over HTTP."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from domain.vocabulary import CODE_PATTERN, Role
from infrastructure.http import RequestBody

Id = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
PathId = Annotated[str, Path(pattern=CODE_PATTERN)]
PathCode = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
MOST_PLACES = 100_000


class Team(RequestBody):
    team_id: Id
    name: Name


class AgencyEntry(RequestBody):
    """`policy` is a pack's name; teams left out stay as they are."""

    name: Name
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_+\-/0-9]{1,64}$")]
    policy: Id
    teams: Annotated[list[Team], Field(max_length=500)] | None = None


class StaffEntry(RequestBody):
    name: Name
    team_id: Id | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]
    active: bool = True


class OfferEntry(RequestBody):
    """`capacity` counts free places; none left and the pathway goes on to the next."""

    need: Code
    area: Code
    capacity: Annotated[int, Field(ge=0, le=MOST_PLACES)]
    title: Name


class PathwayEntry(RequestBody):
    """Offers in the order in which they are asked."""

    offers: Annotated[list[Id], Field(min_length=1, max_length=50)]


class AgencyView(BaseModel):
    agency_id: str
    name: str
    zone: str
    policy: str
    teams: list[Team]


class AgencyPage(BaseModel):
    """`next` is the cursor of the following page, if there is one."""

    agencies: list[AgencyView]
    next: str | None


class StaffView(BaseModel):
    """`name` only for colleagues of the same agency."""

    staff_id: str
    agency_id: str
    name: str | None
    team_id: str | None
    roles: list[Role]
    active: bool


class StaffList(BaseModel):
    staff: list[StaffView]


class OfferView(BaseModel):
    offer_id: str
    agency_id: str
    need: str
    area: str
    capacity: int
    title: str


class OfferList(BaseModel):
    offers: list[OfferView]


class PathwayView(BaseModel):
    """`providers` are the agencies of the offers, in the same order."""

    need: str
    area: str
    offers: list[str]
    providers: list[str]


class PathwayList(BaseModel):
    pathways: list[PathwayView]
