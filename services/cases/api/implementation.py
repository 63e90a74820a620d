"""What is done between plan and closure, over HTTP: support, the goal's measures, needs left unmet."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.cases.commands import measuring, noting_needs, supporting
from services.cases.queries import needing, progress
from services.cases.queries import supporting as supported
from services.cases.schemas.needs import (
    NeedMetBody,
    UnmetNeedBody,
    UnmetNeedList,
    UnmetNeedView,
)
from services.cases.schemas.progress import GoalView, ReadingAnswer, ReadingBody
from services.cases.schemas.support import SupportBody, SupportList, SupportView

router = Router(tags=["implementation"])


@router.post("/cases/{ref}/support", status_code=201, response_model_exclude_none=True)
async def record_support(uow: Uow, ref: str, body: SupportBody) -> SupportView:
    """Direct support, accompaniment, advocacy or coordination that took place."""
    return await supporting.record_support(uow, ref, body)


@router.get("/cases/{ref}/support", response_model_exclude_none=True)
async def list_support(uow: Uow, ref: str) -> SupportList:
    """In the order in which it happened."""
    return await supported.of_case(uow, ref)


@router.get("/cases/{ref}/goal", response_model_exclude_none=True)
async def read_goal(uow: Uow, ref: str) -> GoalView:
    """The goal of the newest plan, and how far it has come by its own measures."""
    return await progress.goal_of(uow, ref)


@router.post("/cases/{ref}/measures/{measure_id}/readings", status_code=201)
async def record_measure_reading(
    uow: Uow, ref: str, measure_id: UUID, body: ReadingBody
) -> ReadingAnswer:
    """Where a measure stood: its value, or whether it is reached."""
    return await measuring.record_reading(uow, ref, measure_id, body)


@router.post("/cases/{ref}/unmet-needs", status_code=201, response_model_exclude_none=True)
async def note_unmet_need(uow: Uow, ref: str, body: UnmetNeedBody) -> UnmetNeedView:
    """A need that no service meets: counted, not hidden."""
    return await noting_needs.note_unmet_need(uow, ref, body)


@router.get("/cases/{ref}/unmet-needs", response_model_exclude_none=True)
async def list_unmet_needs(uow: Uow, ref: str) -> UnmetNeedList:
    """Those met since included."""
    return await needing.of_case(uow, ref)


@router.post("/cases/{ref}/unmet-needs/{need_id}/met", response_model_exclude_none=True)
async def meet_unmet_need(uow: Uow, ref: str, need_id: UUID, body: NeedMetBody) -> UnmetNeedView:
    """A service was found after all."""
    return await noting_needs.meet_need(uow, ref, need_id, body)
