"""A case file: everything about one case that its reader may see, in one piece."""

from datetime import datetime

from pydantic import BaseModel

from services.cases.schemas.statement import FeedbackList
from services.cases.schemas.views import CaseView, Chronology


class CaseFile(BaseModel):
    """`zone` is the agency's, for whoever prints it; instants are UTC."""

    exported_at: datetime
    exported_by: str
    zone: str
    case: CaseView
    feedback: FeedbackList | None = None
    chronology: Chronology
