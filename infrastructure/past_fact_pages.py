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
_Key = tuple[str, str, datetime, SubjectType, str]
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
    found: dict[_Key, FactLine] = {}
    ends: dict[_Key, set[_Key]] = {}  # a fact, and the facts that set what it ended
    for row in rows:
        agreed = row["due_at"] if row["rule"].startswith(Unit.AS_AGREED) else None
        set_by = _line(row, owner, row["anchor"], row["anchored_at"], row["anchor_id"], agreed)
        known = found.get(_key(set_by))
        if known is None or known.id is None or (agreed and not known.agreed_due):
            found[_key(set_by)] = set_by
        if row["change"] in _ENDINGS:
            ended_by = _line(row, owner, row["because"], row["changed_at"])
            found.setdefault(_key(ended_by), ended_by)
            ends.setdefault(_key(ended_by), set()).add(_key(set_by))
    return sorted(found.values(), key=lambda line: (line.case, _place(_key(line), ends)))


def _place(key: _Key, ends: Mapping[_Key, set[_Key]]) -> tuple[datetime, int]:
    """By time; what is entered late, or within the same instant, still comes after what it ends."""
    places = [_place(each, ends) for each in ends.get(key, ()) if each != key]
    return max([(key[2], 0), *((at, rank + 1) for at, rank in places)])


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


def _key(line: FactLine) -> _Key:
    return (line.case, line.fact, line.at, line.subject_type, line.subject_id)
