"""What other services owe and have under way on a case, from their events. Load the case with its viewer first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from contracts.events.deadlines import DeadlineSet
from domain.cross_reference import Heard, Named
from domain.deadlines import Deadline, Responsible
from domain.vocabulary import DeadlineState, Role, SubjectType
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.elsewhere_tables import duties_elsewhere, under_way_elsewhere

_HAND_OVER = ("agency_id", "role", "person_id")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A referral, a review or a meeting; `state` is the last word heard of it. Instants are UTC."""

    id: UUID
    case_ref: str
    kind: str
    state: str
    since: datetime
    agency_id: str | None = None  # the provider of a referral
    need: str | None = None
    meets_at: datetime | None = None
    ended_at: datetime | None = None


async def keep_duty(uow: UnitOfWork, event: DeadlineSet) -> None:
    """Said again, it names who bears it now; what became of it stays."""
    fields = {
        "id": event.deadline_id,
        "case_ref": event.case_ref,
        "owner": event.owner,
        "subject_type": event.subject_type.value,
        "subject_id": event.subject_id,
        "step": event.step,
        "agency_id": event.agency_id,
        "role": event.responsible.value,
        "person_id": event.person_id,
        "anchor": event.anchor,
        "anchored_at": event.anchored_at,
        "policy": event.policy,
        "due_at": event.due_at,
        "state": DeadlineState.OPEN.value,
    }
    statement = insert(duties_elsewhere).values(fields)
    borne = {name: statement.excluded[name] for name in _HAND_OVER}
    await uow.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=borne))


async def settle_duty(
    uow: UnitOfWork, duty_id: UUID, state: DeadlineState, at: datetime, successor: UUID | None
) -> None:
    await uow.connection.execute(
        update(duties_elsewhere)
        .where(duties_elsewhere.c.id == duty_id)
        .values(state=state.value, settled_at=at, successor_id=successor)
    )


async def duties_of(uow: UnitOfWork, case_ref: str) -> list[Deadline]:
    """In every state, earliest due first."""
    query = (
        select(duties_elsewhere)
        .where(duties_elsewhere.c.case_ref == case_ref)
        .order_by(duties_elsewhere.c.due_at, duties_elsewhere.c.id)
    )
    return [_duty(row) for row in (await uow.connection.execute(query)).mappings()]


async def open_duties_of(uow: UnitOfWork, case_ref: str) -> list[Deadline]:
    return [each for each in await duties_of(uow, case_ref) if each.state is DeadlineState.OPEN]


async def begin(uow: UnitOfWork, found: UnderWay) -> None:
    """Heard of for the first time, or begun anew: a referral that goes to the next provider."""
    fields = {name: getattr(found, name) for name in UnderWay.__dataclass_fields__}
    statement = insert(under_way_elsewhere).values(fields)
    changed = {
        name: statement.excluded[name] for name in fields if name not in ("id", "case_ref", "since")
    }
    await uow.connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changed)
    )


async def change(uow: UnitOfWork, subject_id: UUID, **fields: Any) -> None:
    """What was never begun here, before cases listened, stays unknown."""
    await uow.connection.execute(
        update(under_way_elsewhere).where(under_way_elsewhere.c.id == subject_id).values(fields)
    )


async def heard_of(uow: UnitOfWork, subject_id: UUID) -> Heard | None:
    """Of whichever case, ended or not; None while nothing was heard."""
    table = under_way_elsewhere.c
    query = select(table.case_ref, table.kind).where(table.id == subject_id)
    row = (await uow.connection.execute(query)).first()
    if row is None:
        return None
    is_referral = row.kind == Named.REFERRAL
    return Heard(row.case_ref, Named.REFERRAL if is_referral else Named.MEETING)


async def all_of(uow: UnitOfWork, case_ref: str) -> list[UnderWay]:
    """Ended or not, in the order in which it began."""
    query = (
        select(under_way_elsewhere)
        .where(under_way_elsewhere.c.case_ref == case_ref)
        .order_by(under_way_elsewhere.c.since, under_way_elsewhere.c.id)
    )
    return [UnderWay(**row) for row in (await uow.connection.execute(query)).mappings()]


async def under_way_of(uow: UnitOfWork, case_ref: str) -> list[UnderWay]:
    """What has not ended, in the order in which it began."""
    return [each for each in await all_of(uow, case_ref) if each.ended_at is None]


def _duty(row: Mapping[Any, Any]) -> Deadline:
    """As far as events tell it: rule, calendar and moments stay with its owner."""
    return Deadline(
        id=row["id"],
        case_ref=row["case_ref"],
        subject_type=SubjectType(row["subject_type"]),
        subject_id=row["subject_id"],
        step=row["step"],
        responsible=Responsible(row["agency_id"], Role(row["role"]), row["person_id"]),
        anchor=row["anchor"],
        anchor_id=row["id"],
        anchored_at=row["anchored_at"],
        rule="",
        policy=row["policy"],
        calendar="",
        due_at=row["due_at"],
        moments=(),
        state=DeadlineState(row["state"]),
        settled_at=row["settled_at"],
        successor_id=row["successor_id"],
    )
