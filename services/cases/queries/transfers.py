"""Transfers as a viewer may see them: codes and dates for whoever is asked, names for whoever sees the case."""

from datetime import datetime
from uuid import UUID

from domain import disclosure
from domain.case import Case
from domain.disclosure import Viewer
from domain.transferring import Transfer, TransferState
from domain.vocabulary import Section
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.transfer import (
    HandoverItemView,
    TransferItem,
    TransferList,
    TransferView,
)
from services.cases.store import cases, narratives, transfers
from services.cases.store.narratives import opened

STEP = "transfer-answer"


async def one(uow: UnitOfWork, transfer_id: UUID) -> TransferView:
    """Raises Missing, and Hidden alike."""
    asked, case = await transfers.load(uow, transfer_id, uow.viewer, lock=False)
    uow.audit("read-transfer", case.ref, Section.REFERENCE)
    seen = disclosure.visible_sections(uow.viewer, case.custody)
    key = await narratives.key_of(uow, case) if seen & {Section.IDENTITY, Section.PLAN} else None
    listed = await transfers.items_of(uow, asked, key if Section.PLAN in seen else None)
    identity = None
    if Section.IDENTITY in seen:
        uow.audit("read", case.ref, Section.IDENTITY)
        _, sealed = await cases.read(uow, case.ref, uow.viewer)
        identity = opened(key, case.ref, "identity", sealed.identity)
    return TransferView(
        transfer_id=asked.id,
        case_ref=asked.case_ref,
        state=asked.state,
        from_agency_id=asked.from_agency_id,
        to_agency_id=asked.to_agency_id,
        to_team_id=asked.to_team_id,
        reason=asked.reason,
        basis=asked.basis,
        policy=asked.policy_choice,
        requested_by=asked.requested_by,
        requested_at=asked.requested_at,
        answered_by=asked.answered_by,
        answered_at=asked.answered_at,
        answer=asked.answer,
        answer_due_at=await _answer_due(uow, case, asked),
        handover=[
            HandoverItemView(
                item_id=item.id,
                kind=item.kind,
                what=item.what,
                due_at=item.due_at,
                note=note,
                ticked_by=item.ticked_by,
                ticked_at=item.ticked_at,
            )
            for item, note in listed
        ],
        identity=identity,
    )


async def of_agency(
    uow: UnitOfWork, state: TransferState | None, cursor: str | None, limit: int
) -> TransferList:
    """What the viewer's agency was asked or has asked, newest first, as far as she may see it."""
    found, following = await transfers.of_agency(uow, uow.viewer, state, cursor, limit)
    shown = [asked for asked, case in found if _sees(uow.viewer, asked, case)]
    counted = await transfers.count_items(uow, shown)
    uow.audit("list-transfers", uow.viewer.agency_id)
    return TransferList(
        items=[_item(asked, *counted.get(asked.id, (0, 0))) for asked in shown],
        next_cursor=following,
    )


def _sees(viewer: Viewer, asked: Transfer, case: Case) -> bool:
    return Section.REFERENCE in disclosure.visible_sections(viewer, asked.standing(case))


def _item(asked: Transfer, items: int, ticked: int) -> TransferItem:
    return TransferItem(
        transfer_id=asked.id,
        case_ref=asked.case_ref,
        state=asked.state,
        from_agency_id=asked.from_agency_id,
        to_agency_id=asked.to_agency_id,
        to_team_id=asked.to_team_id,
        reason=asked.reason,
        basis=asked.basis,
        policy=asked.policy_choice,
        requested_by=asked.requested_by,
        requested_at=asked.requested_at,
        answered_at=asked.answered_at,
        answer=asked.answer,
        items=items,
        ticked=ticked,
    )


async def _answer_due(uow: UnitOfWork, case: Case, asked: Transfer) -> datetime | None:
    if asked.state is not TransferState.REQUESTED:
        return None
    owed = await deadlines.open_for(uow, case.ref)
    return next((each.due_at for each in owed if each.step == STEP), None)
