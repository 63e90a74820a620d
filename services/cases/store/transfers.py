"""Transfers and their handover lists: found for a viewer, written whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from domain.case import Case
from domain.disclosure import Action, Viewer
from domain.errors import Hidden, Missing
from domain.transferring import (
    Basis,
    HandoverItem,
    HandoverKind,
    PolicyChoice,
    Transfer,
    TransferReason,
    TransferState,
)
from infrastructure import paging
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import cases
from services.cases.store.narratives import opened, sealed
from services.cases.store.transfer_tables import handover_items, transfers

Noted = tuple[HandoverItem, str | None]


async def add(uow: UnitOfWork, transfer: Transfer, items: Sequence[Noted], key: CaseKey) -> None:
    await uow.connection.execute(insert(transfers).values(asdict(transfer)))
    if not items:
        return
    rows = [
        asdict(item)
        | {
            "transfer_id": transfer.id,
            "place": place,
            "note": sealed(key, transfer.case_ref, _bound(item), note) if note else None,
        }
        for place, (item, note) in enumerate(items, start=1)
    ]
    await uow.connection.execute(insert(handover_items), rows)


async def load(
    uow: UnitOfWork,
    transfer_id: UUID,
    viewer: Viewer,
    *,
    to: Action | None = None,
    lock: bool = True,
) -> tuple[Transfer, Case]:
    """The transfer and its case, both locked until the command ends; raises Missing, and Hidden alike."""
    asked = await _find(uow, transfer_id, lock=False)
    # The case first, as every command has it: whoever closes or assigns it meanwhile is waited for.
    try:
        case = await cases.load_through(
            uow, asked.case_ref, viewer, standing=asked.standing, to=to, lock=lock
        )
    except Hidden:
        uow.audit(to.value if to else "read-transfer", asked.case_ref, outcome="hidden")
        raise
    return await _find(uow, transfer_id, lock=True) if lock else asked, case


async def pending_on(uow: UnitOfWork, case: Case) -> Transfer | None:
    """The transfer that awaits an answer; load the case with its viewer before."""
    query = select(transfers).where(
        transfers.c.case_ref == case.ref, transfers.c.state == TransferState.REQUESTED.value
    )
    row = (await uow.connection.execute(query)).mappings().first()
    return _transfer(row) if row else None


async def of_agency(
    uow: UnitOfWork,
    viewer: Viewer,
    state: TransferState | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[tuple[Transfer, Case]], str | None]:
    """What the viewer's agency was asked or has asked, newest first; each seen as far as she may."""
    query = select(transfers).where(
        or_(
            transfers.c.to_agency_id == viewer.agency_id,
            transfers.c.from_agency_id == viewer.agency_id,
        )
    )
    if state is not None:
        query = query.where(transfers.c.state == state.value)
    by = [transfers.c.requested_at, transfers.c.id]
    rows, following = await paging.page(uow, query, by, cursor, limit, newest_first=True)
    found = [_transfer(row) for row in rows]
    refs = [each.case_ref for each in found]
    known = {case.ref: case for case in await cases.of_refs(uow, refs)}
    return [(each, known[each.case_ref]) for each in found], following


async def items_of(uow: UnitOfWork, transfer: Transfer, key: CaseKey | None) -> list[Noted]:
    """In the order of the list; a note is None without the key."""
    query = (
        select(handover_items)
        .where(handover_items.c.transfer_id == transfer.id)
        .order_by(handover_items.c.place)
    )
    rows = (await uow.connection.execute(query)).mappings()
    items = [(_item(row), row["note"]) for row in rows]
    return [(item, opened(key, transfer.case_ref, _bound(item), note)) for item, note in items]


async def count_items(uow: UnitOfWork, asked: Sequence[Transfer]) -> dict[UUID, tuple[int, int]]:
    """How long each list is, and how much of it is ticked."""
    query = (
        select(
            handover_items.c.transfer_id,
            func.count().label("items"),
            func.count(handover_items.c.ticked_at).label("ticked"),
        )
        .where(handover_items.c.transfer_id.in_([each.id for each in asked]))
        .group_by(handover_items.c.transfer_id)
    )
    rows = await uow.connection.execute(query)
    return {row.transfer_id: (row.items, row.ticked) for row in rows}


async def save(uow: UnitOfWork, transfer: Transfer) -> None:
    """Writes the answer; what was asked never changes."""
    await uow.connection.execute(
        update(transfers)
        .where(transfers.c.id == transfer.id)
        .values(
            state=transfer.state.value,
            answered_by=transfer.answered_by,
            answered_at=transfer.answered_at,
            answer=transfer.answer,
        )
    )


async def save_tick(uow: UnitOfWork, item: HandoverItem) -> None:
    await uow.connection.execute(
        update(handover_items)
        .where(handover_items.c.id == item.id)
        .values(ticked_by=item.ticked_by, ticked_at=item.ticked_at)
    )


async def _find(uow: UnitOfWork, transfer_id: UUID, *, lock: bool) -> Transfer:
    query = select(transfers).where(transfers.c.id == transfer_id)
    query = query.with_for_update() if lock else query
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        raise Missing
    return _transfer(row)


def _bound(item: HandoverItem) -> str:
    return f"handover-item/{item.id}"


def _transfer(row: Mapping[Any, Any]) -> Transfer:
    return Transfer(
        **{
            **row,
            "reason": TransferReason(row["reason"]),
            "basis": Basis(row["basis"]),
            "policy_choice": PolicyChoice(row["policy_choice"]),
            "state": TransferState(row["state"]),
        }
    )


def _item(row: Mapping[Any, Any]) -> HandoverItem:
    return HandoverItem(
        id=row["id"],
        kind=HandoverKind(row["kind"]),
        what=row["what"],
        due_at=row["due_at"],
        ticked_by=row["ticked_by"],
        ticked_at=row["ticked_at"],
    )
