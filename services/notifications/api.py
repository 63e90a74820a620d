"""The routes of notifications: parse, call one command or query, answer."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from domain.errors import Refusal, Unavailable
from domain.notifying import Delivery
from domain.vocabulary import CASE_REF_PATTERN, CODE_PATTERN
from infrastructure import idempotent_routes, problems, versions
from infrastructure.db import Database
from infrastructure.http import CurrentViewer, Router, Uow
from infrastructure.mail import MailRefused
from infrastructure.paging import USUAL, Cursor, Limit
from infrastructure.session_pages import browsers_go_to
from services.notifications import queries
from services.notifications.commands.acknowledge import acknowledge_notification
from services.notifications.commands.bounce import take_bounce
from services.notifications.commands.deliver import (
    NO_ADDRESS,
    REFUSED,
    abandon_deliveries,
    abandon_delivery,
    attempt_deliveries,
    attempt_delivery,
)
from services.notifications.commands.keep_address import keep_address, keep_preferences
from services.notifications.commands.post import post_of
from services.notifications.schemas import (
    AbandonmentBody,
    AttemptBody,
    BounceBody,
    DeliveriesBody,
    DeliveryList,
    DeliveryView,
    FindingList,
    InboxView,
    NotificationView,
    Part,
    PreferencesBody,
    PreferencesView,
    RecipientBody,
    RecipientView,
    ToldList,
)

router = Router(tags=["notifications"])
StaffId = Annotated[str, Path(pattern=CODE_PATTERN)]
CaseRef = Annotated[str, Path(pattern=CASE_REF_PATTERN)]
_SENT_ONCE = {
    idempotent_routes.NOT_HONOURED: "What has been sent is not sent again, and answers as it did."
}
_UNEDITED = {versions.NOT_HONOURED: "What became of a message is noted once, by the platform."}


class NoAddress(Refusal):
    """There is no address to write to; it stays in the application's list."""

    code = NO_ADDRESS


class DeliveryEnded(Refusal):
    """No message is sent any more; it stays in the application's list."""

    code = "delivery-ended"


@router.get("/inbox", dependencies=[Depends(browsers_go_to("/inbox.html"))])
async def get_inbox(
    uow: Uow, part: Part = "all", cursor: Cursor = None, limit: Limit = USUAL
) -> InboxView:
    """What you were told, unacknowledged first; a browser is led to the page."""
    return await queries.inbox(uow, uow.viewer, part, cursor, limit)


@router.post(
    "/notifications/{notification_id}/acknowledgement",
    openapi_extra={
        versions.NOT_HONOURED: "The first to take it up stands; nothing is overwritten."
    },
)
async def post_acknowledgement(uow: Uow, notification_id: UUID) -> NotificationView:
    """You have taken it up: nobody further up the ladder is told."""
    return await acknowledge_notification(uow, notification_id, uow.viewer)


@router.get("/recipients/{staff_id}")
async def get_recipient(uow: Uow, staff_id: StaffId) -> RecipientView:
    """Where somebody is written to, for herself and administrators."""
    return await queries.recipient(uow, staff_id, uow.viewer)


@router.put("/recipients/{staff_id}")
async def put_recipient(uow: Uow, staff_id: StaffId, body: RecipientBody) -> RecipientView:
    """Where you, or as an administrator somebody, is written to."""
    return await keep_address(uow, staff_id, body, uow.viewer)


@router.get("/recipients/{staff_id}/preferences")
async def get_preferences(uow: Uow, staff_id: StaffId) -> PreferencesView:
    """How you are told; without any wish, by e-mail and at once."""
    return await queries.wishes(uow, staff_id, uow.viewer)


@router.put("/recipients/{staff_id}/preferences")
async def put_preferences(uow: Uow, staff_id: StaffId, body: PreferencesBody) -> PreferencesView:
    """By which way and when you, or as an administrator somebody, is told."""
    return await keep_preferences(uow, staff_id, body, uow.viewer)


@router.get("/cases/{case_ref}/told")
async def get_told(
    uow: Uow, case_ref: CaseRef, cursor: Cursor = None, limit: Limit = USUAL
) -> ToldList:
    """Who was told of what in this case, when, by which way, and what came of it; newest first."""
    return await queries.told(uow, case_ref, uow.viewer, cursor, limit)


@router.get("/findings")
async def get_findings(uow: Uow, cursor: Cursor = None, limit: Limit = USUAL) -> FindingList:
    """Roles that should have been told of something, and nobody holds; newest first."""
    return await queries.findings(uow, uow.viewer, cursor, limit)


@router.get("/deliveries", dependencies=[Depends(browsers_go_to("/deliveries.html"))])
async def get_deliveries(
    uow: Uow,
    state: Delivery = Delivery.GIVEN_UP,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> ToldList:
    """What could not be delivered, and why, for those who watch; a browser is led to the page."""
    return await queries.of_state(uow, uow.viewer, state, cursor, limit)


@router.post("/deliveries/attempts", openapi_extra=_SENT_ONCE)
async def post_attempts(
    request: Request, viewer: CurrentViewer, body: DeliveriesBody
) -> DeliveryList:
    """One attempt to send each of them, for the mailbox workflow only."""
    db: Database = request.app.state.db
    views = await attempt_deliveries(db, viewer, body.notification_ids, post_of(db))
    return DeliveryList(deliveries=views)


@router.post("/deliveries/abandonment")
async def post_abandonments(uow: Uow, body: DeliveriesBody) -> DeliveryList:
    """No further attempt at any of them, for the mailbox workflow only."""
    views = await abandon_deliveries(uow, body.notification_ids, body.reason, uow.viewer)
    return DeliveryList(deliveries=views)


@router.post(
    "/deliveries/{notification_id}/attempts",
    response_model=DeliveryView,
    openapi_extra=_SENT_ONCE | _UNEDITED,
)
async def post_attempt(
    request: Request, viewer: CurrentViewer, notification_id: UUID, _: AttemptBody | None = None
) -> DeliveryView | Response:
    """One attempt to send one message, for the delivery workflow only."""
    db: Database = request.app.state.db
    return _answer(await attempt_delivery(db, viewer, notification_id, post_of(db)))


@router.post("/deliveries/{notification_id}/abandonment", openapi_extra=_UNEDITED)
async def post_abandonment(
    uow: Uow, notification_id: UUID, body: AbandonmentBody | None = None
) -> DeliveryView:
    """No further attempt, for the delivery workflow only."""
    because = (body or AbandonmentBody()).reason
    return await abandon_delivery(uow, notification_id, because, uow.viewer)


@router.post("/bounces")
async def post_bounce(uow: Uow, body: BounceBody) -> DeliveryView:
    """What came back, from the site's mail gateway; another channel is tried, if there is one."""
    return await take_bounce(uow, body, uow.viewer)


def _answer(view: DeliveryView) -> DeliveryView | Response:
    """What came of an attempt is on the record in any case, so a refusal is answered, not raised."""
    if view.state is Delivery.SENT:
        return view
    if view.state is Delivery.WAITING:
        return problems.answer_to(Unavailable("The mail server does not answer."))
    refusals = {NO_ADDRESS: NoAddress, REFUSED: MailRefused}
    return problems.answer_to(refusals.get(view.reason or "", DeliveryEnded)())
