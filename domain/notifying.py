"""Who must be told of an announcement: by role, the person named, the case's own people, then the agency's.

A role that nobody holds falls to the next rung of the ladder, and what nobody can be told is a finding: nothing is
dropped in silence. Source: practice.md, section 4 (escalation) and section 6, line 2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.deadlines import Responsible
from domain.disclosure import Custody, Viewer
from domain.vocabulary import NotificationKind, Role

IN_CHARGE = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)
_PASSES_WITH_THE_DUTY = frozenset({NotificationKind.REMINDER, NotificationKind.OPENED})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody employed, as the directory has it."""

    staff_id: str
    agency_id: str
    team_id: str | None
    roles: frozenset[Role]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who must know, and in which role."""

    staff_id: str
    agency_id: str
    role: Role
    stand_in_for: Role | None = None  # told in the place of whoever is away
    later: bool = False  # away: told once back


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who must know, each once; `nobody_for` are the roles for which nobody was found."""

    told: tuple[Told, ...]
    nobody_for: tuple[Role, ...] = ()


class Delivery(StrEnum):
    """How far a message has come; what is in the application stays there in any case."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given-up"
    DIGEST = "digest"  # counted in the next digest
    LIST = "list"  # in the application only, as the recipient wishes


@dataclass(frozen=True, slots=True)
class Notification:
    """One member of staff told of one event; `message` names the wording, instants are UTC.

    `case_ref` is None for what concerns no case. `ended_at` is when the message was sent or given up, `settled_at`
    when the duty itself was met or dropped; `subject_id` and `sequence` say which date of which meeting is meant.
    """

    id: UUID
    cause_id: UUID
    case_ref: str | None
    kind: NotificationKind
    message: str
    step: str
    step_title: str
    staff_id: str
    agency_id: str
    role: Role
    requested_at: datetime
    owner: str | None = None
    deadline_id: UUID | None = None
    due_at: datetime | None = None
    meeting_at: datetime | None = None
    state: Delivery = Delivery.WAITING
    attempts: int = 0
    ended_at: datetime | None = None
    given_up_because: str | None = None
    settled_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    stand_in_for: Role | None = None
    subject_id: UUID | None = None
    sequence: int | None = None
    channel: str | None = None
    failed_channels: tuple[str, ...] = ()
    not_before: datetime | None = None
    bounced_at: datetime | None = None

    @property
    def about(self) -> str:
        """What it is filed under: the case, or for want of one the agency that is told."""
        return self.case_ref or self.agency_id


def acknowledge(notification: Notification, by: str, at: datetime) -> Notification:
    """Somebody has taken it up; the first to do so stays on the record."""
    if notification.acknowledged_by is not None:
        return notification
    return replace(notification, acknowledged_by=by, acknowledged_at=at)


def sent(notification: Notification, at: datetime, channel: str = "email") -> Notification:
    return replace(
        notification,
        state=Delivery.SENT,
        attempts=notification.attempts + 1,
        ended_at=at,
        channel=channel,
        not_before=None,
        given_up_because=None,
    )


def give_up(notification: Notification, because: str, at: datetime) -> Notification:
    """No message will follow; `because` is a code."""
    return replace(notification, state=Delivery.GIVEN_UP, given_up_because=because, ended_at=at)


def failed_for_good(notification: Notification, channel: str, because: str) -> Notification:
    """This way is closed; whether another is left is decided at the next attempt."""
    return replace(
        notification,
        state=Delivery.WAITING,
        attempts=notification.attempts + 1,
        failed_channels=(*notification.failed_channels, channel),
        given_up_because=because,
        ended_at=None,
        channel=None,
    )


def audience(
    tell: Iterable[Role],
    duty: Responsible,
    custody: Custody | None,
    members: Sequence[Member],
    ladder: Sequence[Role],
) -> Audience:
    """Who is meant by the roles; `custody` None when the case is not known (yet)."""
    told: dict[str, Told] = {}
    nobody_for = []
    for role in tell:
        found = _first_held((role, *_above(role, ladder)), duty, custody, members)
        if not found:
            nobody_for.append(role)
        for each in found:
            told.setdefault(each.staff_id, each)
    return Audience(tuple(told.values()), tuple(nobody_for))


def invited(
    chair_id: str, participants: Iterable[str], agency_id: str, members: Sequence[Member]
) -> tuple[Told, ...]:
    """Chair and participants, each once, in their own agency's name; unknown ones in the case's."""
    agencies = {member.staff_id: member.agency_id for member in members}
    roles = {member.staff_id: member.roles for member in members}
    return tuple(
        Told(
            each,
            agencies.get(each, agency_id),
            Role.REVIEW_CHAIR
            if each == chair_id
            else min(roles.get(each, frozenset()), default=Role.CASEWORKER),
        )
        for each in dict.fromkeys((chair_id, *participants))
        if _is_reachable(each, members)
    )


def approver(approver_id: str, custody: Custody) -> Responsible:
    """Whose decision a closure awaits: the case's supervisor, or a manager in her place."""
    role = Role.SUPERVISOR if approver_id == custody.supervisor_id else Role.MANAGER
    return Responsible(custody.agency_id, role, approver_id)


def may_acknowledge(viewer: Viewer, recipient_id: str, agency_id: str) -> bool:
    """Whoever was told, or anybody in charge at the agency that was told."""
    if viewer.staff_id == recipient_id:
        return True
    return viewer.agency_id == agency_id and viewer.has(*IN_CHARGE)


def still_worth_a_mail(notification: Notification) -> bool:
    """A reminder of what is done by now only disturbs; what was missed stays true."""
    is_settled = notification.settled_at is not None
    return not (is_settled and notification.kind in _PASSES_WITH_THE_DUTY)


def _first_held(
    roles: Iterable[Role], duty: Responsible, custody: Custody | None, members: Sequence[Member]
) -> list[Told]:
    for role in roles:
        if found := _holders(role, duty, custody, members):
            return [Told(staff_id, duty.agency_id, role) for staff_id in found]
    return []


def _holders(
    role: Role, duty: Responsible, custody: Custody | None, members: Sequence[Member]
) -> list[str]:
    named = [duty.person_id if role is duty.role else None, _own(role, duty, custody)]
    # Both, when the case has passed to somebody else since the duty was set.
    reachable = [each for each in dict.fromkeys(named) if each and _is_reachable(each, members)]
    if reachable:
        return reachable
    able = [
        member
        for member in members
        if member.active and member.agency_id == duty.agency_id and role in member.roles
    ]
    team = custody.team_id if custody is not None else None
    of_the_team = [member for member in able if team is not None and member.team_id == team]
    return sorted(member.staff_id for member in of_the_team or able)


def _own(role: Role, duty: Responsible, custody: Custody | None) -> str | None:
    if custody is None or custody.agency_id != duty.agency_id:
        return None
    own = {Role.CASEWORKER: custody.caseworker_id, Role.SUPERVISOR: custody.supervisor_id}
    return own.get(role)


def _is_reachable(staff_id: str, members: Sequence[Member]) -> bool:
    """Somebody the directory does not know is still told; somebody it knows to have left is not."""
    known = [member for member in members if member.staff_id == staff_id]
    return not known or any(member.active for member in known)


def _above(role: Role, ladder: Sequence[Role]) -> Sequence[Role]:
    """The rungs after this role's; all of them for a role that is not on the ladder."""
    return ladder[ladder.index(role) + 1 :] if role in ladder else ladder
