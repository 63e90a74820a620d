"""An intake that joins a case in work, and the look that what it told is owed."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from domain.vocabulary import Finding, Method
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.words import Instant, Words


class JoinBody(RequestBody):
    """`other_ref` is the reference of the case in work; `reason` says why it is the same child."""

    other_ref: str
    reason: Words


class JoinAnswer(BaseModel):
    """`concern_id` names what was told in the case that it joined; `deadlines` are those of that case."""

    case_ref: str
    status: str
    joined_to: str
    concern_id: UUID
    deadlines: list[DeadlineView]


class LookBody(RequestBody):
    """How and when somebody looked into a report, and what was found."""

    method: Method
    occurred_at: Instant
    finding: Finding
    note: Words


class LookAnswer(BaseModel):
    record_id: UUID
    concern_id: UUID
    occurred_at: datetime
    deadlines: list[DeadlineView]
