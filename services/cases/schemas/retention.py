"""How long a file is kept, and its erasure: all of it codes and dates, so that it outlives the words."""

from datetime import datetime

from pydantic import BaseModel

from domain.erasing import Basis
from infrastructure.http import RequestBody
from services.cases.schemas.words import Code, Instant, Words


class RetentionBody(RequestBody):
    """Later than the file would be looked at otherwise; the reason is sealed."""

    until: Instant
    reason: Words


class RetentionAnswer(BaseModel):
    case_ref: str
    erase_at: datetime


class ErasureBody(RequestBody):
    basis: Basis


class ErasureRefusalBody(RequestBody):
    reason: Code


class ErasureView(BaseModel):
    erasure_id: str
    case_ref: str
    basis: str
    state: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class ErasureList(BaseModel):
    items: list[ErasureView]
