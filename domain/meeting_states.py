"""Where a review or a meeting stands, and what may become of it: two tables; all else is refused.

Source: practice.md, step 6 (reviews) and step 5 (conferences).
"""

from collections.abc import Mapping
from enum import StrEnum

from domain.errors import Refusal
from domain.vocabulary import ReviewState


class ReviewNotStanding(Refusal):
    """The review has been held already, or was cancelled."""

    code = "review-not-standing"


class ReviewNotConvened(Refusal):
    """The review has no meeting yet: somebody must take the chair first."""

    code = "review-not-convened"


class MeetingNotStanding(Refusal):
    """The meeting has been held already, or was cancelled."""

    code = "meeting-not-standing"


class MeetingState(StrEnum):
    """Where a conference or planning meeting stands."""

    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class Happening(StrEnum):
    """What may become of a review or meeting."""

    CONVENE = "convene"  # chair, participants and date are set, or set anew
    LOSE_CHAIR = "lose-chair"  # whoever chairs is not independent any more
    POSTPONE = "postpone"
    HOLD = "hold"
    CANCEL = "cancel"


_R, _M, _H = ReviewState, MeetingState, Happening
OF_REVIEWS: Mapping[tuple[ReviewState, Happening], ReviewState] = {
    (_R.SCHEDULED, _H.CONVENE): _R.CONVENED,
    (_R.SCHEDULED, _H.CANCEL): _R.CANCELLED,
    (_R.CONVENED, _H.CONVENE): _R.CONVENED,
    (_R.CONVENED, _H.LOSE_CHAIR): _R.SCHEDULED,
    (_R.CONVENED, _H.POSTPONE): _R.CONVENED,
    (_R.CONVENED, _H.HOLD): _R.HELD,
    (_R.CONVENED, _H.CANCEL): _R.CANCELLED,
}
OF_MEETINGS: Mapping[tuple[MeetingState, Happening], MeetingState] = {
    (_M.CALLED, _H.CONVENE): _M.CALLED,
    (_M.CALLED, _H.HOLD): _M.HELD,
    (_M.CALLED, _H.CANCEL): _M.CANCELLED,
}
REVIEW_STANDS = frozenset({ReviewState.SCHEDULED, ReviewState.CONVENED})


def review_after(state: ReviewState, happening: Happening) -> ReviewState:
    """Raises ReviewNotConvened while there is no meeting, and ReviewNotStanding for what is over."""
    following = OF_REVIEWS.get((state, happening))
    if following is not None:
        return following
    raise ReviewNotConvened if state in REVIEW_STANDS else ReviewNotStanding


def meeting_after(state: MeetingState, happening: Happening) -> MeetingState:
    """Raises MeetingNotStanding for what is over."""
    following = OF_MEETINGS.get((state, happening))
    if following is None:
        raise MeetingNotStanding
    return following
