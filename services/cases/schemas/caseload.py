"""A caseload handed over, with the manifest of what went to whom."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from domain.vocabulary import CASE_REF_PATTERN
from infrastructure.http import RequestBody
from services.cases.schemas.words import Code

CaseRef = Annotated[str, StringConstraints(pattern=CASE_REF_PATTERN)]
_MOST_CASES = 500


class Successor(RequestBody):
    case_ref: CaseRef
    caseworker_id: Code


class CaseloadHandoverBody(RequestBody):
    """A caseworker for each case; `everything_to` takes those that are not named."""

    to: Annotated[list[Successor], Field(max_length=_MOST_CASES)] = Field(default_factory=list)
    everything_to: Code | None = None


class ManifestDuty(BaseModel):
    """An open duty as it stood at the handover; `owner` keeps its record, `agency_id` owes it."""

    step: str
    responsible: str
    due_at: datetime
    overdue: bool
    owner: str = "cases"
    agency_id: str | None = None


class ManifestUnderWay(BaseModel):
    """A referral, review or meeting that goes on; `meets_at` is its next date, where one is set."""

    kind: str
    id: UUID
    state: str
    since: datetime
    agency_id: str | None = None
    need: str | None = None
    meets_at: datetime | None = None


class ManifestCase(BaseModel):
    case_ref: str
    status: str
    risk: str
    caseworker_id: str
    supervisor_id: str | None
    duties: list[ManifestDuty]
    under_way: list[ManifestUnderWay] = Field(default_factory=list)


class Manifest(BaseModel):
    """Codes and dates only: what was handed over, by whom, to whom."""

    staff_id: str
    handed_over_by: str
    handed_over_at: datetime
    open_duties: int
    overdue: int
    cases: list[ManifestCase]


class Caseload(BaseModel):
    """One caseworker's active cases, and the duties on them that are hers; `warning`: above the pack's figure."""

    caseworker_id: str
    cases: int
    by_status: dict[str, int]
    by_risk: dict[str, int]
    open_duties: int
    overdue: int
    warning: bool


class CaseloadList(BaseModel):
    """`warning_above` is the figure of the agency's policy pack; None where it names none."""

    team_id: str | None = None
    warning_above: int | None = None
    policy: str
    items: list[Caseload]
