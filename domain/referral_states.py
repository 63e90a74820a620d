"""The states of a referral and whose word moves it from one to the next. Source: practice.md, section 5.

The sender sets draft, requested, entered-in-error; either side cancelled; the receiver the rest.
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import Refusal
from domain.vocabulary import ReferralState

S = ReferralState


class ReferralNotInState(Refusal):
    """The referral is not at a point where this may be done."""

    code = "referral-not-in-state"


class Party(StrEnum):
    """Whose word moves a referral; the pathway speaks for the sender's standing request."""

    SENDER = "sender"
    RECEIVER = "receiver"
    PATHWAY = "pathway"


_SENDER, _RECEIVER = frozenset({Party.SENDER}), frozenset({Party.RECEIVER})
_EITHER, _PATHWAY = _SENDER | _RECEIVER, frozenset({Party.PATHWAY})
MOVES: Mapping[ReferralState, Mapping[ReferralState, frozenset[Party]]] = {
    S.DRAFT: {
        S.REQUESTED: _SENDER,
        S.FAILED: _PATHWAY,
        S.CANCELLED: _SENDER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.REQUESTED: {
        S.ACCEPTED: _RECEIVER,
        S.REJECTED: _RECEIVER | _PATHWAY,
        S.FAILED: _PATHWAY,
        S.CANCELLED: _EITHER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.REJECTED: {
        S.REQUESTED: _SENDER | _PATHWAY,
        S.FAILED: _PATHWAY,
        S.CANCELLED: _SENDER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.ACCEPTED: {
        S.IN_PROGRESS: _RECEIVER,
        S.ON_HOLD: _RECEIVER,
        S.FAILED: _RECEIVER,
        S.CANCELLED: _EITHER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.IN_PROGRESS: {
        S.ON_HOLD: _RECEIVER,
        S.COMPLETED: _RECEIVER,
        S.FAILED: _RECEIVER,
        S.CANCELLED: _EITHER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.ON_HOLD: {
        S.IN_PROGRESS: _RECEIVER,
        S.FAILED: _RECEIVER,
        S.CANCELLED: _EITHER,
        S.ENTERED_IN_ERROR: _SENDER,
    },
    S.COMPLETED: {S.ENTERED_IN_ERROR: _SENDER},
    S.FAILED: {S.ENTERED_IN_ERROR: _SENDER},
    S.CANCELLED: {S.ENTERED_IN_ERROR: _SENDER},
    S.ENTERED_IN_ERROR: {},
}
ENDED = frozenset({S.COMPLETED, S.FAILED, S.CANCELLED, S.ENTERED_IN_ERROR})
NOT_YET_SHARED = frozenset({S.DRAFT, S.REQUESTED, S.REJECTED})


def may_move(before: ReferralState, after: ReferralState, party: Party) -> bool:
    return party in MOVES[before].get(after, ())


def move(before: ReferralState, after: ReferralState, party: Party) -> ReferralState:
    """The new state; raises ReferralNotInState, naming what this party may do instead."""
    if not may_move(before, after, party):
        raise ReferralNotInState(
            f"A referral that is {before} cannot become {after} at the {party}'s word.",
            field="state",
            allowed=[each for each in MOVES[before] if may_move(before, each, party)],
        )
    return after
