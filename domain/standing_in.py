"""Who is told while somebody is away: the stand-in now, the person away once back.

Where nobody is named to stand in, the duty goes up the ladder, and one that nobody takes stays with the person
herself: nothing is dropped in silence. Neither name travels, only the role that is stood in for.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.absence import Absence, who_stands_in
from domain.notifying import Told
from domain.vocabulary import Role

NextInLine = Callable[[Role], Sequence[Told]]


def _nobody(_: Role) -> Sequence[Told]:
    return ()


def reach(
    told: Iterable[Told],
    absences: Sequence[Absence],
    at: datetime,
    next_in_line: NextInLine = _nobody,
) -> tuple[Told, ...]:
    """Everybody who is told, each once: those who are there first, then those who are told later."""
    away = {each.staff_id for each in absences if each.covers(at)}
    there: dict[str, Told] = {}
    later: dict[str, Told] = {}
    for each in told:
        in_place = _in_place_of(each, absences, at, away, next_in_line)
        for present in in_place:
            there.setdefault(present.staff_id, present)
        if each not in in_place:
            later.setdefault(each.staff_id, replace(each, later=True))
    return (*there.values(), *(each for each in later.values() if each.staff_id not in there))


def _in_place_of(
    told: Told,
    absences: Sequence[Absence],
    at: datetime,
    away: set[str],
    next_in_line: NextInLine,
) -> list[Told]:
    if told.staff_id not in away:
        return [told]
    stand_in = who_stands_in(told.staff_id, at, absences)
    if stand_in is not None:
        return [replace(told, staff_id=stand_in, stand_in_for=told.role)]
    above = [each for each in next_in_line(told.role) if each.staff_id not in away]
    return [replace(each, stand_in_for=told.role) for each in above] or [told]
