"""What an operator sees and does about parked events, the same in every service that listens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request
from pydantic import BaseModel, Field

from infrastructure import idempotent_routes, parking, versions
from infrastructure.inbox import Consumer
from infrastructure.paging import USUAL, Cursor, Limit, NextCursor
from infrastructure.routes import CurrentViewer, RequestBody, Router, Uow

router = Router(prefix="/operations/parked", tags=["parked events"])
_NO_RECORD = "A parked event is applied or given up once, and edited by nobody."


class ParkedEventView(BaseModel):
    """An event that waits: where it stands on the bus, and why; nothing of its content."""

    id: int
    key: str
    event_id: UUID | None
    type: str | None
    topic: str
    partition: int
    offset: int
    reason: str
    sentence: str
    parked_at: datetime = Field(description="Wall time, UTC")


class ParkedEventList(BaseModel):
    items: list[ParkedEventView]
    next_cursor: NextCursor


class ReplayView(BaseModel):
    """How many were applied; `reason` says why it stopped, and is null when none waits any more."""

    applied: int
    reason: str | None = None
    sentence: str | None = None


class Skipping(RequestBody):
    reason: Annotated[str, Field(max_length=500, description="Kept on the record")]


@router.get("")
async def list_parked(uow: Uow, cursor: Cursor = None, limit: Limit = USUAL) -> ParkedEventList:
    """Events that could not be applied, in the order they were parked."""
    waiting, following = await parking.list_parked(uow, cursor, limit)
    items = [ParkedEventView.model_validate(each, from_attributes=True) for each in waiting]
    return ParkedEventList(items=items, next_cursor=following)


@router.post(
    "/{key}/replay",
    openapi_extra={
        idempotent_routes.NOT_HONOURED: "Replaying again applies what still waits, and nothing twice.",
        versions.NOT_HONOURED: _NO_RECORD,
        versions.UNVERSIONED: "The answer is about waiting events, and about no record.",
    },
)
async def replay_parked(
    key: Annotated[str, Path(max_length=100)], viewer: CurrentViewer, request: Request
) -> ReplayView:
    """Applies the parked events of one case in order, and stops at the first that still fails."""
    consumer: Consumer = request.app.state.consumer
    replayed = await consumer.replay(key, viewer)
    cause = replayed.cause
    return ReplayView(
        applied=replayed.applied,
        reason=cause.reason if cause else None,
        sentence=cause.sentence if cause else None,
    )


@router.post(
    "/events/{parked_id}/skip", status_code=204, openapi_extra={versions.NOT_HONOURED: _NO_RECORD}
)
async def skip_parked(parked_id: int, skipping: Skipping, uow: Uow) -> None:
    """Gives one event up for good, with a reason; those behind it wait for a replay."""
    await parking.skip(uow, parked_id, skipping.reason)
