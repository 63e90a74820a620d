"""The way to the end of a case, the look back, and a return."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from domain.vocabulary import Ground, Risk
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.words import MOST, Code, Instant, MaybeWords, Words


class NoteBody(RequestBody):
    note: Words


class ReasonBody(RequestBody):
    reason: Words


class EmptyBody(RequestBody):
    """Nothing needs saying."""


class SettlingAnswer(BaseModel):
    """From `settled_at` (UTC) closure may be asked for."""

    closure_id: str
    settled_at: datetime
    deadlines: list[DeadlineView]


class StatusAnswer(BaseModel):
    case_ref: str
    status: str
    closure_id: str | None = None
    deadlines: list[DeadlineView] = Field(default_factory=list)


class EngagementAttempt(RequestBody):
    at: Instant
    how: Words
    outcome: Words


class ClosureRequestBody(RequestBody):
    ground: Ground
    reasons: Words
    discussed_with_child: bool
    discussed_with_family: bool
    not_discussed_because: MaybeWords = ""
    how_to_come_back: Words
    engagement_attempts: Annotated[list[EngagementAttempt], Field(max_length=MOST)] = Field(
        default_factory=list
    )
    transition_plan: MaybeWords = ""
    transfer_offered: MaybeWords = ""


class ClosureRequestAnswer(BaseModel):
    closure_id: str
    status: str
    approver_id: str
    deadlines: list[DeadlineView]


class ApprovalAnswer(BaseModel):
    closure_id: str
    status: str
    closed_at: datetime
    deadlines: list[DeadlineView]


class DeclineBody(RequestBody):
    reason: Code
    note: Words


class LookBackBody(RequestBody):
    occurred_at: Instant
    gains_hold: bool
    feedback: Words


class LookBackAnswer(BaseModel):
    """`advice` is a code, given when the gains have not held."""

    closure_id: str
    advice: str | None
    deadlines: list[DeadlineView]


class ReopeningBody(RequestBody):
    reason: Words
    risk: Risk


class EarlierClosure(BaseModel):
    ground: str
    closed_at: datetime


class ReopeningAnswer(BaseModel):
    """A return is no failure, but that it returned, and why it had been closed, must be seen."""

    case_ref: str
    status: str
    times: int
    earlier_closures: list[EarlierClosure]
    deadlines: list[DeadlineView]
