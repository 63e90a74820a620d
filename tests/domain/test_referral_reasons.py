"""Each state that asks for a reason, against each side: which codes it may give."""

import pytest

from domain.errors import Malformed
from domain.referral_reasons import (
    CASE_CLOSED,
    CONSENT_WITHDRAWN,
    REASONS,
    CancelReason,
    FailReason,
    HoldReason,
    demand_reason,
)
from domain.referral_states import MOVES, Party
from domain.vocabulary import ReferralState as S
from domain.vocabulary import RejectionReason
from tests.domain.case_builders import words_of

SENDER, RECEIVER, PATHWAY = Party.SENDER, Party.RECEIVER, Party.PATHWAY
ALLOWED = [
    (S.REJECTED, RECEIVER, RejectionReason.NO_CAPACITY),
    (S.REJECTED, PATHWAY, RejectionReason.SILENCE),
    (S.ON_HOLD, RECEIVER, HoldReason.FAMILY_AWAY),
    (S.FAILED, RECEIVER, FailReason.SERVICE_ENDED),
    (S.FAILED, PATHWAY, "no-provider-left"),
    (S.CANCELLED, SENDER, CancelReason.FAMILY_DECLINES),
    (S.CANCELLED, RECEIVER, CancelReason.NO_CONTACT),
    (S.CANCELLED, PATHWAY, CASE_CLOSED),
    (S.CANCELLED, PATHWAY, CONSENT_WITHDRAWN),
    (S.ENTERED_IN_ERROR, SENDER, CancelReason.ENTERED_IN_ERROR),
]
REFUSED = [
    (S.REJECTED, RECEIVER, RejectionReason.SILENCE),  # only the clock finds it
    (S.REJECTED, SENDER, RejectionReason.NO_CAPACITY),
    (S.ON_HOLD, SENDER, HoldReason.FAMILY_AWAY),
    (S.FAILED, SENDER, FailReason.SERVICE_ENDED),
    (S.CANCELLED, SENDER, CONSENT_WITHDRAWN),  # the platform's word
    (S.CANCELLED, SENDER, CancelReason.ENTERED_IN_ERROR),  # a state of its own
    (S.ENTERED_IN_ERROR, RECEIVER, CancelReason.ENTERED_IN_ERROR),
    (S.ACCEPTED, RECEIVER, "glad-to"),  # asks for no reason
    (S.ON_HOLD, RECEIVER, "tired"),
]


@pytest.mark.parametrize(("state", "party", "reason"), ALLOWED)
def test_the_reason_is_the_sides_to_give(state: S, party: Party, reason: str) -> None:
    demand_reason(state, party, reason)


@pytest.mark.parametrize(("state", "party", "reason"), REFUSED)
def test_any_other_reason_is_refused_by_its_field(state: S, party: Party, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        demand_reason(state, party, reason)
    assert words_of(refused) == (
        "This is no reason that can be given here.",
        "reason",
        tuple(sorted(REASONS.get(state, {}).get(party, ()))),
    )


def test_whoever_gives_a_reason_may_set_the_state() -> None:
    """The platform cancels in the sender's name: the case is closed, or the consent withdrawn."""
    for state, by in REASONS.items():
        for party in by:
            speaks_as = SENDER if (state, party) == (S.CANCELLED, PATHWAY) else party
            assert any(speaks_as in after.get(state, ()) for after in MOVES.values())
