"""Referrals as they travel over HTTP; what a viewer may not see is null."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from domain.referring import CancelReason, Detail, SharedField
from domain.vocabulary import (
    CASE_REF_PATTERN,
    DeadlineState,
    Person,
    ReferralState,
    RejectionReason,
    Role,
)
from infrastructure.http import RequestBody

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
CaseRef = Annotated[str, StringConstraints(pattern=CASE_REF_PATTERN)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ConsentGiven(RequestBody):
    """On whose word the fields are shared; `consent_id` where the case has it on record."""

    given_by: Person
    purpose: Code = "referral"
    recorded_at: AwareDatetime
    consent_id: UUID | None = None


class ReferralRequest(RequestBody):
    """`shared` is chosen field by field; the provider sees the summary and these, as they are now."""

    case_ref: CaseRef
    need: Code
    area: Code
    urgent: bool = False
    summary: Text
    shared: dict[SharedField, Note] = Field(default_factory=dict)
    consent: ConsentGiven


class NoWords(RequestBody):
    """Nothing more needs to be said."""


class Rejection(RequestBody):
    reason: RejectionReason
    note: Note | None = None


class Appointment(RequestBody):
    at: AwareDatetime


class ServiceGiven(RequestBody):
    """`given_at` left out: now."""

    given_at: AwareDatetime | None = None
    note: Note | None = None


class Confirmation(RequestBody):
    """Confirmed by whom, or not, with the reason."""

    confirmed: bool
    by: Person | None = None
    reason: Note | None = None


class Cancellation(RequestBody):
    reason: CancelReason


class UnmetNeed(RequestBody):
    note: Note


class AttemptView(BaseModel):
    """One provider asked, and what it answered."""

    attempt: int
    offer_id: str
    agency_id: str
    asked_at: datetime
    acknowledged_at: datetime | None
    answered_at: datetime | None
    rejected_because: RejectionReason | None
    note: str | None = None


class DutyView(BaseModel):
    deadline_id: UUID
    step: str
    agency_id: str
    responsible: Role
    due_at: datetime
    state: DeadlineState
    settled_at: datetime | None
    acknowledged_by: str | None


class ReferralView(BaseModel):
    """`attempt` is the current one, or for a provider that was passed over its own."""

    referral_id: UUID
    case_ref: str
    need: str
    area: str
    urgent: bool
    state: ReferralState
    attempt: int | None = None
    offer_id: str | None = None
    provider_agency_id: str | None = None
    asked_at: datetime | None = None
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    rejected_because: RejectionReason | None = None
    from_agency_id: str | None = None
    requested_by: str | None = None
    requested_at: datetime | None = None
    detail: Detail | None = None
    appointment_at: datetime | None = None
    service_given_at: datetime | None = None
    confirmed: bool | None = None
    confirmed_by: Person | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    summary: str | None = None
    shared: dict[SharedField, str] | None = None
    consent: ConsentGiven | None = None
    attempts: list[AttemptView] | None = None
    notes: dict[str, str] | None = None
    deadlines: list[DutyView] = Field(default_factory=list)


class ListedReferral(BaseModel):
    """A row of a tray: codes and instants, no texts."""

    referral_id: UUID
    case_ref: str
    need: str
    area: str
    urgent: bool
    state: ReferralState
    attempt: int | None
    offer_id: str | None
    provider_agency_id: str | None
    requested_at: datetime
    asked_at: datetime | None
    acknowledged_at: datetime | None
    appointment_at: datetime | None


class ReferralPage(BaseModel):
    """`next` is the cursor of the following page, if there is one."""

    tray: Literal["in", "out"]
    referrals: list[ListedReferral]
    next: int | None
