"""Case conferences and planning meetings: called, moved, called off, recorded."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, status

from domain.vocabulary import CASE_REF_PATTERN
from infrastructure.http import Router, Uow
from infrastructure.paging import USUAL, Cursor, Limit
from services.reviews import queries
from services.reviews.api.reviews import CalendarFile
from services.reviews.commands import call_meeting as calling
from services.reviews.commands.hold_meeting import hold_meeting
from services.reviews.schemas.meetings import (
    MeetingBody,
    MeetingCancellation,
    MeetingList,
    MeetingMove,
    MeetingView,
    MinutesBody,
)

router = Router(tags=["meetings"])


@router.post("/meetings", status_code=status.HTTP_201_CREATED)
async def post_case_meeting(uow: Uow, body: MeetingBody) -> MeetingView:
    """By anyone on the case; a conference is led by somebody who takes no part in the work on it."""
    return await calling.call_meeting(uow, body, uow.viewer)


@router.get("/meetings")
async def list_meetings(
    uow: Uow,
    case_ref: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> MeetingList:
    """Meetings of a case; without one, those ahead that you lead, are invited to, or whose case is yours."""
    if case_ref is None:
        return await queries.meetings_ahead(uow, uow.viewer, cursor, limit)
    return await queries.meetings_of(uow, case_ref, uow.viewer, cursor, limit)


@router.get("/meetings/{meeting_id}")
async def get_meeting(uow: Uow, meeting_id: UUID) -> MeetingView:
    """As far as you may see it; the rest is null."""
    return await queries.meeting(uow, meeting_id, uow.viewer)


@router.get("/meetings/{meeting_id}/invitation.ics", response_class=CalendarFile)
async def get_meeting_invitation(uow: Uow, meeting_id: UUID) -> CalendarFile:
    """For your calendar: reference, kind and time, and nothing about the child."""
    return CalendarFile(await queries.meeting_invitation(uow, meeting_id, uow.viewer))


@router.post("/meetings/{meeting_id}/change")
async def post_meeting_change(uow: Uow, meeting_id: UUID, change: MeetingMove) -> MeetingView:
    """Date, leader or participants; all are invited anew."""
    return await calling.move_meeting(uow, meeting_id, change, uow.viewer)


@router.post("/meetings/{meeting_id}/cancellation")
async def post_meeting_cancellation(
    uow: Uow, meeting_id: UUID, body: MeetingCancellation
) -> MeetingView:
    """It does not take place; its duty ends."""
    return await calling.cancel_meeting(uow, meeting_id, body.reason, uow.viewer)


@router.post("/meetings/{meeting_id}/minutes")
async def post_meeting_minutes(uow: Uow, meeting_id: UUID, body: MinutesBody) -> MeetingView:
    """Who came, what was said and decided, by whoever led it."""
    return await hold_meeting(uow, meeting_id, body, uow.viewer)
