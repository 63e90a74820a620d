"""A case file: everything about one case that its reader may see, in one piece."""

from datetime import datetime

from pydantic import BaseModel, Field

from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.statement import FeedbackList
from services.cases.schemas.views import CaseView, Chronology


class KeptElsewhere(BaseModel):
    """A referral, review, conference or planning meeting; `state` is the last word heard of it."""

    kind: str
    state: str
    since: datetime
    agency_id: str | None = None
    need: str | None = None
    meets_at: datetime | None = None
    ended_at: datetime | None = None


class Elsewhere(BaseModel):
    """What referrals and reviews have said of the case; minutes and reports stay with them."""

    kept: list[KeptElsewhere]
    duties: list[DeadlineView]


class CaseFile(BaseModel):
    """`zone` is the agency's, for whoever prints it; instants are UTC.

    `agency_names`: what the agencies of this file are called, by their codes; one of no known name is left out.
    """

    exported_at: datetime
    exported_by: str
    zone: str
    case: CaseView
    elsewhere: Elsewhere | None = None
    feedback: FeedbackList | None = None
    chronology: Chronology
    agency_names: dict[str, str] = Field(default_factory=dict)
