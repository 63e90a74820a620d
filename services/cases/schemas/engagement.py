"""How child and family were reached out to, and what is said when harm came to the child."""

from datetime import datetime

from pydantic import BaseModel

from domain.engagement import Approach
from domain.incidents import IncidentKind
from infrastructure.http import RequestBody
from services.cases.schemas.words import Code, Instant, Words

ATTEMPT = "engagement-attempt"  # what the words of an attempt are called among the narratives


class AttemptBody(RequestBody):
    """`by` made the attempt: whoever records it, unless somebody else is named."""

    at: Instant
    method: Approach
    by: Code | None = None
    note: Words


class AttemptView(BaseModel):
    """`note` is None for whoever may not read it."""

    attempt_id: str
    at: datetime
    method: str
    by: str
    recorded_at: datetime
    recorded_by: str
    note: str | None


class AttemptList(BaseModel):
    """`needed` says what the pack asks for before a family's refusal ends a case, `enough` whether it is there."""

    needed: str
    enough: bool
    items: list[AttemptView]


class IncidentBody(RequestBody):
    kind: IncidentKind
    occurred_at: Instant
    abuse_or_neglect_suspected: bool
    what_happened: Words


class IncidentView(BaseModel):
    """Codes and dates; the words stand with the case's assessments."""

    incident_id: str
    kind: str
    abuse_or_neglect_suspected: bool
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str


class IncidentList(BaseModel):
    items: list[IncidentView]
