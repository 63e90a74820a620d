"""Past facts of an owner that keeps no chronology, read off its deadlines: what set them and what ended them.

A fact that the case's own pack did not name, or that ended nothing, has left no trace here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from contracts.past_facts import FactLine, FactPage
from domain.errors import Hidden
from domain.policy import Unit
from domain.vocabulary import CASE_REF_PATTERN, Role, SubjectType
from infrastructure.deadline_histories import histories
from infrastructure.routes import Router, Uow

router = Router(tags=["trying policy packs"])
_ENDINGS = frozenset({"met", "met-late", "cancelled", "moved"})


@router.get("/operations/facts", response_model_exclude_none=True)
async def read_past_facts(
    uow: Uow,
    cursor: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="cases, whose facts come whole")] = 500,
) -> FactPage:
    """This owner's facts as its deadlines saw them, case by case: codes and instants only."""
    if not uow.viewer.has(Role.OPERATIONS, Role.ADMINISTRATOR):
        raise Hidden
    rows, following = await histories(uow, cursor, limit)
    uow.audit("export-facts", uow.viewer.agency_id)
    return FactPage(items=lines(rows, uow.service), next_cursor=following)


def lines(rows: Iterable[Mapping[Any, Any]], owner: str) -> list[FactLine]:
    """A row is a deadline with one of its changes or none; each fact comes once, in order of time by case."""
    found: dict[tuple[Any, ...], tuple[tuple[Any, ...], FactLine]] = {}
    for row in rows:
        agreed = row["due_at"] if row["rule"].startswith(Unit.AS_AGREED) else None
        set_by = _line(row, owner, row["anchor"], row["anchored_at"], row["anchor_id"], agreed)
        key = _key(set_by)
        known = found.get(key)
        if known is None or known[1].id is None or (agreed and not known[1].agreed_due):
            found[key] = ((row["case_ref"], row["anchored_at"], 1), set_by)
        if row["change"] in _ENDINGS:
            ended_by = _line(row, owner, row["because"], row["changed_at"])
            # What is entered late still comes after what it ends.
            order = (row["case_ref"], max(row["changed_at"], row["anchored_at"]), 0)
            found.setdefault(_key(ended_by), (order, ended_by))
    return [line for _, line in sorted(found.values(), key=lambda each: each[0])]


def _line(
    row: Mapping[Any, Any],
    owner: str,
    name: str,
    at: datetime,
    fact_id: UUID | None = None,
    agreed_due: datetime | None = None,
) -> FactLine:
    whole = row["subject_type"] == SubjectType.CASE
    return FactLine(
        case=row["case_ref"],
        fact=name,
        at=at,
        subject_type=row["subject_type"],
        subject_id="" if whole else row["subject_id"],
        agreed_due=agreed_due,
        policy=row["policy"],
        owner=owner,
        id=fact_id,
    )


def _key(line: FactLine) -> tuple[Any, ...]:
    return (line.case, line.fact, line.at, line.subject_type, line.subject_id)
