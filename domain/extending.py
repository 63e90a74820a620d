"""More time, a pause, or a duty let go: asked for with a reason, decided by somebody else, nothing silent.

An extension or a pause cancels the deadline with its successor's id, so that the old due instant stays on the
record. A pause gives its length at once and takes back what was not used when work goes on. The duty bearer
asks; a provider's duty is owed to the case, so that the case's side decides. Source: design.md, Deadlines
(extensions and pauses: who, why, approved by, old due); practice.md, section 2 (duty bearers).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from domain import disclosure
from domain.deadlines import DUE, NAMESPACE, Deadline, cancel, moments
from domain.disclosure import Action, Custody, Viewer
from domain.errors import Hidden, Malformed, Refusal
from domain.policy import Pack
from domain.vocabulary import DeadlineState, Relation, Role, Section, SubjectType


class ApprovedByRequester(Refusal):
    """Whoever asks does not decide: four eyes."""

    code = "approved-by-requester"


class DutySettled(Refusal):
    """This duty is settled; nothing about it can be changed any more."""

    code = "duty-settled"


class RequestDecided(Refusal):
    """This request has been decided."""

    code = "request-decided"


class AlreadyAsked(Refusal):
    """A request about this duty waits for its decision."""

    code = "already-asked"


class PauseNotAllowed(Refusal):
    """The policy pack allows no pause of this step."""

    code = "pause-not-allowed"


class NotWaivable(Refusal):
    """What a case lives by is never let go, or nobody would owe it a next step; ask for more time."""

    code = "not-waivable"


class DuePassed(Refusal):
    """What is overdue cannot be paused; ask for an extension."""

    code = "due-passed"


class AlreadyPaused(Refusal):
    """The clock of this duty stands already; it can be stopped again once it goes."""

    code = "already-paused"


class NotPaused(Refusal):
    """This duty is not paused."""

    code = "not-paused"


class Kind(StrEnum):
    """What is asked for."""

    EXTENSION = "extension"
    WAIVER = "waiver"
    PAUSE = "pause"


class Why(StrEnum):
    """The reason as a code, for counting; the words are kept beside it."""

    CHILD_OR_FAMILY_AWAY = "child-or-family-away"
    WORKER_AWAY = "worker-away"
    WAITING_FOR_OTHERS = "waiting-for-others"
    ACCESS_OR_SAFETY = "access-or-safety"
    NO_LONGER_NEEDED = "no-longer-needed"
    OTHER = "other"


class RequestState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class Right(StrEnum):
    """What somebody may do about one duty's time."""

    SEE = "see"
    ASK = "ask"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Request:
    """`until` (UTC): the new due instant of an extension, the end of a pause; None for a waiver."""

    id: UUID
    deadline_id: UUID
    case_ref: str
    kind: Kind
    why: Why
    asked_by: str
    asked_at: datetime
    until: datetime | None = None
    state: RequestState = RequestState.ASKED
    decided_by: str | None = None
    decided_at: datetime | None = None
    successor_id: UUID | None = None


_DECIDERS = frozenset(
    {
        (Role.SUPERVISOR, Relation.SUPERVISOR),
        (Role.MANAGER, Relation.SAME_AGENCY),
        (Role.AGENCY_HEAD, Relation.SAME_AGENCY),
    }
)
_ASK_FOR_A_PROVIDER = (Role.PROVIDER, Role.SUPERVISOR, Role.MANAGER)
# The steps of the whole case, and what comes round again: without them a case in work may owe nothing.
# A closed case lives by its look back and its archive alone.
_LIVED_BY = frozenset(
    {SubjectType.CASE, SubjectType.FOLLOW_UP, SubjectType.REVIEW, SubjectType.CLOSURE}
)
_LEADERS = (Role.MANAGER, Role.AGENCY_HEAD)


def rights(viewer: Viewer, custody: Custody, duty: Deadline) -> frozenset[Right]:
    """Deny is the default."""
    found = set()
    related = disclosure.relations(viewer, custody)
    if any((role, relation) in _DECIDERS for role in viewer.roles for relation in related):
        found.add(Right.DECIDE)
    if _bears(viewer, custody, duty):
        found.add(Right.ASK)
    if found or Section.DEADLINES in disclosure.visible_sections(viewer, custody):
        found.add(Right.SEE)
    return frozenset(found)


def _bears(viewer: Viewer, custody: Custody, duty: Deadline) -> bool:
    bearer = duty.responsible
    if bearer.role is Role.PROVIDER:
        return viewer.agency_id == bearer.agency_id and viewer.has(*_ASK_FOR_A_PROVIDER)
    if bearer.role in _LEADERS:
        return viewer.agency_id == bearer.agency_id and viewer.has(bearer.role)
    return disclosure.may(viewer, custody, Action.RECORD)


def demand(viewer: Viewer, custody: Custody, duty: Deadline, right: Right) -> None:
    """Raises Hidden."""
    if right not in rights(viewer, custody, duty):
        raise Hidden


def stood_still(granted: Iterable[Request]) -> timedelta:
    """For how long these requests have stopped a duty's clock."""
    return sum(
        (
            each.until - each.decided_at
            for each in granted
            if each.kind is Kind.PAUSE and each.until and each.decided_at
        ),
        timedelta(0),
    )


def demand_askable(
    duty: Deadline,
    pack: Pack,
    kind: Kind,
    until: datetime | None,
    now: datetime,
    granted: Sequence[Request] = (),
) -> None:
    """Whether this can be granted now; `granted`: what made the duty what it is, newest first.

    Raises DutySettled, NotWaivable, PauseNotAllowed, AlreadyPaused, DuePassed, Malformed.
    """
    if duty.state is not DeadlineState.OPEN:
        raise DutySettled
    if kind is Kind.WAIVER and duty.subject_type in _LIVED_BY:
        raise NotWaivable
    if kind is Kind.EXTENSION and (until is None or until <= max(duty.due_at, now)):
        raise Malformed("An extension ends later than the duty falls due.", field="new_due")
    if kind is Kind.PAUSE:
        _demand_pausable(duty, pack, until, now, granted)


def decide(request: Request, by: str, now: datetime, *, approved: bool) -> Request:
    """Raises RequestDecided, ApprovedByRequester."""
    if request.state is not RequestState.ASKED:
        raise RequestDecided
    if by == request.asked_by:
        raise ApprovedByRequester
    state = RequestState.APPROVED if approved else RequestState.REFUSED
    return replace(request, state=state, decided_by=by, decided_at=now)


def waive(duty: Deadline, now: datetime) -> Deadline:
    """Let go for good; the record keeps that it was owed."""
    return replace(duty, state=DeadlineState.WAIVED, settled_at=now)


def grant(request: Request, duty: Deadline, pack: Pack, now: datetime) -> tuple[Deadline, Deadline]:
    """The duty cancelled, and its successor with more time."""
    if request.until is None:
        raise LookupError("A waiver has no successor.")
    if request.kind is Kind.PAUSE:
        due_at, silent_until = duty.due_at + (request.until - now), request.until
    else:
        due_at, silent_until = request.until, now
    return _followed(request, duty, pack, due_at, silent_until, now, f"{request.kind} approved")


def resume(pause: Request, duty: Deadline, pack: Pack, now: datetime) -> tuple[Deadline, Deadline]:
    """Work goes on before the pause ends: what was not used is taken back. Raises NotPaused, DutySettled."""
    if duty.state is not DeadlineState.OPEN:
        raise DutySettled
    if pause.until is None or not _is_pause_at(pause, now):
        raise NotPaused
    due_at = duty.due_at - (pause.until - now)
    return _followed(pause, duty, pack, due_at, now, now, "pause ended")


def is_evidence_late(duty: Deadline, said: list[str]) -> bool:
    """Done in time, and recorded only after it had been announced as missed."""
    return duty.state is DeadlineState.MET and any(
        moment == DUE or moment.startswith("rung-") for moment in said
    )


def _is_pause_at(request: Request, now: datetime) -> bool:
    return request.kind is Kind.PAUSE and request.until is not None and now < request.until


def _demand_pausable(
    duty: Deadline, pack: Pack, until: datetime | None, now: datetime, granted: Sequence[Request]
) -> None:
    limit = pack.step(duty.step).pause_limit
    if limit is None:
        pausable = sorted(key for key, rule in pack.steps.items() if rule.pause_limit is not None)
        raise PauseNotAllowed(allowed=pausable)
    if granted and _is_pause_at(granted[0], now):
        raise AlreadyPaused  # the same days would be given twice
    if duty.is_overdue(now):
        raise DuePassed
    if until is None or until <= now:
        raise Malformed("A pause ends later than now.", field="until")
    if until + stood_still(granted) > limit.after(now, pack.calendar):
        raise Malformed("The pause is longer than allowed.", field="until", allowed=[str(limit)])


def _followed(
    request: Request,
    duty: Deadline,
    pack: Pack,
    due_at: datetime,
    silent_until: datetime,
    now: datetime,
    because: str,
) -> tuple[Deadline, Deadline]:
    """What was said of the old deadline is not said again: its moments that are past are left out."""
    rule = pack.step(duty.step)
    all_moments = moments(rule, duty.anchored_at, due_at, pack.calendar)
    successor = replace(
        duty,
        id=uuid5(NAMESPACE, f"{request.id}|{because}|{duty.id}"),
        due_at=due_at,
        moments=tuple(each for each in all_moments if each.at > silent_until),
        rule=f"{duty.rule}; {because}",
        version=duty.version + 1,
        acknowledged_by=None,
        acknowledged_at=None,
    )
    return cancel(duty, now, successor=successor.id), successor
