"""The family's statement over HTTP: links given out and taken back, feedback read and answered."""

from uuid import UUID

from fastapi import Response

from infrastructure.http import Router, Uow
from services.cases.commands import stating
from services.cases.queries import stating as told
from services.cases.schemas.statement import (
    FeedbackAnswerBody,
    FeedbackList,
    LinkAnswer,
    LinkBody,
    LinkList,
)

router = Router(tags=["statement"])


@router.post("/cases/{ref}/statement-links", status_code=201)
async def issue_statement_link(uow: Uow, ref: str, body: LinkBody) -> LinkAnswer:
    """A link to the family's own page, and the code that opens it: shown here once."""
    return await stating.issue_link(uow, ref, body)


@router.get("/cases/{ref}/statement-links")
async def list_statement_links(uow: Uow, ref: str) -> LinkList:
    """Every link given out, and what became of it."""
    return await told.links_of(uow, ref)


@router.delete("/cases/{ref}/statement-links/{link_id}", status_code=204)
async def revoke_statement_link(uow: Uow, ref: str, link_id: UUID) -> Response:
    """The link leads nowhere from now on."""
    await stating.revoke_link(uow, ref, link_id)
    return Response(status_code=204)


@router.get("/cases/{ref}/feedback")
async def list_feedback(uow: Uow, ref: str) -> FeedbackList:
    """What child and family have said on their page."""
    return await told.feedback_on(uow, ref)


@router.post("/cases/{ref}/feedback/{feedback_id}/answer")
async def answer_feedback(
    uow: Uow, ref: str, feedback_id: UUID, body: FeedbackAnswerBody
) -> FeedbackList:
    """Read by the family on its page; a complaint is answered by the supervisor."""
    await stating.answer_feedback(uow, ref, feedback_id, body)
    return await told.feedback_on(uow, ref)
