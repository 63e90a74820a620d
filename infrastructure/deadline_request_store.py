"""Requests for more time as rows of the duty's owner, their words sealed; and what became of a deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from domain.deadlines import Deadline
from domain.errors import Missing
from domain.extending import Kind, Request, RequestState, Why
from infrastructure import paging
from infrastructure.crypto import case_key, open_sealed, seal
from infrastructure.spine import NAMING, SPINE, spine_tables
from infrastructure.unit_of_work import UnitOfWork

CHANGES = SPINE.deadline_changes


def request_table(metadata: MetaData) -> Table:
    """Declared on the metadata of every service that owns deadlines."""
    return Table(
        "deadline_requests",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("deadline_id", Uuid, ForeignKey("deadlines.id"), nullable=False),
        Column("case_ref", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("why", Text, nullable=False),
        Column("asked_by", Text, nullable=False),
        Column("asked_at", TIMESTAMP(timezone=True), nullable=False),
        Column("until", TIMESTAMP(timezone=True), nullable=True),
        Column("state", Text, nullable=False),
        Column("decided_by", Text, nullable=True),
        Column("decided_at", TIMESTAMP(timezone=True), nullable=True),
        Column("successor_id", Uuid, nullable=True),
        # The agencies whose people it concerns: the duty bearer's and the case's.
        Column("bearer_agency_id", Text, nullable=False),
        Column("case_agency_id", Text, nullable=False),
        Column("reason", LargeBinary, nullable=False),
        Column("note", LargeBinary, nullable=True),
        Index("deadline_requests_case_ref_idx", "case_ref"),
        Index("deadline_requests_successor_id_idx", "successor_id"),
        Index(
            "deadline_requests_waiting_idx",
            "deadline_id",
            unique=True,
            postgresql_where=text("state = 'asked'"),
        ),
    )


_own = MetaData(naming_convention=NAMING)
spine_tables(_own)
REQUESTS = request_table(_own)
_FIELDS = [REQUESTS.c[name] for name in Request.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a deadline's history; `because` is a code."""

    change: str
    at: datetime
    by: str
    because: str
    approved_by: str | None
    due_at: datetime
    new_due_at: datetime | None


async def add(uow: UnitOfWork, request: Request, duty: Deadline, agency: str, why: str) -> None:
    """`why` in words is sealed with the child's key; `agency` has the case."""
    row = asdict(request) | {
        "bearer_agency_id": duty.responsible.agency_id,
        "case_agency_id": agency,
        "reason": await _sealed(uow, request, "reason", why),
    }
    await uow.connection.execute(insert(REQUESTS).values(row))


async def save(uow: UnitOfWork, request: Request, note: str | None = None) -> None:
    """What a decision changes."""
    row: dict[str, Any] = {
        "state": request.state.value,
        "decided_by": request.decided_by,
        "decided_at": request.decided_at,
        "successor_id": request.successor_id,
    }
    if note:
        row["note"] = await _sealed(uow, request, "note", note)
    await uow.connection.execute(update(REQUESTS).where(REQUESTS.c.id == request.id).values(row))


async def find(uow: UnitOfWork, request_id: UUID) -> Request:
    """Locked until the transaction ends; raises Missing."""
    query = select(*_FIELDS).where(REQUESTS.c.id == request_id).with_for_update()
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return _request(row)


async def is_waiting(uow: UnitOfWork, deadline_id: UUID) -> bool:
    query = select(REQUESTS.c.id).where(
        REQUESTS.c.deadline_id == deadline_id, REQUESTS.c.state == RequestState.ASKED.value
    )
    return (await uow.connection.execute(query)).first() is not None


async def that_led_to(uow: UnitOfWork, deadline_id: UUID) -> Request | None:
    """The request whose approval set this deadline."""
    query = select(*_FIELDS).where(REQUESTS.c.successor_id == deadline_id)
    row = (await uow.connection.execute(query)).mappings().first()
    return _request(row) if row else None


async def page(
    uow: UnitOfWork,
    case_ref: str | None,
    state: RequestState | None,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[Request], str | None]:
    """Newest first, those that concern the viewer's agency."""
    mine = uow.viewer.agency_id
    query = select(*_FIELDS).where(
        (REQUESTS.c.bearer_agency_id == mine) | (REQUESTS.c.case_agency_id == mine)
    )
    if case_ref is not None:
        query = query.where(REQUESTS.c.case_ref == case_ref)
    if state is not None:
        query = query.where(REQUESTS.c.state == state.value)
    rows, following = await paging.page(
        uow, query, [REQUESTS.c.id], cursor, limit, newest_first=True
    )
    return [_request(row) for row in rows], following


async def words(uow: UnitOfWork, request: Request) -> tuple[str | None, str | None]:
    """Reason and note; None for what was not said, or can be read no more."""
    query = select(REQUESTS.c.reason, REQUESTS.c.note).where(REQUESTS.c.id == request.id)
    reason, note = (await uow.connection.execute(query)).one()
    try:
        key = await case_key(uow, request.case_ref)
    except Missing:
        return None, None
    opened = [
        open_sealed(key, request.case_ref, _place(request, field), bytes(content))
        if content
        else None
        for field, content in (("reason", reason), ("note", note))
    ]
    return opened[0], opened[1]


async def end_pause(uow: UnitOfWork, pause: Request) -> None:
    """How long it lasted in truth, and the deadline that holds since."""
    ended = {"until": pause.until, "successor_id": pause.successor_id}
    await uow.connection.execute(update(REQUESTS).where(REQUESTS.c.id == pause.id).values(ended))


async def note_change(
    uow: UnitOfWork,
    request: Request,
    duty: Deadline,
    change: str,
    by: str,
    new_due: datetime | None,
) -> None:
    """Appends to the deadline's history: by whom, why, who approved, and the old due instant."""
    await uow.connection.execute(
        insert(CHANGES).values(
            deadline_id=duty.id,
            change=change,
            at=uow.now,
            by=by,
            because=request.why.value,
            approved_by=request.decided_by,
            due_at=duty.due_at,
            new_due_at=new_due,
        )
    )


async def changes(uow: UnitOfWork, deadline_id: UUID) -> list[Change]:
    """A deadline's history, in order."""
    wanted = [CHANGES.c[name] for name in Change.__dataclass_fields__]
    query = select(*wanted).where(CHANGES.c.deadline_id == deadline_id).order_by(CHANGES.c.id)
    return [Change(**row) for row in (await uow.connection.execute(query)).mappings()]


async def _sealed(uow: UnitOfWork, request: Request, field: str, words: str) -> bytes:
    key = await case_key(uow, request.case_ref, create=True)
    return seal(key, request.case_ref, _place(request, field), words)


def _place(request: Request, field: str) -> str:
    return f"deadline-request/{request.id}/{field}"


def _request(row: Mapping[Any, Any]) -> Request:
    return Request(
        **{
            **row,
            "kind": Kind(row["kind"]),
            "why": Why(row["why"]),
            "state": RequestState(row["state"]),
        }
    )
