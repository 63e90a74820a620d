"""Figures about referrals and unmet needs; a count that is null is smaller than may be told."""

from datetime import datetime

from pydantic import BaseModel

from domain.referral_measures import Group, Reached


class TimeView(BaseModel):
    """How long it took to reach a state; `count` null: fewer than `least`, and so nothing more is told."""

    group: str
    reached: Reached
    count: int | None
    median_hours: float | None
    p90_hours: float | None


class TimesView(BaseModel):
    by: Group
    since: datetime
    until: datetime
    least: int
    times: list[TimeView]


class UnmetCell(BaseModel):
    need: str
    area: str
    count: int | None


class UnmetView(BaseModel):
    """Needs that no provider met, by referrals and plans; met ones are not counted."""

    since: datetime
    until: datetime
    least: int
    cells: list[UnmetCell]
