"""An intake joined to a case in work, and looked into there, over HTTP."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.cases.commands import joining
from services.cases.schemas.joining import JoinAnswer, JoinBody, LookAnswer, LookBody

router = Router(tags=["registration"])


@router.post("/cases/{ref}/joining", status_code=201)
async def join_intake(uow: Uow, ref: str, body: JoinBody) -> JoinAnswer:
    """An intake about a child whose case is in work becomes part of that case; a person decides so."""
    return await joining.join_intake(uow, ref, body)


@router.post("/cases/{ref}/concerns/{concern_id}/look", status_code=201)
async def record_look(uow: Uow, ref: str, concern_id: UUID, body: LookBody) -> LookAnswer:
    """What a joined intake told was looked into; found worse, a re-assessment is owed."""
    return await joining.record_look(uow, ref, concern_id, body)
