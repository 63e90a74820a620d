"""Why a referral stops, waits or ends, in codes, and whose reasons they are. Source: practice.md, section 5.

A reason is never the child's story: what needs saying is written as a note, which is sealed.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import Malformed
from domain.referral_states import Party
from domain.vocabulary import ReferralState, RejectionReason

S = ReferralState


class HoldReason(StrEnum):
    """Why help waits."""

    CHILD_UNWELL = "child-unwell"
    FAMILY_AWAY = "family-away"
    FAMILY_ASKS = "family-asks"
    AWAITING_PLACE = "awaiting-place"
    AWAITING_PAPERS = "awaiting-papers"
    PROVIDER_SHORT_OF_STAFF = "provider-short-of-staff"


class FailReason(StrEnum):
    """Why a provider that had taken it up could not help after all."""

    FAMILY_NOT_REACHED = "family-not-reached"
    FAMILY_DECLINES = "family-declines"
    NOT_ELIGIBLE = "not-eligible"
    NEEDS_OTHER_HELP = "needs-other-help"
    SERVICE_ENDED = "service-ended"


class CancelReason(StrEnum):
    """Why a side takes a referral back; `entered-in-error` is a state of its own."""

    NO_LONGER_NEEDED = "no-longer-needed"
    FAMILY_DECLINES = "family-declines"
    MOVED_AWAY = "moved-away"
    OTHER_SERVICE_BETTER = "other-service-better"
    NO_CONTACT = "no-contact"
    ENTERED_IN_ERROR = "entered-in-error"


class MissedBecause(StrEnum):
    """On whose side an appointment did not take place."""

    CHILD_ABSENT = "child-absent"
    PROVIDER_ABSENT = "provider-absent"
    CANCELLED = "cancelled"


CASE_CLOSED, CONSENT_WITHDRAWN = "case-closed", "consent-withdrawn"
NO_PROVIDER_LEFT = "no-provider-left"
_TAKEN_BACK = frozenset(CancelReason) - {CancelReason.ENTERED_IN_ERROR}
_SPOKEN = frozenset(RejectionReason) - {RejectionReason.SILENCE}
# state entered -> whose word -> the reasons that may be given; a state without a row asks for none.
REASONS: Mapping[ReferralState, Mapping[Party, frozenset[str]]] = {
    S.REJECTED: {
        Party.RECEIVER: _SPOKEN,
        Party.PATHWAY: frozenset({RejectionReason.SILENCE}),  # only the clock finds silence
    },
    S.ON_HOLD: {Party.RECEIVER: frozenset(HoldReason)},
    S.FAILED: {
        Party.RECEIVER: frozenset(FailReason),
        Party.PATHWAY: frozenset({NO_PROVIDER_LEFT}),
    },
    S.CANCELLED: {
        Party.SENDER: _TAKEN_BACK,
        Party.RECEIVER: _TAKEN_BACK,
        Party.PATHWAY: frozenset({CASE_CLOSED, CONSENT_WITHDRAWN}),  # the platform's word
    },
    S.ENTERED_IN_ERROR: {Party.SENDER: frozenset({CancelReason.ENTERED_IN_ERROR})},
}


def demand_reason(state: ReferralState, party: Party, reason: str) -> None:
    """Raises Malformed, naming the reasons that this side may give."""
    allowed = REASONS.get(state, {}).get(party, frozenset())
    if reason not in allowed:
        raise Malformed(
            "This is no reason that can be given here.", field="reason", allowed=sorted(allowed)
        )
