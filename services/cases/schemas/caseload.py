"""A caseload handed over, with the manifest of what went to whom."""

from datetime import datetime
from typing import Annotated

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
    """An open duty as it stood at the handover."""

    step: str
    responsible: str
    due_at: datetime
    overdue: bool


class ManifestCase(BaseModel):
    case_ref: str
    status: str
    risk: str
    caseworker_id: str
    supervisor_id: str | None
    duties: list[ManifestDuty]


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

    team_id: str | None
    warning_above: int | None
    policy: str
    items: list[Caseload]
