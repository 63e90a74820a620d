"""What a referral is: one need of one child, passed to the providers of its pathway in turn. Instants are UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.directory import Provider
from domain.vocabulary import Bearer, Person, ReferralState, RejectionReason


class Detail(StrEnum):
    """What is known inside in-progress."""

    APPOINTMENT_BOOKED = "appointment-booked"
    NOT_ATTENDED = "not-attended"
    EVENT_CANCELLED = "event-cancelled"
    EVENT_DONE = "event-done"


@dataclass(frozen=True, slots=True)
class Consent:
    """On whose word the fields are shared, for which purpose; `consent_id` where the case has it on record."""

    given_by: Person
    purpose: str
    recorded_at: datetime
    consent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One provider asked, and what it answered; `number` counts from 1."""

    number: int
    provider: Provider
    asked_at: datetime
    acknowledged_at: datetime | None = None
    answered_at: datetime | None = None
    rejected_because: RejectionReason | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """`consent` is None in a draft, and where something is shared without it to protect the child."""

    id: UUID
    case_ref: str
    need: str
    area: str
    urgent: bool
    requested_by: str
    requested_at: datetime
    consent: Consent | None
    state: ReferralState = ReferralState.DRAFT
    attempts: tuple[Attempt, ...] = ()
    detail: Detail | None = None
    appointment_at: datetime | None = None
    missed: int = 0  # appointments that did not take place
    hold_until: datetime | None = None
    service_given_at: datetime | None = None
    confirmed: bool | None = None
    confirmed_by: Person | None = None
    ended_at: datetime | None = None
    ended_because: str | None = None
    enquiry_id: UUID | None = None  # capacity was asked first
    shared_version: int = 0  # of what is shared; 0: nothing is yet
    without_consent: bool = False
    sharing_stopped_at: datetime | None = None
    accompany: Bearer | None = None  # who is asked to go with the child
    accompany_by: datetime | None = None  # until when somebody is found
    accompanied_by: Bearer | None = None

    @property
    def current(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def asked(self) -> frozenset[str]:
        """The agencies that have been asked so far."""
        return frozenset(attempt.provider.agency_id for attempt in self.attempts)
