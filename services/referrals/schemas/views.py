"""A referral as it is shown; what a viewer may not see is null."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.choosing import Unfit
from domain.referral import Detail
from domain.sharing import SharedField
from domain.vocabulary import (
    Bearer,
    DeadlineState,
    Person,
    ReferralState,
    RejectionReason,
    Role,
)
from infrastructure.paging import NextCursor
from services.referrals.schemas.asking import ConsentGiven


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


class SkippedView(BaseModel):
    """An offer that was passed by without being asked, on the way to this attempt."""

    attempt: int
    offer_id: str
    agency_id: str
    because: Unfit
    at: datetime


class HistoryEntry(BaseModel):
    """One thing that became of the referral; `about_at` is the appointment, or until when."""

    what: str
    state: ReferralState
    attempt: int
    at: datetime
    agency_id: str
    reason: str | None
    about_at: datetime | None


class SeenView(BaseModel):
    """When an agency was shown what is shared, first and last."""

    agency_id: str
    version: int
    first_at: datetime
    last_at: datetime


class VersionView(BaseModel):
    """One sending, frozen. `content_hash` says whether two copies are the same; it opens nothing."""

    version: int
    sent_at: datetime
    sent_by: str
    content_hash: str
    summary: str | None
    shared: dict[SharedField, str]
    consent: ConsentGiven | None
    without_consent: str | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    justified: bool | None


class SharingView(BaseModel):
    """What has been shared, with whom, and whether it still is."""

    stopped_at: datetime | None
    versions: list[VersionView]
    seen: list[SeenView]


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
    missed_appointments: int | None = None
    hold_until: datetime | None = None
    service_given_at: datetime | None = None
    confirmed: bool | None = None
    confirmed_by: Person | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    accompany: Bearer | None = None
    accompany_by: datetime | None = None
    accompanied_by: Bearer | None = None
    summary: str | None = None
    shared: dict[SharedField, str] | None = None
    shared_version: int | None = None
    content_hash: str | None = None
    consent: ConsentGiven | None = None
    enquiry_id: UUID | None = None
    sharing: SharingView | None = None
    attempts: list[AttemptView] | None = None
    skipped: list[SkippedView] | None = None
    notes: dict[str, str] | None = None
    history: list[HistoryEntry] = Field(default_factory=list)
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


class ReferralList(BaseModel):
    tray: Literal["in", "out"]
    items: list[ListedReferral]
    next_cursor: NextCursor


class FieldView(BaseModel):
    """A field that may be shared, and what it is for."""

    field: SharedField
    meaning: str


class FieldList(BaseModel):
    items: list[FieldView]
