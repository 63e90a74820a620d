"""The blind index of children, and what people decided about two cases that look alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.dialects.postgresql import insert as insert_or

from domain.disclosure import Custody
from domain.errors import Missing
from domain.likeness import Described, Sign, agreements, asked
from domain.vocabulary import CaseStatus, Ground
from infrastructure import blind_index
from infrastructure.crypto import case_key
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.narratives import opened
from services.cases.store.tables import metadata, narratives

# Rows go with the child's key: a trigger in the schema sees to it, whoever destroys it.
likeness_keys = Table(
    "likeness_keys",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), primary_key=True),
    Index("likeness_keys_case_ref_idx", "case_ref"),
)
# Append-only; the latest word on a pair holds.
likeness_decisions = Table(
    "likeness_decisions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("other_ref", Text, ForeignKey("cases.ref"), nullable=False),
    Column("same", Boolean, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", TIMESTAMP(timezone=True), nullable=False),
    Index("likeness_decisions_case_ref_idx", "case_ref"),
    Index("likeness_decisions_other_ref_idx", "other_ref"),
)

DECISION = "same-child"
_MOST_SHARED = 2000  # of so many that share a mark the likest are shown all the same
_FIND = text("""
SELECT shared.marks, c.ref, c.agency_id, c.team_id, c.caseworker_id, c.supervisor_id, c.referrer_id,
       c.reviewers, c.status, c.times_reopened, ended.id AS closure_id, ended.ground, ended.closed_at,
       decided.same
FROM (
    SELECT case_ref, array_agg(mark) AS marks
    FROM (SELECT case_ref, mark FROM likeness_keys
          WHERE mark = ANY(CAST(:marks AS bytea[])) AND case_ref <> :ref LIMIT :most) AS hit
    GROUP BY case_ref
) AS shared
JOIN cases AS c ON c.ref = shared.case_ref
LEFT JOIN LATERAL (
    SELECT id, ground, closed_at FROM closures
    WHERE case_ref = c.ref AND state = 'closed' ORDER BY closed_at DESC LIMIT 1
) AS ended ON true
LEFT JOIN LATERAL (
    SELECT same FROM likeness_decisions
    WHERE (case_ref, other_ref) IN ((c.ref, :ref), (:ref, c.ref)) ORDER BY decided_at DESC, id DESC LIMIT 1
) AS decided ON true
""")


@dataclass(frozen=True, slots=True)
class Like:
    """A case whose child may be the same; `closure_id` is its last closure's, `same` what people decided."""

    ref: str
    because: tuple[Sign, ...]
    custody: Custody
    status: CaseStatus
    times_reopened: int
    closure_id: UUID | None
    ground: Ground | None
    closed_at: datetime | None
    same: bool | None


async def like(uow: UnitOfWork, ref: str, child: Described) -> dict[str, Like]:
    """Cases that look like this one, by reference; whoever asks sees to what may be shown of them."""
    marks = blind_index.asked(asked(child))
    if not marks:
        return {}
    wanted = {"marks": list(marks), "ref": ref, "most": _MOST_SHARED}
    rows = (await uow.connection.execute(_FIND, wanted)).mappings()
    return {row["ref"]: _like(row, marks) for row in rows}


async def decide(uow: UnitOfWork, ref: str, other: str, *, same: bool) -> UUID:
    decision_id = new_id()
    await uow.connection.execute(
        insert(likeness_decisions).values(
            id=decision_id,
            case_ref=ref,
            other_ref=other,
            same=same,
            decided_by=uow.viewer.staff_id,
            decided_at=uow.now,
        )
    )
    return decision_id


async def move_marks(uow: UnitOfWork, ref: str, to: str) -> None:
    """However the child was described in an intake, it leads to the one case from now on."""
    marks = select(likeness_keys.c.mark, literal(to)).where(likeness_keys.c.case_ref == ref)
    moved = insert_or(likeness_keys).from_select(["mark", "case_ref"], marks)
    await uow.connection.execute(moved.on_conflict_do_nothing())
    await uow.connection.execute(delete(likeness_keys).where(likeness_keys.c.case_ref == ref))


async def decisions_of(uow: UnitOfWork, ref: str) -> dict[UUID, bool]:
    """Decisions taken from this case, by their ids."""
    query = select(likeness_decisions.c.id, likeness_decisions.c.same).where(
        likeness_decisions.c.case_ref == ref
    )
    return {row.id: row.same for row in await uow.connection.execute(query)}


async def closure_reasons(uow: UnitOfWork, ref: str, closure_id: UUID) -> str | None:
    """Why the case was closed, in words; None when its key was destroyed."""
    query = select(narratives.c.id, narratives.c.content).where(
        narratives.c.case_ref == ref,
        narratives.c.kind == "closure-request",
        narratives.c.subject_id == str(closure_id),
    )
    row = (await uow.connection.execute(query)).first()
    if row is None:
        return None
    try:
        key = await case_key(uow, ref)
    except Missing:
        return None
    told = opened(key, ref, f"closure-request/{row.id}", row.content)
    return str(told["reasons"]) if told else None


def _like(row: Mapping[Any, Any], marks: Mapping[bytes, str]) -> Like:
    status = CaseStatus(row["status"])
    return Like(
        ref=row["ref"],
        because=agreements(marks[bytes(mark)] for mark in row["marks"]),
        custody=Custody(
            agency_id=row["agency_id"],
            team_id=row["team_id"],
            caseworker_id=row["caseworker_id"],
            supervisor_id=row["supervisor_id"],
            referrer_id=row["referrer_id"],
            reviewers=frozenset(row["reviewers"]),
            awaits_registration=status is CaseStatus.IDENTIFIED,
        ),
        status=status,
        times_reopened=row["times_reopened"],
        closure_id=row["closure_id"],
        ground=Ground(row["ground"]) if row["ground"] else None,
        closed_at=row["closed_at"],
        same=row["same"],
    )
