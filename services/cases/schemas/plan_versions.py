"""Versions of a plan, and what changed between two of them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.cases.schemas.plan import ActionView, FollowUpView
from services.cases.schemas.progress import AgreedMeasure


class PlanVersionItem(BaseModel):
    version: int
    agreed_at: datetime
    agreed_by: str
    is_current: bool
    actions: int
    completed: int


class PlanVersionList(BaseModel):
    items: list[PlanVersionItem]


class PlanVersionView(PlanVersionItem):
    """`content` is the plan as it was agreed, None once the child's key is destroyed; actions as they stand."""

    content: dict[str, Any] | None = None
    measures: list[AgreedMeasure]
    planned: list[ActionView]
    follow_ups: list[FollowUpView]


class DifferenceView(BaseModel):
    part: str
    change: str
    what: str
    before: dict[str, str]
    after: dict[str, str]
    sentence: str


class PlanDifferences(BaseModel):
    """In the order of a plan's parts; days and hours in the agency's zone."""

    before: int
    after: int
    zone: str
    items: list[DifferenceView]
