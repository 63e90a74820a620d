"""The routes of notifications: parse, call one command or query, answer."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request, Response

from domain.errors import Refusal, Unavailable
from domain.notifying import Delivery
from domain.vocabulary import CODE_PATTERN
from infrastructure import problems
from infrastructure.db import Database
from infrastructure.http import Router, Uow
from infrastructure.mail import MailRefused, MailServer
from infrastructure.session_pages import browsers_go_to
from services.notifications import queries
from services.notifications.commands.acknowledge import acknowledge_notification
from services.notifications.commands.deliver import (
    NO_ADDRESS,
    REFUSED,
    abandon_delivery,
    attempt_delivery,
)
from services.notifications.commands.keep_address import keep_address
from services.notifications.commands.letter import Letters
from services.notifications.schemas import (
    AbandonmentBody,
    AttemptBody,
    DeliveryView,
    FindingList,
    InboxView,
    NotificationView,
    PageSize,
    Part,
    RecipientBody,
    RecipientView,
)

router = Router(tags=["notifications"])
StaffId = Annotated[str, Path(pattern=CODE_PATTERN)]


class NoAddress(Refusal):
    """There is no address to write to; it stays in the application's list."""

    code = NO_ADDRESS


class DeliveryEnded(Refusal):
    """No e-mail is sent any more; it stays in the application's list."""

    code = "delivery-ended"


@router.get("/inbox", dependencies=[Depends(browsers_go_to("/inbox.html"))])
async def get_inbox(
    uow: Uow, part: Part = "all", limit: PageSize = 100, before: UUID | None = None
) -> InboxView:
    """What you were told, unacknowledged first; a browser is led to the page."""
    return await queries.inbox(uow, uow.viewer, part, limit, before)


@router.post("/notifications/{notification_id}/acknowledgement")
async def post_acknowledgement(uow: Uow, notification_id: UUID) -> NotificationView:
    """You have taken it up: nobody further up the ladder is told."""
    return await acknowledge_notification(uow, notification_id, uow.viewer)


@router.get("/recipients/{staff_id}")
async def get_recipient(uow: Uow, staff_id: StaffId) -> RecipientView:
    return await queries.recipient(uow, staff_id, uow.viewer)


@router.put("/recipients/{staff_id}")
async def put_recipient(uow: Uow, staff_id: StaffId, body: RecipientBody) -> RecipientView:
    """Where you, or as an administrator somebody, is written to."""
    return await keep_address(uow, staff_id, body, uow.viewer)


@router.get("/findings")
async def get_findings(uow: Uow, limit: PageSize = 100) -> FindingList:
    """Roles that should have been told of something, and nobody holds."""
    return await queries.findings(uow, uow.viewer, limit)


@router.post("/deliveries/{notification_id}/attempts", response_model=DeliveryView)
async def post_attempt(
    uow: Uow, request: Request, notification_id: UUID, _: AttemptBody | None = None
) -> DeliveryView | Response:
    """One attempt to send the e-mail, for the delivery workflow only."""
    db: Database = request.app.state.db
    letters, server = Letters(db.settings), MailServer(db.settings)
    return _answer(await attempt_delivery(uow, notification_id, uow.viewer, letters, server))


@router.post("/deliveries/{notification_id}/abandonment")
async def post_abandonment(
    uow: Uow, notification_id: UUID, body: AbandonmentBody | None = None
) -> DeliveryView:
    """No further attempt, for the delivery workflow only."""
    because = (body or AbandonmentBody()).reason
    return await abandon_delivery(uow, notification_id, because, uow.viewer)


def _answer(view: DeliveryView) -> DeliveryView | Response:
    """What came of an attempt is on the record in any case, so a refusal is answered, not raised."""
    if view.state is Delivery.SENT:
        return view
    if view.state is Delivery.WAITING:
        return problems.answer_to(Unavailable("The mail server does not answer."))
    refusals = {NO_ADDRESS: NoAddress, REFUSED: MailRefused}
    return problems.answer_to(refusals.get(view.reason or "", DeliveryEnded)())
