"""Putting a review off: with a reason, once without approval, and never without end. The due date stays.

Source: issue of the founding documents (postponed reviews with reasons); practice.md, section 2 (four eyes).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.errors import Malformed, Refusal
from domain.meeting_states import Happening, review_after
from domain.minutes import demand_ahead
from domain.policy import Pack
from domain.reviewing import Review

ALONE = "postponements-without-approval"
AT_MOST = "postponements-at-most"


class PostponementReason(StrEnum):
    """Why a review is put off."""

    CHILD_ASKS = "child-asks"
    CHILD_OR_FAMILY_UNABLE = "child-or-family-unable"
    CHAIR_UNABLE = "chair-unable"
    STAFF_UNABLE = "staff-unable"
    REPORTS_MISSING = "reports-missing"
    INTERPRETER_MISSING = "interpreter-missing"
    UNSAFE_NOW = "unsafe-now"
    OTHER = "other"


class PostponementNeedsApproval(Refusal):
    """Another postponement is for the supervisor or a manager, and not for whoever put it off before."""

    code = "postponement-needs-approval"


class PostponementsExhausted(Refusal):
    """This review has been put off as often as the practice allows: it is held, or it is overdue."""

    code = "postponements-exhausted"


class PostponementNeedsReason(Refusal):
    """A meeting moved beyond the date on which the review is due is postponed, and that needs a reason."""

    code = "postponement-needs-reason"


class NotLater(Malformed):
    """A review is put off to a later moment; an earlier one is a change of its meeting."""

    code = "not-later"


@dataclass(frozen=True, slots=True)
class Postponement:
    """One time that a review was put off; instants are UTC."""

    times: int
    reason: PostponementReason
    before: datetime
    after: datetime
    by: str


def postpone(
    review: Review,
    earlier: tuple[Postponement, ...],
    reason: PostponementReason,
    after: datetime,
    by: str,
    has_authority: bool,
    pack: Pack,
    now: datetime,
) -> tuple[Review, Postponement]:
    """`has_authority`: supervisor or manager of the case. Raises refusals of this module."""
    state = review_after(review.state, Happening.POSTPONE)
    before = review.meeting_at or review.due_at
    demand_ahead(after, now)
    if after <= before:
        raise NotLater(field="meeting_at")
    if _is_reached(pack.figures.get(AT_MOST), len(earlier)):
        raise PostponementsExhausted
    if _is_reached(pack.figures.get(ALONE), len(earlier)):
        put_off_before = {each.by for each in earlier}
        if not has_authority or by in put_off_before:
            raise PostponementNeedsApproval
    postponed = replace(review, state=state, meeting_at=after, postponements=len(earlier) + 1)
    return postponed, Postponement(len(earlier) + 1, reason, before, after, by)


def demand_no_postponement(review: Review, meeting_at: datetime) -> None:
    """A plain change of the meeting does not carry it past the due date; raises PostponementNeedsReason."""
    before = review.meeting_at
    if before is not None and meeting_at > before and meeting_at > review.due_at:
        raise PostponementNeedsReason(field="meeting_at")


def _is_reached(figure: int | None, times: int) -> bool:
    """A pack that names no figure sets no limit."""
    return figure is not None and times >= figure
