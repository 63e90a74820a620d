"""Past facts of an owner that keeps no chronology, read off its deadlines: what set them and what ended them.

A fact that the case's own pack did not name, or that ended nothing, has left no trace here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from contracts.past_facts import FactLine, FactPage
from domain.errors import Hidden
from domain.policy import Unit
from domain.repinning import REPINNED
from domain.vocabulary import CASE_REF_PATTERN, Role, SubjectType
from infrastructure.deadline_histories import histories
from infrastructure.granted_lines import CHANGES, granted_line
from infrastructure.routes import Router, Uow

router = Router(tags=["trying policy packs"])
_Key = tuple[str, str, datetime, SubjectType, str, str | None]
_Duty = tuple[UUID, str, str]
_ENDINGS = frozenset({"met", "met-late", "cancelled", "moved"})
_AGREED = f"{Unit.AS_AGREED} from {{}}"  # the rule of a date that nobody has given more time


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


def lines(rows: Sequence[Mapping[Any, Any]], owner: str) -> list[FactLine]:
    """A row is a deadline with one of its changes or none; each fact comes once, in order of time by case."""
    found: dict[_Key, FactLine] = {}
    after: dict[_Key, set[_Key]] = {}  # a fact, and what was recorded before it
    grants: dict[_Duty, set[_Key]] = {}
    policies = {row["id"]: row["policy"] for row in rows}
    for row in rows:
        agreed = row["due_at"] if row["rule"] == _AGREED.format(row["anchor"]) else None
        set_by = _line(row, owner, row["anchor"], row["anchored_at"], row["anchor_id"], agreed)
        known = found.get(_key(set_by))
        if known is None or known.id is None or (agreed and not known.agreed_due):
            found[_key(set_by)] = set_by
        if row["change"] in CHANGES:
            grant = granted_line(row, owner)
            found[_key(grant)] = grant
            grants.setdefault(_duty(row), set()).add(_key(grant))
            after.setdefault(_key(grant), set()).add(_key(set_by))
    for row in rows:
        if row["change"] in _ENDINGS:
            ended_by = _line(row, owner, row["because"], row["changed_at"])
            if row["because"] == REPINNED:
                ended_by = ended_by.model_copy(update={"policy": policies.get(row["successor_id"])})
            found.setdefault(_key(ended_by), ended_by)
            set_by = _line(row, owner, row["anchor"], row["anchored_at"])
            if _key(ended_by) != _key(set_by):
                before = {_key(set_by), *grants.get(_duty(row), ())}
                after.setdefault(_key(ended_by), set()).update(before)
    return sorted(found.values(), key=lambda line: (line.case, _place(_key(line), after)))


def _place(key: _Key, after: Mapping[_Key, set[_Key]]) -> tuple[datetime, int]:
    """By time; what is entered late, or within the same instant, still comes after what it ends."""
    places = [_place(each, after) for each in after.get(key, ())]
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
    return (line.case, line.fact, line.at, line.subject_type, line.subject_id, line.step)


def _duty(row: Mapping[Any, Any]) -> _Duty:
    """The same for a deadline and for the one that stands for it since more time was granted."""
    return (row["anchor_id"], row["step"], row["subject_id"])
