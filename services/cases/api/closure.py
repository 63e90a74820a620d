"""The way to the end of a case, and what comes after, over HTTP."""

from infrastructure.http import Router, Uow
from services.cases.commands import afterwards, closing, settling
from services.cases.schemas.closure import (
    ApprovalAnswer,
    ClosureRequestAnswer,
    ClosureRequestBody,
    DeclineBody,
    EmptyBody,
    LookBackAnswer,
    LookBackBody,
    NoteBody,
    ReasonBody,
    ReopeningAnswer,
    ReopeningBody,
    SettlingAnswer,
    StatusAnswer,
)

router = Router(tags=["closure"])


@router.post("/cases/{ref}/goals-achieved", status_code=201)
async def record_goals_achieved(uow: Uow, ref: str, body: NoteBody) -> SettlingAnswer:
    """The settling period begins."""
    return await settling.achieve_goals(uow, ref, body)


@router.post("/cases/{ref}/gains-lost")
async def record_gains_lost(uow: Uow, ref: str, body: ReasonBody) -> StatusAnswer:
    """The settling period is over, and the plan goes on."""
    return await settling.lose_gains(uow, ref, body)


@router.post("/cases/{ref}/closure-request", status_code=201)
async def request_closure(uow: Uow, ref: str, body: ClosureRequestBody) -> ClosureRequestAnswer:
    """Asked for by whoever looks after the case; decided by somebody else."""
    return await closing.request_closure(uow, ref, body)


@router.post("/cases/{ref}/closure-approval")
async def approve_closure(uow: Uow, ref: str, body: NoteBody) -> ApprovalAnswer:
    """Never by whoever asked."""
    return await closing.approve_closure(uow, ref, body)


@router.post("/cases/{ref}/closure-refusal")
async def decline_closure(uow: Uow, ref: str, body: DeclineBody) -> StatusAnswer:
    """The case goes on where it stood."""
    return await closing.decline_closure(uow, ref, body)


@router.post("/cases/{ref}/look-back", status_code=201)
async def record_look_back(uow: Uow, ref: str, body: LookBackBody) -> LookBackAnswer:
    """The last follow-up after closure, with feedback."""
    return await afterwards.record_look_back(uow, ref, body)


@router.post("/cases/{ref}/archive")
async def archive_case(uow: Uow, ref: str, _body: EmptyBody | None = None) -> StatusAnswer:
    """After the look back."""
    return await afterwards.archive_case(uow, ref)


@router.post("/cases/{ref}/reopening")
async def reopen_case(uow: Uow, ref: str, body: ReopeningBody) -> ReopeningAnswer:
    """The same reference, the history intact."""
    return await afterwards.reopen_case(uow, ref, body)
