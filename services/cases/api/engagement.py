"""Attempts to reach a family, and serious incidents, over HTTP."""

from infrastructure.http import Router, Uow
from services.cases.commands import engaging, flagging
from services.cases.queries import engagement
from services.cases.schemas.engagement import (
    AttemptBody,
    AttemptList,
    AttemptView,
    IncidentBody,
    IncidentList,
    IncidentView,
)

router = Router(tags=["closure"])


@router.post("/cases/{ref}/engagement-attempts", status_code=201)
async def record_engagement_attempt(uow: Uow, ref: str, body: AttemptBody) -> AttemptView:
    """Somebody tried to reach child or family."""
    return await engaging.record_attempt(uow, ref, body)


@router.get("/cases/{ref}/engagement-attempts")
async def list_engagement_attempts(uow: Uow, ref: str) -> AttemptList:
    """Since the case last came back, and what the pack asks for before a refusal ends it."""
    return await engagement.attempts(uow, ref)


@router.post("/cases/{ref}/serious-incidents", status_code=201)
async def flag_serious_incident(uow: Uow, ref: str, body: IncidentBody) -> IncidentView:
    """Serious harm to the child, or a death: those who learn from cases are told at once."""
    return await flagging.flag_incident(uow, ref, body)


@router.get("/cases/{ref}/serious-incidents")
async def list_serious_incidents(uow: Uow, ref: str) -> IncidentList:
    """What was flagged on this case."""
    return await engagement.flagged(uow, ref)
