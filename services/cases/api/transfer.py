"""Transfers and a change of policy pack over HTTP."""

from uuid import UUID

from domain.transferring import TransferState
from infrastructure import versions
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.cases.commands import answering_transfer, repinning, transferring
from services.cases.queries import transfers
from services.cases.schemas.closure import EmptyBody
from services.cases.schemas.policy import PackName, PolicyAnswer, PolicyBody
from services.cases.schemas.transfer import (
    AcceptanceAnswer,
    AcceptanceBody,
    TransferBody,
    TransferDeclineBody,
    TransferList,
    TransferView,
    WithdrawTransferBody,
)

router = Router(tags=["transfer"])


@router.post("/cases/{ref}/transfers", status_code=201, response_model_exclude_none=True)
async def request_transfer(uow: Uow, ref: str, body: TransferBody) -> TransferView:
    """Another agency or area is asked; the case stays with its owners until that accepts."""
    return await transfers.one(uow, await transferring.request_transfer(uow, ref, body))


@router.get("/transfers")
async def list_transfers(
    uow: Uow,
    state: TransferState | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> TransferList:
    """What the viewer's agency was asked, and what it has asked."""
    return await transfers.of_agency(uow, state, cursor, limit)


@router.get("/transfers/{transfer_id}", response_model_exclude_none=True)
async def read_transfer(uow: Uow, transfer_id: UUID) -> TransferView:
    """Whoever is asked reads codes and dates; the child's name only once the case is theirs."""
    return await transfers.one(uow, transfer_id)


@router.post("/transfers/{transfer_id}/acceptance")
async def accept_transfer(uow: Uow, transfer_id: UUID, body: AcceptanceBody) -> AcceptanceAnswer:
    """Responsibility moves at once, with every open duty, to the people named."""
    return await answering_transfer.accept_transfer(uow, transfer_id, body)


@router.post("/transfers/{transfer_id}/refusal", response_model_exclude_none=True)
async def decline_transfer(uow: Uow, transfer_id: UUID, body: TransferDeclineBody) -> TransferView:
    """The case stays with its owners, who are told why."""
    await answering_transfer.decline_transfer(uow, transfer_id, body)
    return await transfers.one(uow, transfer_id)


@router.post("/transfers/{transfer_id}/withdrawal", response_model_exclude_none=True)
async def withdraw_transfer(
    uow: Uow, transfer_id: UUID, body: WithdrawTransferBody
) -> TransferView:
    """Nothing is asked any more."""
    await transferring.withdraw_transfer(uow, transfer_id, body)
    return await transfers.one(uow, transfer_id)


@router.post("/transfers/{transfer_id}/items/{item_id}/tick", response_model_exclude_none=True)
async def tick_handover_item(
    uow: Uow, transfer_id: UUID, item_id: UUID, _body: EmptyBody | None = None
) -> TransferView:
    """Handed over."""
    await answering_transfer.tick_item(uow, transfer_id, item_id)
    return await transfers.one(uow, transfer_id)


@router.post("/cases/{ref}/policy")
async def move_case_to_policy(uow: Uow, ref: str, body: PolicyBody) -> PolicyAnswer:
    """Open duties are reckoned anew from their own anchors; the old dates stay on the record."""
    return await repinning.repin_case(uow, ref, body)


@router.get(
    "/cases/{ref}/policy-preview",
    responses={409: {"description": "The case cannot move to this pack."}},
    openapi_extra={versions.UNVERSIONED: "It tells what would be, and is on no record."},
)
async def preview_policy(uow: Uow, ref: str, policy: PackName) -> PolicyAnswer:
    """Which duties would move; nothing is changed."""
    return await repinning.preview(uow, ref, policy)
