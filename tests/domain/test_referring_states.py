"""Every state of a referral against every other: whose word is needed, and nobody else's will do."""

import pytest

from domain.referral_states import ENDED, MOVES, Party, ReferralNotInState, may_move, move
from domain.vocabulary import ReferralState as S
from tests.domain.case_builders import words_of

S_, R, P = Party.SENDER, Party.RECEIVER, Party.PATHWAY
EITHER = {S_, R}
ALLOWED: dict[tuple[S, S], set[Party]] = {
    (S.DRAFT, S.REQUESTED): {S_},  # the sender asks
    (S.DRAFT, S.FAILED): {P},  # no provider of the pathway has a place
    (S.DRAFT, S.CANCELLED): {S_},  # nobody else knows of it yet
    (S.DRAFT, S.ENTERED_IN_ERROR): {S_},
    (S.REQUESTED, S.ACCEPTED): {R},
    (S.REQUESTED, S.REJECTED): {R, P},  # declined, or kept silent
    (S.REQUESTED, S.FAILED): {P},
    (S.REQUESTED, S.CANCELLED): EITHER,
    (S.REQUESTED, S.ENTERED_IN_ERROR): {S_},
    (S.REJECTED, S.REQUESTED): {S_, P},  # the next provider is asked
    (S.REJECTED, S.FAILED): {P},  # none is left
    (S.REJECTED, S.CANCELLED): {S_},  # the receiver has said its word
    (S.REJECTED, S.ENTERED_IN_ERROR): {S_},
    (S.ACCEPTED, S.IN_PROGRESS): {R},
    (S.ACCEPTED, S.ON_HOLD): {R},
    (S.ACCEPTED, S.FAILED): {R},
    (S.ACCEPTED, S.CANCELLED): EITHER,
    (S.ACCEPTED, S.ENTERED_IN_ERROR): {S_},
    (S.IN_PROGRESS, S.ON_HOLD): {R},
    (S.IN_PROGRESS, S.COMPLETED): {R},
    (S.IN_PROGRESS, S.FAILED): {R},
    (S.IN_PROGRESS, S.CANCELLED): EITHER,
    (S.IN_PROGRESS, S.ENTERED_IN_ERROR): {S_},
    (S.ON_HOLD, S.IN_PROGRESS): {R},
    (S.ON_HOLD, S.FAILED): {R},
    (S.ON_HOLD, S.CANCELLED): EITHER,
    (S.ON_HOLD, S.ENTERED_IN_ERROR): {S_},
    (S.COMPLETED, S.ENTERED_IN_ERROR): {S_},  # an error can be found late
    (S.FAILED, S.ENTERED_IN_ERROR): {S_},
    (S.CANCELLED, S.ENTERED_IN_ERROR): {S_},
}


@pytest.mark.parametrize("party", list(Party))
@pytest.mark.parametrize("after", list(S))
@pytest.mark.parametrize("before", list(S))
def test_only_the_right_word_moves_a_referral(before: S, after: S, party: Party) -> None:
    assert may_move(before, after, party) is (party in ALLOWED.get((before, after), set()))


def test_every_state_has_its_row() -> None:
    assert set(MOVES) == set(S)


def test_help_that_was_never_begun_cannot_be_completed() -> None:
    assert not any(may_move(S.ACCEPTED, S.COMPLETED, party) for party in Party)


def test_a_refused_move_names_what_may_be_done_instead() -> None:
    with pytest.raises(ReferralNotInState) as refused:
        move(S.REQUESTED, S.COMPLETED, Party.RECEIVER)
    assert words_of(refused) == (
        "A referral that is requested cannot become completed at the receiver's word.",
        "state",
        ("accepted", "rejected", "cancelled"),
    )
    assert move(S.REQUESTED, S.ACCEPTED, Party.RECEIVER) is S.ACCEPTED


def test_an_ended_referral_is_only_ever_found_to_be_an_error() -> None:
    for state in ENDED:
        assert set(MOVES[state]) <= {S.ENTERED_IN_ERROR}
