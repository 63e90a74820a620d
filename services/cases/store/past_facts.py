"""Facts of every case as deadlines saw them, in the order of their recording, for trying a policy pack on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import cases, facts, spine

_DEADLINES = spine.deadlines
_EARLIER = facts.alias("earlier")


async def past_facts(uow: UnitOfWork, after: int, limit: int) -> Sequence[Mapping[Any, Any]]:
    """One more than `limit` where there are more; what never counted for a deadline is left out.

    A fact that is being written while pages are read may be missed: an export is of what is past.
    """
    counts = or_(
        facts.c.codes["counts"].astext.is_(None), facts.c.codes["counts"].astext != "false"
    )
    query = (
        select(
            facts.c.place,
            facts.c.id,
            facts.c.case_ref,
            facts.c.name,
            facts.c.at,
            facts.c.subject_type,
            facts.c.subject_id,
            cases.c.policy,
            _risk().label("risk"),
            _agreed_due().label("agreed_due"),
            _ground().label("ground"),
            facts.c.codes["rhythm"].astext.label("rhythm"),
        )
        .join(cases, cases.c.ref == facts.c.case_ref)
        .where(facts.c.place > after, counts)
        .order_by(facts.c.place)
        .limit(limit + 1)
    )
    return (await uow.connection.execute(query)).mappings().all()


def _said(table: Any) -> ColumnElement[Any]:
    """The risk that a fact carries; most carry none."""
    return case(
        (table.c.name == "risk.changed", table.c.codes["after"].astext),
        else_=table.c.codes["risk"].astext,
    )


def _risk() -> ColumnElement[Any]:
    """As the fact says it; the first fact has the risk presumed, which the next one to say a risk repeats."""
    first = (
        select(func.coalesce(_EARLIER.c.codes["before"].astext, _said(_EARLIER)))
        .where(_EARLIER.c.case_ref == facts.c.case_ref, _said(_EARLIER).is_not(None))
        .order_by(_EARLIER.c.place)
        .limit(1)
        .scalar_subquery()
    )
    presumed = func.coalesce(first, cases.c.risk)
    return case((facts.c.name == "case.identified", presumed), else_=_said(facts))


def _ground() -> ColumnElement[Any]:
    """Of a closure: packs look at it."""
    return case((facts.c.name == "case.closed", facts.c.codes["ground"].astext))


def _agreed_due() -> ColumnElement[Any]:
    """The date agreed with people, as the deadline that the fact set has it."""
    return (
        select(func.max(_DEADLINES.c.due_at))
        .where(
            _DEADLINES.c.case_ref == facts.c.case_ref,
            _DEADLINES.c.anchor_id == facts.c.id,
            _DEADLINES.c.rule.startswith("as agreed"),
        )
        .scalar_subquery()
    )
