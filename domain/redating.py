"""Dates that a rhythm of the pack proposed, proposed anew by the pack that is replayed.

A date that people agreed on, or that the plan's own rhythm gave, stays theirs. Instants are UTC.
Source: practice.md, step 6 (frequency by risk) and section 6, line 8.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import uuid5

from domain.deadlines import NAMESPACE, Deadline, Fact, is_rise
from domain.follow_up import QUICKENED
from domain.policy import Pack
from domain.vocabulary import Risk

_RISK_CHANGED = "risk.changed"


@dataclass(frozen=True, slots=True)
class Pace:
    """The pack's rhythm that dated a duty, and the risk at which it did."""

    rhythm: str
    risk: Risk


def pace(pack: Pack, rhythm: str | None, fact: Fact) -> Pace | None:
    """None for a date that people agreed on, and for a rhythm that the pack does not have."""
    if rhythm is None or rhythm not in pack.rhythms:
        return None
    return Pace(rhythm, fact.risk)


def redated(pack: Pack, given: Pace | None, fact: Fact, standing: Iterable[Deadline]) -> Fact:
    """Counted from the fact's own instant; what moves a duty that stands gives it no more time."""
    if given is None:
        return fact
    due = pack.rhythm(given.rhythm, given.risk).after(fact.at, pack.calendar)
    moved = [each.due_at for each in standing if _moves(pack, fact, each)]
    return replace(fact, agreed_due=min([due, *moved]))


def quickened(
    pack: Pack, fact: Fact, standing: Iterable[tuple[Deadline, Pace | None]]
) -> Iterator[tuple[Fact, Pace]]:
    """The facts by which a risk that rises brings forward what a rhythm has dated at a lower one.

    On the record there is none where the pack that was followed had nothing to bring forward.
    """
    if fact.name != _RISK_CHANGED:
        return
    for deadline, given in standing:
        if given is not None and is_rise(given.risk, fact.risk):
            brought = replace(
                fact,
                id=uuid5(NAMESPACE, f"{fact.id}|{QUICKENED}|{deadline.id}"),
                name=QUICKENED,
                subject_type=deadline.subject_type,
                subject_id=deadline.subject_id,
            )
            faster = replace(given, risk=fact.risk)
            yield redated(pack, faster, brought, (deadline,)), faster


def _moves(pack: Pack, fact: Fact, deadline: Deadline) -> bool:
    rule = pack.steps.get(deadline.step)
    if rule is None or fact.name not in rule.moved_by:
        return False
    return (fact.subject_type, fact.subject_id) == (deadline.subject_type, deadline.subject_id)
