"""Who is away, and who is there in her place. Source: practice.md, section 6 (a stand-in)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Malformed, Refusal
from domain.vocabulary import Role


class StandInUnsuitable(Refusal):
    """A stand-in works for the same agency now, in a role that suits."""

    code = "stand-in-unsuitable"


class StandInIsSelf(Refusal):
    """Nobody stands in for herself."""

    code = "stand-in-is-self"


class StandInAway(Refusal):
    """The stand-in is away all the time herself."""

    code = "stand-in-away"


class StandInCircle(Refusal):
    """The stand-ins would lead back to whoever is away."""

    code = "stand-in-circle"


class AbsenceOverlaps(Refusal):
    """An absence at that time is on the record: end that one first."""

    code = "absence-overlaps"


class StillStandsIn(Refusal):
    """She is somebody's stand-in: name another one first."""

    code = "still-stands-in"


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from `from_at` until `until_at` (UTC, the end not included)."""

    staff_id: str
    from_at: datetime
    until_at: datetime
    stand_in_id: str | None = None

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at < self.until_at

    def meets(self, other: "Absence") -> bool:
        return self.from_at < other.until_at and other.from_at < self.until_at


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of an agency, as far as standing in goes."""

    staff_id: str
    agency_id: str
    roles: frozenset[Role]
    active: bool


# Whoever holds a role is stood in for by a holder of the same, or of one of these.
_ALSO: dict[Role, frozenset[Role]] = {
    Role.CASEWORKER: frozenset({Role.SUPERVISOR}),
    Role.SUPERVISOR: frozenset({Role.MANAGER}),
    Role.MANAGER: frozenset({Role.AGENCY_HEAD}),
    Role.AGENCY_HEAD: frozenset({Role.MANAGER}),
    Role.PROVIDER: frozenset({Role.MANAGER}),
}


def suits(absent: Iterable[Role], stand_in: Iterable[Role]) -> bool:
    wanted = set(absent)
    return bool(wanted.union(*(_ALSO.get(role, ()) for role in wanted)).intersection(stand_in))


def who_stands_in(staff_id: str, at: datetime, absences: Iterable[Absence]) -> str | None:
    """Whoever is there at that moment: herself, or the end of the chain of stand-ins; None when nobody is."""
    away = {each.staff_id: each for each in absences if each.covers(at)}
    seen: set[str] = set()
    present: str | None = staff_id
    while present in away and present not in seen:
        seen.add(present)
        present = away[present].stand_in_id
    return None if present in seen else present


def demand_absence(new: Absence, now: datetime, known: Sequence[Absence]) -> None:
    """Raises Malformed or AbsenceOverlaps; `known` are the absences of the agency that still count."""
    if new.until_at <= new.from_at:
        raise Malformed("An absence ends after it begins.", field="until")
    if new.until_at <= now:
        raise Malformed("This absence is over already.", field="until")
    if any(each.staff_id == new.staff_id and each.meets(new) for each in known):
        raise AbsenceOverlaps(field="from")


def demand_stand_in(
    new: Absence, absent: Colleague, stand_in: Colleague | None, known: Sequence[Absence]
) -> None:
    """Raises a refusal unless somebody suitable is there at least for some of the time, and no circle closes."""
    if new.stand_in_id == new.staff_id:
        raise StandInIsSelf(field="stand_in_id")
    if stand_in is None or not stand_in.active or stand_in.agency_id != absent.agency_id:
        raise StandInUnsuitable(field="stand_in_id")
    if not suits(absent.roles, stand_in.roles):
        raise StandInUnsuitable(field="stand_in_id")
    if away_throughout(stand_in.staff_id, new, known):
        raise StandInAway(field="stand_in_id")
    if _closes_circle(new, known):
        raise StandInCircle(field="stand_in_id")


def away_throughout(staff_id: str, time: Absence, known: Iterable[Absence]) -> bool:
    """Whether her own absences together leave no moment of that time."""
    reached = time.from_at
    own = sorted(
        (each for each in known if each.staff_id == staff_id), key=lambda each: each.from_at
    )
    for each in own:
        if each.from_at <= reached:
            reached = max(reached, each.until_at)
    return reached >= time.until_at


def _closes_circle(new: Absence, known: Sequence[Absence]) -> bool:
    """A circle is there from the moment when the last absence of it begins, so only beginnings are looked at."""
    together = [*known, new]
    moments = {each.from_at for each in together if new.covers(each.from_at)}
    return any(_leads_back(new.staff_id, at, together) for at in moments)


def _leads_back(staff_id: str, at: datetime, absences: Iterable[Absence]) -> bool:
    away = {each.staff_id: each.stand_in_id for each in absences if each.covers(at)}
    seen: set[str] = set()
    present = away[staff_id]
    while present in away and present not in seen:
        if present == staff_id:
            return True
        seen.add(present)
        present = away[present]
    return False


def stands_in_for(staff_id: str, now: datetime, known: Iterable[Absence]) -> tuple[Absence, ...]:
    """The absences, under way or to come, that name her."""
    return tuple(each for each in known if each.stand_in_id == staff_id and each.until_at > now)


def demand_may_leave(staff_id: str, now: datetime, known: Iterable[Absence]) -> None:
    """Raises StillStandsIn, naming whose stand-in she is."""
    relying = sorted({each.staff_id for each in stands_in_for(staff_id, now, known)})
    if relying:
        raise StillStandsIn(field="active", allowed=["true"], detail=_relied_on(relying))


def _relied_on(relying: Sequence[str]) -> str:
    return f"She stands in for {', '.join(relying)}: name another stand-in there first."
