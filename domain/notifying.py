"""Who must be told of an announcement: by role, the person named, the case's own people, then the agency's.

A role that nobody holds falls to the next rung of the ladder, and what nobody can be told is a finding: nothing is
dropped in silence. Source: practice.md, section 4 (escalation) and section 6, line 2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.deadlines import Responsible
from domain.disclosure import Custody, Viewer
from domain.vocabulary import NotificationKind, Role

_IN_CHARGE = (Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD)
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


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody who must know, each once; `nobody_for` are the roles for which nobody was found."""

    told: tuple[Told, ...]
    nobody_for: tuple[Role, ...] = ()


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


def may_acknowledge(viewer: Viewer, recipient_id: str, agency_id: str) -> bool:
    """Whoever was told, or anybody in charge at the agency that was told."""
    if viewer.staff_id == recipient_id:
        return True
    return viewer.agency_id == agency_id and viewer.has(*_IN_CHARGE)


def still_worth_a_mail(kind: NotificationKind, duty_is_settled: bool) -> bool:
    """A reminder of what is done by now only disturbs; what was missed stays true."""
    return not (duty_is_settled and kind in _PASSES_WITH_THE_DUTY)


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
    named = duty.person_id if role is duty.role else None
    if named is None and custody is not None and custody.agency_id == duty.agency_id:
        named = _own(role, custody)
    if named is not None and _is_reachable(named, members):
        return [named]
    able = [
        member
        for member in members
        if member.active and member.agency_id == duty.agency_id and role in member.roles
    ]
    team = custody.team_id if custody is not None else None
    of_the_team = [member for member in able if team is not None and member.team_id == team]
    return sorted(member.staff_id for member in of_the_team or able)


def _own(role: Role, custody: Custody) -> str | None:
    own = {Role.CASEWORKER: custody.caseworker_id, Role.SUPERVISOR: custody.supervisor_id}
    return own.get(role)


def _is_reachable(staff_id: str, members: Sequence[Member]) -> bool:
    """Somebody the directory does not know is still told; somebody it knows to have left is not."""
    known = [member for member in members if member.staff_id == staff_id]
    return not known or any(member.active for member in known)


def _above(role: Role, ladder: Sequence[Role]) -> Sequence[Role]:
    """The rungs after this role's; all of them for a role that is not on the ladder."""
    return ladder[ladder.index(role) + 1 :] if role in ladder else ladder
