"""How long a file is kept, and its erasure: all of it codes and dates, so that it outlives the words."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from domain.erasing import Basis, Erasure
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

    @classmethod
    def of(cls, each: Erasure) -> Self:
        return cls(
            erasure_id=str(each.id),
            case_ref=each.case_ref,
            basis=each.basis,
            state=each.state,
            requested_by=each.requested_by,
            requested_at=each.requested_at,
            decided_by=each.decided_by,
            decided_at=each.decided_at,
            reason=each.reason,
        )


class ErasureList(BaseModel):
    items: list[ErasureView]
