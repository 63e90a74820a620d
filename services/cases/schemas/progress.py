"""The measures of a goal: as agreed, as read, and how far the goal has come by them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Discriminator, Field, Tag

from infrastructure.http import RequestBody
from services.cases.schemas.words import Instant, MaybeWords, Words

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e12, le=1e12)]
_Unit = Annotated[str, Field(max_length=40)]


class MeasureBody(RequestBody):
    """In words, and, where it is a number, from where to where and in which unit."""

    text: Words
    baseline: Number | None = None
    target: Number | None = None
    unit: _Unit = ""
    by: date | None = None


def _form(given: Any) -> str:
    return "words" if isinstance(given, str) else "measure"


MeasureGiven = Annotated[
    Annotated[Words, Tag("words")] | Annotated[MeasureBody, Tag("measure")], Discriminator(_form)
]


class AgreedMeasure(BaseModel):
    """The id under which readings of it are recorded."""

    measure_id: str
    text: str


class ReadingBody(RequestBody):
    """The value of a measure with a target; of one in words whether it is reached."""

    measured_at: Instant
    value: Number | None = None
    reached: bool | None = None
    note: MaybeWords = ""


class ReadingView(BaseModel):
    """`value` and `note` are None once the child's key is destroyed."""

    reading_id: str
    measured_at: datetime
    recorded_at: datetime
    recorded_by: str
    reached: bool
    value: float | None = None
    note: str | None = None


class MeasureView(BaseModel):
    """`share_of_way`: of a measure with a target, from 0 at the baseline to 1 at the target."""

    measure_id: str
    text: str | None = None
    baseline: float | None = None
    target: float | None = None
    unit: str | None = None
    by: date | None = None
    reached: bool
    share_of_way: float | None = None
    readings: list[ReadingView]


class GoalView(BaseModel):
    """The goal of the newest plan; `share_reached` is of its measures, from 0 to 1."""

    plan_version: int
    goal: dict[str, Any] | None = None
    measures: list[MeasureView]
    reached: int
    share_reached: float | None = None


class ReadingAnswer(BaseModel):
    reading_id: str
    measure_id: str
    reached: bool
    share_reached: float | None = None
