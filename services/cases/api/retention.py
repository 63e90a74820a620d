"""Files kept, and erased, over HTTP."""

from infrastructure.http import Router, Uow
from services.cases.commands import erasing, retaining
from services.cases.queries import erasures
from services.cases.schemas.closure import EmptyBody
from services.cases.schemas.retention import (
    ErasureBody,
    ErasureList,
    ErasureRefusalBody,
    ErasureView,
    RetentionAnswer,
    RetentionBody,
)

router = Router(tags=["retention"])


@router.post("/cases/{ref}/retention")
async def keep_file_longer(uow: Uow, ref: str, body: RetentionBody) -> RetentionAnswer:
    """With a reason; the question comes again at the new end."""
    return await retaining.keep_longer(uow, ref, body)


@router.post("/cases/{ref}/erasure", status_code=201)
async def request_erasure(uow: Uow, ref: str, body: ErasureBody) -> ErasureView:
    """By a manager of the agency; another decides."""
    return await erasing.request_erasure(uow, ref, body)


@router.get("/cases/{ref}/erasures")
async def list_erasures(uow: Uow, ref: str) -> ErasureList:
    """What was asked and decided, for those who may ask or decide."""
    return await erasures.of_case(uow, ref)


@router.post("/cases/{ref}/erasure-approval")
async def approve_erasure(uow: Uow, ref: str, _body: EmptyBody | None = None) -> ErasureView:
    """Every word becomes unreadable for everybody; this cannot be undone."""
    return await erasing.approve_erasure(uow, ref)


@router.post("/cases/{ref}/erasure-refusal")
async def refuse_erasure(uow: Uow, ref: str, body: ErasureRefusalBody) -> ErasureView:
    """The record stays."""
    return await erasing.refuse_erasure(uow, ref, body)
