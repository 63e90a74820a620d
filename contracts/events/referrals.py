"""Facts about referrals to services. Only services.referrals announces them."""

from typing import Annotated, ClassVar

from contracts.events.base import CaseEvent, Code, Count, Flag, Id, Instant, ShortId, classified
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
