"""Periodic reviews: seen, convened, put off, recorded."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from domain.vocabulary import CASE_REF_PATTERN
from infrastructure import versions
from infrastructure.calendar_files import MEDIA_TYPE
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.reviews import queries
from services.reviews.commands.acknowledge import acknowledge_deadline
from services.reviews.commands.change_meeting import change_meeting
from services.reviews.commands.postpone import postpone_review
from services.reviews.commands.record_outcome import record_outcome
from services.reviews.schemas.reviews import (
    MeetingChange,
    OutcomeBody,
    OutcomeView,
    PostponementBody,
    PostponementList,
    ReviewList,
    ReviewView,
)
from services.reviews.schemas.words import Acknowledged
from services.reviews.store.reviews import Wanted

router = Router(tags=["reviews"])


class CalendarFile(Response):
    """An invitation, or its cancellation, for a calendar."""

    media_type = MEDIA_TYPE


@router.get("/reviews")
async def list_reviews(
    uow: Uow,
    case_ref: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None,
    overdue: Annotated[bool, Query(description="Only those past their due date")] = False,
    postponed: Annotated[bool, Query(description="Only those that were put off")] = False,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> ReviewList:
    """Reviews of a case; without one, those ahead that you chair or whose case is yours."""
    wanted = Wanted(overdue=overdue, postponed=postponed, cursor=cursor, limit=limit)
    if case_ref is None:
        return await queries.reviews_ahead(uow, uow.viewer, wanted)
    return await queries.reviews_of(uow, case_ref, uow.viewer, wanted)


@router.get("/reviews/{review_id}")
async def get_review(uow: Uow, review_id: UUID) -> ReviewView:
    """As far as you may see it; the rest is null."""
    return await queries.review(uow, review_id, uow.viewer)


@router.get(
    "/reviews/{review_id}/invitation.ics",
    response_class=CalendarFile,
    responses={409: {"description": "Nobody has been invited yet."}},
)
async def get_review_invitation(uow: Uow, review_id: UUID) -> CalendarFile:
    """For your calendar: reference, kind and time, and nothing about the child."""
    return CalendarFile(await queries.review_invitation(uow, review_id, uow.viewer))


@router.post("/reviews/{review_id}/meeting")
async def post_meeting(uow: Uow, review_id: UUID, change: MeetingChange) -> ReviewView:
    """Date, chair or participants, by the chair or the case's supervisor; all are invited anew."""
    return await change_meeting(uow, review_id, change, uow.viewer)


@router.get("/reviews/{review_id}/postponements")
async def list_postponements(uow: Uow, review_id: UUID) -> PostponementList:
    """Every time that the review was put off, and why."""
    return await queries.postponements_of(uow, review_id, uow.viewer)


@router.post("/reviews/{review_id}/postponement")
async def post_postponement(uow: Uow, review_id: UUID, body: PostponementBody) -> ReviewView:
    """To a later meeting, with a reason; the date by which the review is due stays."""
    return await postpone_review(uow, review_id, body, uow.viewer)


@router.post("/reviews/{review_id}/outcome")
async def post_outcome(uow: Uow, review_id: UUID, body: OutcomeBody) -> OutcomeView:
    """What the meeting came to, by the chair."""
    return await record_outcome(uow, review_id, body, uow.viewer)


@router.post(
    "/deadlines/{deadline_id}/acknowledgement",
    openapi_extra={
        versions.NOT_HONOURED: "The first to take it up stands; nothing is overwritten."
    },
)
async def post_deadline_acknowledgement(uow: Uow, deadline_id: UUID) -> Acknowledged:
    """You have taken it up: nobody further up the ladder is told."""
    return await acknowledge_deadline(uow, deadline_id, uow.viewer)
