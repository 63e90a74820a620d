"""A transfer as it is asked for, answered and seen: before acceptance the receiver reads codes only."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.transferring import Basis, PolicyChoice, TransferReason
from domain.vocabulary import ConsentForm, Person
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.words import MOST, Code, Instant, MaybeWords, Words


class TransferConsent(RequestBody):
    """Consent to this transfer, recorded with the request."""

    given_by: Person
    how: ConsentForm
    until: Instant | None = None


class HandoverEntry(RequestBody):
    """`what` is a code that the receiver reads before acceptance; the note only afterwards."""

    kind: Literal["document", "appointment", "person-to-inform"]
    what: Code
    due_at: Instant | None = None
    note: MaybeWords = ""


class TransferBody(RequestBody):
    """Open duties come onto the handover list by themselves."""

    to_agency_id: Code
    to_team_id: Code | None = None
    reason: TransferReason
    note: MaybeWords = ""
    policy: PolicyChoice = PolicyChoice.APPLY
    consent: TransferConsent | None = None
    without_consent_because: MaybeWords = ""
    handover: Annotated[list[HandoverEntry], Field(max_length=MOST)] = Field(default_factory=list)


class AcceptanceBody(RequestBody):
    """Those who look after the case and over it from now on; known staff of the receiver."""

    caseworker_id: Code
    supervisor_id: Code
    team_id: Code | None = None


class TransferDeclineBody(RequestBody):
    reason: Code
    note: Words


class WithdrawTransferBody(RequestBody):
    reason: Code


class HandoverItemView(BaseModel):
    item_id: UUID
    kind: str
    what: str
    due_at: datetime | None = None
    note: str | None = None
    ticked_by: str | None = None
    ticked_at: datetime | None = None


class TransferItem(BaseModel):
    """What stands in lists."""

    transfer_id: UUID
    case_ref: str
    state: str
    from_agency_id: str
    to_agency_id: str
    to_team_id: str | None
    reason: TransferReason
    basis: Basis
    policy: PolicyChoice
    requested_by: str
    requested_at: datetime
    answered_at: datetime | None
    answer: str | None
    items: int
    ticked: int


class TransferList(BaseModel):
    items: list[TransferItem]
    next_cursor: NextCursor


class TransferView(BaseModel):
    """`identity` and notes only for those who see these parts of the case itself."""

    transfer_id: UUID
    case_ref: str
    state: str
    from_agency_id: str
    to_agency_id: str
    to_team_id: str | None = None
    reason: TransferReason
    basis: Basis
    policy: PolicyChoice
    requested_by: str
    requested_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str | None = None
    answer_due_at: datetime | None = None
    handover: list[HandoverItemView]
    identity: dict[str, Any] | None = None


class AcceptanceAnswer(BaseModel):
    """The case as it stands with its new owners, and what is owed from now on."""

    transfer_id: UUID
    case_ref: str
    agency_id: str
    team_id: str | None
    caseworker_id: str
    supervisor_id: str
    policy: str
    deadlines: list[DeadlineView]
