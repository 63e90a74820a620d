"""Extensions, waivers and pauses over HTTP, the same in every service that owns deadlines."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi import Request as HttpRequest
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from domain.extending import Kind, Request, RequestState, Right, Why
from domain.vocabulary import CASE_REF_PATTERN
from infrastructure import deadline_request_store as store
from infrastructure import deadline_requests as requests
from infrastructure.deadline_requests import CustodyOf
from infrastructure.paging import USUAL, Cursor, Limit, NextCursor
from infrastructure.routes import RequestBody, Router, Uow

router = Router(tags=["more time for a duty"])
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class Asking(RequestBody):
    """`why` is a code that is counted, `reason` says it in words, which are sealed."""

    why: Why
    reason: Words


class ExtensionBody(Asking):
    new_due: AwareDatetime = Field(description="Later than the duty falls due now")


class PauseBody(Asking):
    until: AwareDatetime = Field(
        description="The clock stands until then; the due moves by as much"
    )


class DecisionBody(RequestBody):
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000)] = ""


class RefusalBody(RequestBody):
    note: Words


class NoBody(RequestBody):
    """Nothing needs saying."""


class DeadlineRequestView(BaseModel):
    """`until`: the new due of an extension, the end of a pause. Words only for those who ask or decide."""

    request_id: UUID
    deadline_id: UUID
    case_ref: str
    kind: Kind
    why: Why
    until: datetime | None
    state: RequestState
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    successor_id: UUID | None
    reason: str | None = None
    note: str | None = None


class DeadlineRequestPage(BaseModel):
    items: list[DeadlineRequestView]
    next_cursor: NextCursor


class ResumptionView(BaseModel):
    deadline_id: UUID
    due_at: datetime


class DeadlineChangeView(BaseModel):
    """What became of a deadline; `due_at` is the instant that held until then."""

    change: str
    at: datetime
    by: str
    because: str
    approved_by: str | None
    due_at: datetime
    new_due_at: datetime | None


class DeadlineHistory(BaseModel):
    items: list[DeadlineChangeView]


@router.post("/deadlines/{deadline_id}/extension-requests", status_code=201)
async def request_extension(
    http: HttpRequest, uow: Uow, deadline_id: UUID, body: ExtensionBody
) -> DeadlineRequestView:
    """More time, asked for by the side that owes the duty."""
    return await _asked(http, uow, deadline_id, Kind.EXTENSION, body, body.new_due)


@router.post("/deadlines/{deadline_id}/waiver-requests", status_code=201)
async def request_waiver(
    http: HttpRequest, uow: Uow, deadline_id: UUID, body: Asking
) -> DeadlineRequestView:
    """That the duty be let go."""
    return await _asked(http, uow, deadline_id, Kind.WAIVER, body, None)


@router.post("/deadlines/{deadline_id}/pause-requests", status_code=201)
async def request_pause(
    http: HttpRequest, uow: Uow, deadline_id: UUID, body: PauseBody
) -> DeadlineRequestView:
    """That the clock stand for a while, where the policy pack allows it."""
    return await _asked(http, uow, deadline_id, Kind.PAUSE, body, body.until)


@router.post("/deadlines/{deadline_id}/resumption")
async def resume_deadline(
    http: HttpRequest, uow: Uow, deadline_id: UUID, _body: NoBody | None = None
) -> ResumptionView:
    """Work goes on before the pause ends."""
    resumed = await requests.resume(uow, _custody_of(http), deadline_id)
    return ResumptionView(deadline_id=resumed.id, due_at=resumed.due_at)


@router.get("/deadlines/{deadline_id}/history")
async def read_deadline_history(http: HttpRequest, uow: Uow, deadline_id: UUID) -> DeadlineHistory:
    """What became of a deadline: who, why, approved by whom, and when it had been due."""
    found = await requests.history(uow, _custody_of(http), deadline_id)
    return DeadlineHistory(
        items=[DeadlineChangeView.model_validate(each, from_attributes=True) for each in found]
    )


@router.get("/deadline-requests")
async def list_deadline_requests(
    http: HttpRequest,
    uow: Uow,
    case_ref: Annotated[str | None, Query(pattern=CASE_REF_PATTERN)] = None,
    state: RequestState | None = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> DeadlineRequestPage:
    """Requests that concern the viewer's agency and cases she may know of, newest first."""
    found, following = await store.page(uow, case_ref, state, cursor, limit)
    shown = [await _view(http, uow, each) for each in found]
    uow.audit("list-deadline-requests", uow.viewer.agency_id)
    return DeadlineRequestPage(
        items=[each for each in shown if each is not None],
        next_cursor=following,
    )


@router.post("/deadline-requests/{request_id}/approval")
async def approve_deadline_request(
    http: HttpRequest, uow: Uow, request_id: UUID, body: DecisionBody
) -> DeadlineRequestView:
    """By somebody with authority who did not ask."""
    request = await requests.approve(uow, _custody_of(http), request_id, body.note)
    return await _told(uow, request)


@router.post("/deadline-requests/{request_id}/refusal")
async def refuse_deadline_request(
    http: HttpRequest, uow: Uow, request_id: UUID, body: RefusalBody
) -> DeadlineRequestView:
    """The duty stays as it is; the note says why."""
    request = await requests.refuse(uow, _custody_of(http), request_id, body.note)
    return await _told(uow, request)


async def _asked(
    http: HttpRequest,
    uow: Uow,
    deadline_id: UUID,
    kind: Kind,
    body: Asking,
    until: datetime | None,
) -> DeadlineRequestView:
    request = await requests.ask(
        uow, _custody_of(http), deadline_id, kind, body.why, body.reason, until
    )
    return await _told(uow, request)


async def _view(http: HttpRequest, uow: Uow, request: Request) -> DeadlineRequestView | None:
    rights = await requests.may(uow, _custody_of(http), request)
    if Right.SEE not in rights:
        return None
    if rights == {Right.SEE}:
        return _codes(request)
    return await _told(uow, request)


async def _told(uow: Uow, request: Request) -> DeadlineRequestView:
    reason, note = await store.words(uow, request)
    return _codes(request).model_copy(update={"reason": reason, "note": note})


def _codes(request: Request) -> DeadlineRequestView:
    return DeadlineRequestView(
        request_id=request.id,
        deadline_id=request.deadline_id,
        case_ref=request.case_ref,
        kind=request.kind,
        why=request.why,
        until=request.until,
        state=request.state,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        decided_by=request.decided_by,
        decided_at=request.decided_at,
        successor_id=request.successor_id,
    )


def _custody_of(http: HttpRequest) -> CustodyOf:
    """The service's own word on whose case a deadline belongs to."""
    found: CustodyOf = http.app.state.custody_of
    return found
