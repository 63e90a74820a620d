"""Support given in person: direct, accompanying, advocating, coordinating."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from domain.supporting import SupportKind
from domain.vocabulary import Person
from infrastructure.http import RequestBody
from services.cases.schemas.words import Code, Instant, ShortWords, Words


class SupportBody(RequestBody):
    """Accompaniment says where to, advocacy toward whom, coordination with which agency."""

    kind: SupportKind
    occurred_at: Instant
    with_whom: Annotated[list[Person], Field(max_length=len(Person))] = Field(default_factory=list)
    where_to: ShortWords | None = None
    toward_whom: ShortWords | None = None
    agency_id: Code | None = None
    action_id: UUID | None = None
    referral_id: UUID | None = None
    note: Words


class SupportView(BaseModel):
    """Words are None once the child's key is destroyed."""

    support_id: str
    kind: str
    occurred_at: datetime
    with_whom: list[str]
    where_to: str | None = None
    toward_whom: str | None = None
    agency_id: str | None = None
    action_id: str | None = None
    referral_id: str | None = None
    note: str | None = None
    recorded_at: datetime
    recorded_by: str


class SupportList(BaseModel):
    items: list[SupportView]
