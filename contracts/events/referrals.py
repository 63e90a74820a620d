"""Facts about referrals to services. Only services.referrals announces them."""

from typing import Annotated, ClassVar

from contracts.events.base import (
    AgencyEvent,
    CaseEvent,
    Code,
    Count,
    Flag,
    Id,
    Instant,
    ShortId,
    classified,
)
from domain.vocabulary import RejectionReason


class _Referral(CaseEvent):
    topic: ClassVar[str] = "referrals"
    referral_id: Id


class ReferralRequested(_Referral):
    """A provider is asked; `attempt` counts the providers asked so far, from 1."""

    type: ClassVar[str] = "referral.requested.v1"
    attempt: Count
    from_agency_id: ShortId
    to_agency_id: ShortId
    offer_id: ShortId
    need: Code
    urgent: Flag
    requested_by: ShortId


class ReferralAcknowledged(_Referral):
    type: ClassVar[str] = "referral.acknowledged.v1"
    attempt: Count


class ReferralAccepted(_Referral):
    type: ClassVar[str] = "referral.accepted.v1"
    attempt: Count


class ReferralRejected(_Referral):
    type: ClassVar[str] = "referral.rejected.v1"
    attempt: Count
    reason: Annotated[RejectionReason, classified("code")]


class ReferralAppointmentBooked(_Referral):
    type: ClassVar[str] = "referral.appointment-booked.v1"
    appointment_at: Instant


class ReferralServiceGiven(_Referral):
    """The provider's word that help was given; the family's confirmation is still owed."""

    type: ClassVar[str] = "referral.service-given.v1"
    given_at: Instant


class ReferralCompleted(_Referral):
    type: ClassVar[str] = "referral.completed.v1"
    confirmed: Flag  # False: ended with a recorded reason for the absence of a confirmation


class ReferralExhausted(_Referral):
    """No provider of the pathway is left: an unmet need."""

    type: ClassVar[str] = "referral.exhausted.v1"
    need: Code
    attempts: Count


class ReferralCancelled(_Referral):
    type: ClassVar[str] = "referral.cancelled.v1"
    reason: Code


class UnmetNeedRecorded(_Referral):
    """The case's agency has noted that no provider serves this need, so that it can be counted."""

    type: ClassVar[str] = "unmet-need.recorded.v1"
    need: Code
    area: Code


class ReferralPutOnHold(_Referral):
    """Help waits, at most until `until`; the provider resumes it or the limit is missed."""

    type: ClassVar[str] = "referral.on-hold.v1"
    reason: Code
    until: Instant


class ReferralResumed(_Referral):
    type: ClassVar[str] = "referral.resumed.v1"


class ReferralAppointmentMissed(_Referral):
    """An appointment did not take place; `because` says on whose side, never why."""

    type: ClassVar[str] = "referral.appointment-missed.v1"
    appointment_at: Instant
    because: Code  # child-absent, provider-absent, cancelled


class ReferralFailed(_Referral):
    """The provider could not help after all."""

    type: ClassVar[str] = "referral.failed.v1"
    reason: Code


class ReferralEnteredInError(_Referral):
    type: ClassVar[str] = "referral.entered-in-error.v1"


class ReferralSharingStopped(_Referral):
    """Consent is withdrawn: nothing more is shared. `shared` names the fields the provider had seen."""

    type: ClassVar[str] = "referral.sharing-stopped.v1"
    to_agency_id: ShortId
    shared: tuple[Code, ...]


class ReferralSharedAnew(_Referral):
    """What is shared has been changed and sent again, as a version of its own; `fields` names what is in it."""

    type: ClassVar[str] = "referral.shared-anew.v1"
    to_agency_id: ShortId
    version: Count
    fields: tuple[Code, ...]


class ReferralLinkIssued(_Referral):
    """A provider without an account may work from a signed link and a code told apart."""

    type: ClassVar[str] = "referral.link-issued.v1"
    link_id: Id
    to_agency_id: ShortId
    attempt: Count
    expires_at: Instant


class ReferralLinkRevoked(_Referral):
    type: ClassVar[str] = "referral.link-revoked.v1"
    link_id: Id


class CapacityAsked(AgencyEvent):
    """A provider is asked whether there is room: nothing in it says for whom."""

    topic: ClassVar[str] = "referrals"
    type: ClassVar[str] = "capacity.asked.v1"
    enquiry_id: Id
    offer_id: ShortId
    need: Code
    area: Code
    asked_by_agency_id: ShortId
    answer_by: Instant


class CapacityAnswered(AgencyEvent):
    topic: ClassVar[str] = "referrals"
    type: ClassVar[str] = "capacity.answered.v1"
    enquiry_id: Id
    offer_id: ShortId
    asked_by_agency_id: ShortId
    answer: Code  # has-capacity, no-capacity, waiting-list, more-assessment-needed
