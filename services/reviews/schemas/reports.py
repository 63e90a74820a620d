"""Reports on the wire: asked for, given, shown to few."""

from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from domain.reporting import Report
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.reviews.schemas.words import MOST_REPORTS, AgencyId, StaffId, Words


class AskedAgency(RequestBody):
    """Whose report is asked for; without `staff_id` anybody who provides for the agency may give it."""

    agency_id: AgencyId
    staff_id: StaffId | None = None


class ReportRequest(RequestBody):
    """Without agencies, every agency involved is asked; without a date, the practice's time before the meeting."""

    agencies: list[AskedAgency] | None = Field(default=None, min_length=1, max_length=MOST_REPORTS)
    due_at: AwareDatetime | None = None


class ReportBody(RequestBody):
    """What the agency has to say."""

    text: Words


class ReportView(BaseModel):
    """`text` null until it is given."""

    report_id: UUID
    case_ref: str
    asked_for: UUID
    agency_id: str
    staff_id: str | None
    due_at: AwareDatetime
    meeting_at: AwareDatetime | None
    received_at: AwareDatetime | None
    received_by: str | None
    no_longer_needed: bool
    text: str | None

    @classmethod
    def of(cls, report: Report, meeting_at: datetime | None, text: str | None) -> "ReportView":
        return cls(
            report_id=report.id,
            case_ref=report.case_ref,
            asked_for=report.asked_for,
            agency_id=report.agency_id,
            staff_id=report.staff_id,
            due_at=report.due_at,
            meeting_at=meeting_at,
            received_at=report.received_at,
            received_by=report.received_by,
            no_longer_needed=report.dropped,
            text=text,
        )


class ReportList(BaseModel):
    """All that a review or meeting asks for: a report an agency."""

    items: list[ReportView]


class ReportPage(ReportList):
    next_cursor: NextCursor
