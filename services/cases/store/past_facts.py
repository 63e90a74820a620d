"""Facts of every case as deadlines saw them, in the order of their recording, for trying a policy pack on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from domain.repinning import REPINNED
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import cases, facts, spine

_DEADLINES, _CHANGES = spine.deadlines, spine.deadline_changes
_EARLIER, _MOVE = facts.alias("earlier"), facts.alias("move")


async def past_facts(uow: UnitOfWork, after: int, limit: int) -> Sequence[Mapping[Any, Any]]:
    """One more than `limit` where there are more; what never counted for a deadline is left out.

    A fact that is being written while pages are read may be missed: an export is of what is past.
    """
    query = (
        select(
            facts.c.place,
            facts.c.id,
            facts.c.case_ref,
            facts.c.name,
            facts.c.at,
            facts.c.subject_type,
            facts.c.subject_id,
            _policy().label("policy"),
            _risk().label("risk"),
            _agreed_due().label("agreed_due"),
            _ground().label("ground"),
            facts.c.codes["rhythm"].astext.label("rhythm"),
        )
        .join(cases, cases.c.ref == facts.c.case_ref)
        .where(facts.c.place > after, _counts(facts))
        .order_by(facts.c.place)
        .limit(limit + 1)
    )
    return (await uow.connection.execute(query)).mappings().all()


async def granted(
    uow: UnitOfWork, page: Sequence[Mapping[Any, Any]], changes: Sequence[str]
) -> Sequence[Mapping[Any, Any]]:
    """What was granted on the cases of a page, with the `place` of the last fact recorded until then."""
    refs, places = {row["case_ref"] for row in page}, {row["place"] for row in page}
    before = (
        select(func.max(_EARLIER.c.place))
        .where(
            _EARLIER.c.case_ref == _DEADLINES.c.case_ref,
            _EARLIER.c.recorded_at <= _CHANGES.c.at,
            _counts(_EARLIER),
        )
        .scalar_subquery()
    )
    query = (
        select(
            before.label("place"),
            _DEADLINES.c.case_ref,
            _DEADLINES.c.step,
            _DEADLINES.c.subject_type,
            _DEADLINES.c.subject_id,
            _CHANGES.c.change,
            _CHANGES.c.at.label("changed_at"),
            (_CHANGES.c.new_due_at - _CHANGES.c.due_at).label("granted"),
            cases.c.policy,
        )
        .join(_DEADLINES, _DEADLINES.c.id == _CHANGES.c.deadline_id)
        .join(cases, cases.c.ref == _DEADLINES.c.case_ref)
        .where(_DEADLINES.c.case_ref.in_(refs), _CHANGES.c.change.in_(changes))
        .order_by(_CHANGES.c.id)
    )
    rows = (await uow.connection.execute(query)).mappings().all()
    return [row for row in rows if row["place"] in places]


def _counts(table: Any) -> ColumnElement[Any]:
    said = table.c.codes["counts"].astext
    return or_(said.is_(None), said != "false")


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


def _policy() -> ColumnElement[Any]:
    """The pack that the case followed then: from the last move until then, else from the first one after."""
    moved = (_MOVE.c.case_ref == facts.c.case_ref, _MOVE.c.name == REPINNED)
    last = (
        select(_MOVE.c.codes["policy"].astext)
        .where(*moved, _MOVE.c.place <= facts.c.place)
        .order_by(_MOVE.c.place.desc())
        .limit(1)
        .scalar_subquery()
    )
    following = (
        select(_MOVE.c.codes["before"].astext)
        .where(*moved, _MOVE.c.place > facts.c.place)
        .order_by(_MOVE.c.place)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(last, following, cases.c.policy)


def _ground() -> ColumnElement[Any]:
    """Of a closure: packs look at it."""
    return case((facts.c.name == "case.closed", facts.c.codes["ground"].astext))


def _agreed_due() -> ColumnElement[Any]:
    """The date agreed with people, as the deadline that the fact set has it; time granted since is left out."""
    return (
        select(func.max(_DEADLINES.c.due_at))
        .where(
            _DEADLINES.c.case_ref == facts.c.case_ref,
            _DEADLINES.c.anchor_id == facts.c.id,
            _DEADLINES.c.rule == func.concat("as agreed from ", facts.c.name),
        )
        .scalar_subquery()
    )
