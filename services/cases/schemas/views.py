"""A case as a viewer may see it: a section that is hidden is not there at all."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from infrastructure.paging import NextCursor
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.plan import ActionView, FollowUpView


class CaseItem(BaseModel):
    """What stands in lists; beyond reference and status only for those who see its duties."""

    case_ref: str
    status: str
    agency_id: str
    team_id: str | None = None
    caseworker_id: str | None = None
    supervisor_id: str | None = None
    risk: str | None = None
    policy: str | None = None
    identified_at: datetime | None = None
    registered_at: datetime | None = None
    plan_version: int | None = None
    times_reopened: int | None = None
    erased_at: datetime | None = None
    joined_to: str | None = None


class CaseList(BaseModel):
    items: list[CaseItem]
    next_cursor: NextCursor


class NarrativeView(BaseModel):
    """What somebody recorded in words; `content` is None once the child's key is destroyed."""

    id: str
    kind: str
    subject_id: str
    recorded_at: datetime
    recorded_by: str
    content: dict[str, Any] | None = None


class RegistrationView(BaseModel):
    """`joined`: what was told in reports that became part of the case."""

    source: str
    criteria: list[str]
    referrer_id: str | None = None
    concerns: str | None = None
    expectations: dict[str, Any] | None = None
    joined: list[NarrativeView] | None = None


class ConsentRecordView(BaseModel):
    consent_id: str
    given_by: str
    purpose: str
    how: str
    given_at: datetime | None = None
    recorded_at: datetime
    until: datetime | None = None
    withdrawn_at: datetime | None = None
    holds: bool


class PlanView(BaseModel):
    version: int
    versions: list[NarrativeView]
    actions: list[ActionView]
    follow_ups: list[FollowUpView]
    unanswered: list[str]


class ClosureView(BaseModel):
    closure_id: str
    state: str
    ground: str | None = None
    settled_at: datetime | None = None
    requested_by: str | None = None
    requested_at: datetime | None = None
    passed_to_stand_in_at: datetime | None = None
    decided_by: str | None = None
    closed_at: datetime | None = None
    looked_back_at: datetime | None = None
    erase_at: datetime | None = None


class ClosureSection(BaseModel):
    closures: list[ClosureView]
    narratives: list[NarrativeView]


class CaseView(CaseItem):
    """`reason` and `advice` are codes, there when the referral was refused."""

    reason: str | None = None
    advice: str | None = None
    identity: dict[str, Any] | None = None
    registration: RegistrationView | None = None
    assessment: list[NarrativeView] | None = None
    plan: PlanView | None = None
    contacts: list[NarrativeView] | None = None
    consent: list[ConsentRecordView] | None = None
    closure: ClosureSection | None = None
    deadlines: list[DeadlineView] | None = None


class FactView(BaseModel):
    """One line of the chronology: ids, codes and instants, never words.

    It happened at `at`; it was known from `recorded_at`, when `recorded_by` wrote it down.
    """

    at: datetime
    recorded_at: datetime
    fact: str
    recorded_by: str
    subject_type: str
    subject_id: str
    codes: dict[str, Any]


class Chronology(BaseModel):
    items: list[FactView]
