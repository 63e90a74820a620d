"""The routes of reviews: parse, call one command or query, answer."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from domain.vocabulary import CASE_REF_PATTERN
from infrastructure.http import Router, Uow
from services.reviews import queries
from services.reviews.commands.acknowledge import acknowledge_deadline
from services.reviews.commands.change_meeting import change_meeting
from services.reviews.commands.record_outcome import record_outcome
from services.reviews.schemas import (
    Acknowledged,
    MeetingChange,
    OutcomeBody,
    OutcomeView,
    ReviewList,
    ReviewView,
)

router = Router(tags=["reviews"])


@router.get("/reviews")
async def list_reviews(
    uow: Uow, case_ref: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None
) -> ReviewList:
    """Reviews of a case; without one, those ahead that you chair or whose case is yours."""
    if case_ref is None:
        return await queries.reviews_ahead(uow, uow.viewer)
    return await queries.reviews_of(uow, case_ref, uow.viewer)


@router.get("/reviews/{review_id}")
async def get_review(uow: Uow, review_id: UUID) -> ReviewView:
    return await queries.review(uow, review_id, uow.viewer)


@router.post("/reviews/{review_id}/meeting")
async def post_meeting(uow: Uow, review_id: UUID, change: MeetingChange) -> ReviewView:
    """Date, chair or participants, by the chair or the case's supervisor; all are invited anew."""
    return await change_meeting(uow, review_id, change, uow.viewer)


@router.post("/reviews/{review_id}/outcome")
async def post_outcome(uow: Uow, review_id: UUID, body: OutcomeBody) -> OutcomeView:
    """What the meeting came to, by the chair."""
    return await record_outcome(uow, review_id, body, uow.viewer)


@router.post("/deadlines/{deadline_id}/acknowledgement")
async def post_deadline_acknowledgement(uow: Uow, deadline_id: UUID) -> Acknowledged:
    """You have taken it up: nobody further up the ladder is told."""
    return await acknowledge_deadline(uow, deadline_id, uow.viewer)
