"""What operations answer: ids, codes and instants (UTC); nothing about a child but her reference."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from infrastructure.paging import NextCursor


class DutyRow(BaseModel):
    """One open deadline; `late_seconds` is 0 until it is past due."""

    deadline_id: UUID
    owner: str
    case_ref: str
    subject_type: str
    subject_id: str
    step: str
    agency_id: str
    responsible: str
    person_id: str | None
    due_at: datetime
    late_seconds: int
    rung: int | None
    acknowledged_by: str | None


class DutyPage(BaseModel):
    """Open deadlines, earliest due first."""

    items: list[DutyRow]
    next_cursor: NextCursor
    as_of: datetime


class CountRow(BaseModel):
    agency_id: str
    step: str
    overdue: int
    earliest_due_at: datetime


class Counts(BaseModel):
    """`overdue` is the sum of the rows, and equals the length of the list."""

    open: int
    overdue: int
    by_agency_and_step: list[CountRow]
    as_of: datetime


class Finding(BaseModel):
    """Something the watchdog sees: what, where, and what to do about it."""

    kind: str
    case_ref: str
    subject: str
    since: datetime
    sentence: str


class Findings(BaseModel):
    """Cases without a deadline first, then what nobody announced, then reported problems."""

    items: list[Finding]
    next_cursor: NextCursor
    as_of: datetime
