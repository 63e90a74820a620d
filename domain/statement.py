"""What the family is told has been promised, what became of it, and how the way to it is guarded.

Rights, not favours: every duty names its bearer, and the family can be given what is owed to them. A duty
among staff is none of the family's, so only the steps named here are told. Source: practice.md, section 2.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.deadlines import Deadline
from domain.errors import Missing, Refusal
from domain.reference import ALPHABET
from domain.vocabulary import DeadlineState, FeedbackKind, Person

VISITED_BY = "family"  # how the record names whoever comes by a link: no member of staff
PROMISED = frozenset(
    {
        "initial-assessment",
        "comprehensive-assessment",
        "case-plan",
        "plan-revision",
        "re-assessment",
        "urgent-action",
        "plan-action",
        "follow-up",
        "look-back",
        "complaint-answer",
        "question-answer",
        "referral-answer",
        "referral-first-service",
        "referral-appointment",
        "referral-rebooking",
        "referral-hold",
        "referral-confirmation",
        "referral-accompaniment",
        "review",
    }
)
TO_THE_HOUR = frozenset({"referral-appointment"})  # kept at an hour, not only on a day
MEETINGS = frozenset({"review", "planning"})  # to which child and family are asked
# What was to come in time, until people agreed on a date: the family is told of the date alone.
_OVERTAKEN = {"referral-first-service": "referral-appointment"}
_GROUP = 4
_MISREAD = str.maketrans("OIL", "011")
_ANSWERS = frozenset({"complaint-answer", "question-answer"})
_AWAITED = frozenset({FeedbackKind.COMPLAINT, FeedbackKind.QUESTION, FeedbackKind.RETURN})


class Language(StrEnum):
    """The languages of the family's page."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    ARABIC = "ar"


class LinkOver(Missing):
    """This link leads nowhere, or leads nowhere any more."""

    code = "link-over"


class LinkLocked(Refusal):
    """Too many wrong codes were given for this link; only a new link opens the statement."""

    code = "link-locked"


class TooMuchFeedback(Refusal):
    """By this link enough was said already; the caseworker can give a new one."""

    code = "too-much-feedback"


class ComplaintAwaitsSupervisor(Refusal):
    """A complaint is answered by the supervisor, never by whoever it may be about."""

    code = "complaint-awaits-supervisor"


class FeedbackAnswered(Refusal):
    """This was answered already, or asked for no answer."""

    code = "feedback-answered"


class Outcome(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept-late"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Link:
    """One way to a statement; `attempts` counts wrong codes since the last right one. Instants are UTC."""

    id: UUID
    case_ref: str
    language: Language
    for_whom: Person
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    attempts: int = 0
    locked_at: datetime | None = None
    opened_at: datetime | None = None
    withheld: frozenset[UUID] = frozenset()

    def is_over(self, now: datetime) -> bool:
        return self.revoked_at is not None or now >= self.expires_at


@dataclass(frozen=True, slots=True)
class Promise:
    """A duty towards the family; `subject_id` leads to the words of an action, if it is one.

    `agency_id` bears it: a provider's own, the case's for everything else. `first_due` is the date first promised,
    where the promise was put off since.
    """

    step: str
    subject_id: str
    role: str
    agency_id: str
    due_at: datetime
    outcome: Outcome
    settled_at: datetime | None
    first_due: datetime | None = None


def demand_usable(link: Link, now: datetime) -> None:
    """Raises LinkOver, LinkLocked."""
    if link.is_over(now):
        raise LinkOver
    if link.locked_at is not None:
        raise LinkLocked


def guessed(link: Link, is_right: bool, most: int, now: datetime) -> Link:
    """The link after a code was tried; `most` wrong ones in a row lock it for good."""
    if is_right:
        return replace(link, attempts=0, opened_at=now)
    attempts = link.attempts + 1
    return replace(link, attempts=attempts, locked_at=now if attempts >= most else None)


def revoke(link: Link, now: datetime) -> Link:
    """The first time it is revoked counts."""
    return link if link.revoked_at is not None else replace(link, revoked_at=now)


def promises(
    deadlines: Iterable[Deadline], withheld: Iterable[UUID], now: datetime
) -> list[Promise]:
    """What was promised to the family, by date; a duty that was moved is told as it stands now."""
    hidden, all_of_them = {str(each) for each in withheld}, list(deadlines)
    agreed = {(each.subject_id, each.step) for each in all_of_them}
    anew = {(each.subject_id, each.step, each.anchored_at) for each in all_of_them}
    before = {each.successor_id: each for each in all_of_them if each.successor_id is not None}
    told = [
        Promise(
            each.step,
            each.subject_id,
            each.responsible.role.value,
            each.responsible.agency_id,
            each.due_at,
            outcome(each, now),
            each.settled_at,
            _first_due(each, before),
        )
        for each in all_of_them
        if each.step in PROMISED
        and each.successor_id is None
        and each.subject_id not in hidden
        and not _is_overtaken(each, agreed)
        and not _is_set_anew(each, anew)
    ]
    return sorted(told, key=lambda promise: promise.due_at)


def left_after_death(promised: Iterable[Promise]) -> list[Promise]:
    """Told to those who mourn: what was done for the child, and the answers that they are owed."""
    done = (Outcome.KEPT, Outcome.KEPT_LATE)
    return [each for each in promised if each.outcome in done or each.step in _ANSWERS]


def _first_due(deadline: Deadline, before: Mapping[UUID, Deadline]) -> datetime | None:
    """Nothing is put off silently; a duty that was moved forward is told as it stands."""
    first = deadline
    while first.id in before:
        first = before[first.id]
    return first.due_at if first.due_at < deadline.due_at else None


def _is_overtaken(deadline: Deadline, agreed: set[tuple[str, str]]) -> bool:
    later = _OVERTAKEN.get(deadline.step)
    dropped = deadline.state is DeadlineState.CANCELLED
    return dropped and later is not None and (deadline.subject_id, later) in agreed


def _is_set_anew(deadline: Deadline, anew: set[tuple[str, str, datetime]]) -> bool:
    """Dropped as the same duty was set from another fact, as when risk rises: it is told as it stands now."""
    if deadline.state is not DeadlineState.CANCELLED or deadline.settled_at is None:
        return False
    return (deadline.subject_id, deadline.step, deadline.settled_at) in anew


def outcome(deadline: Deadline, now: datetime) -> Outcome:
    match deadline.state:
        case DeadlineState.MET:
            return Outcome.KEPT
        case DeadlineState.MET_LATE:
            return Outcome.KEPT_LATE
        case DeadlineState.OPEN:
            return Outcome.OVERDUE if deadline.is_overdue(now) else Outcome.OPEN
        case _:
            return Outcome.ENDED


def awaits_answer(kind: FeedbackKind) -> bool:
    return kind in _AWAITED


def demand_may_answer(kind: FeedbackKind, answered: bool, by: str, caseworker_id: str) -> None:
    """Raises FeedbackAnswered, ComplaintAwaitsSupervisor."""
    if kind is FeedbackKind.COMPLAINT and by == caseworker_id:
        raise ComplaintAwaitsSupervisor
    if answered or not awaits_answer(kind):
        raise FeedbackAnswered


def compose_code(choose: Callable[[str], str]) -> str:
    """A new code, as it is given to the family: `4F7K-9QX2`."""
    drawn = "".join(choose(ALPHABET) for _ in range(2 * _GROUP))
    return f"{drawn[:_GROUP]}-{drawn[_GROUP:]}"


def read_code(typed: str) -> str:
    """As it was given, however people write it: small letters, spaces, O for 0, I or L for 1."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())[: 2 * _GROUP + 1]
    plain = plain.translate(_MISREAD)
    return f"{plain[:_GROUP]}-{plain[_GROUP:]}"
