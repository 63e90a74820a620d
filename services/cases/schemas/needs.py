"""Needs that no service meets."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from domain.unmet_needs import UnmetNeed
from infrastructure.http import RequestBody
from services.cases.schemas.words import Code, MaybeWords


class UnmetNeedBody(RequestBody):
    """`need` and `area` are codes as in pathways."""

    need: Code
    area: Code
    note: MaybeWords = ""


class NeedMetBody(RequestBody):
    """The referral by which it is met, if there is one."""

    note: MaybeWords = ""
    referral_id: UUID | None = None


class UnmetNeedView(BaseModel):
    need_id: str
    need: str
    area: str
    plan_version: int
    noted_at: datetime
    noted_by: str
    note: str | None = None
    met_at: datetime | None = None
    met_by: str | None = None
    referral_id: str | None = None

    @classmethod
    def of(cls, need: UnmetNeed, note: str | None) -> Self:
        return cls(
            need_id=str(need.id),
            need=need.need,
            area=need.area,
            plan_version=need.plan_version,
            noted_at=need.noted_at,
            noted_by=need.noted_by,
            note=note or None,
            met_at=need.met_at,
            met_by=need.met_by,
            referral_id=str(need.referral_id) if need.referral_id else None,
        )


class UnmetNeedList(BaseModel):
    items: list[UnmetNeedView]
