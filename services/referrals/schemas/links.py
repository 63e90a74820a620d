"""Links for a provider without an account."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from domain.statement import Language
from infrastructure.http import RequestBody


class LinkRequest(RequestBody):
    """`language` is that of the pages."""

    valid_days: Annotated[int, Field(ge=1, le=366)] = 14
    language: Language = Language.ENGLISH


class LinkAnswer(BaseModel):
    """`code` is shown here once and kept nowhere: tell it by telephone. The link goes by mail."""

    link_id: UUID
    url: str
    code: str
    expires_at: datetime


class LinkView(BaseModel):
    link_id: UUID
    attempt: int
    agency_id: str
    language: Language
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    revoked_at: datetime | None
    locked_at: datetime | None
    opened_at: datetime | None


class LinkList(BaseModel):
    items: list[LinkView]
