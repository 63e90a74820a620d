"""One attempt to send an e-mail, or the end of attempts; the delivery workflow decides when.

A doubled message is possible at one place only: the server has accepted it and this process dies before the
commit, so that the next attempt sends it again. Its Message-ID follows from the notification, so it is recognised.
"""

from dataclasses import replace
from uuid import UUID

from prometheus_client import Counter

from contracts.events.notifications import NotificationGivenUp, NotificationSent
from domain import notifying
from domain.disclosure import Viewer
from domain.errors import Missing, Unavailable
from domain.notifying import Delivery, Notification
from infrastructure.mail import MailRefused, MailServer
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.letter import Letters
from services.notifications.schemas import DeliveryView
from services.notifications.store import directory, notifications, recipients

MAILS = Counter("notifications_mails", "Attempts to send an e-mail", ["outcome"])
NO_ADDRESS, REFUSED, SETTLED = "no-address", MailRefused.code, "duty-settled"


async def attempt_delivery(
    uow: UnitOfWork, notification_id: UUID, viewer: Viewer, letters: Letters, server: MailServer
) -> DeliveryView:
    """Sent, given up for good, or waiting still because the server is away. Sent or ended stays so."""
    notification = await notifications.load_for_delivery(uow, notification_id, viewer)
    if notification.state is not Delivery.WAITING:
        return DeliveryView.of(notification)
    if not notifying.still_worth_a_mail(notification):
        return await _give_up(uow, notification, SETTLED)
    try:
        recipient = await recipients.load(uow, notification.staff_id, viewer)
    except Missing:
        return await _give_up(uow, notification, NO_ADDRESS)
    zone = await directory.zone(uow, notification.agency_id)
    try:
        await server.deliver(letters.letter(notification, recipient, zone, uow.now))
    except MailRefused:
        return await _give_up(uow, notification, REFUSED)
    except Unavailable:
        return await _await_server(uow, notification)
    return await _note_sent(uow, notification)


async def abandon_delivery(
    uow: UnitOfWork, notification_id: UUID, because: str, viewer: Viewer
) -> DeliveryView:
    """No further attempt; what is in the application remains. Again, or once sent, it changes nothing."""
    notification = await notifications.load_for_delivery(uow, notification_id, viewer)
    if notification.state is not Delivery.WAITING:
        return DeliveryView.of(notification)
    return await _give_up(uow, notification, because)


async def _note_sent(uow: UnitOfWork, notification: Notification) -> DeliveryView:
    done = notifying.sent(notification, uow.now)
    await notifications.save(uow, done)
    MAILS.labels("sent").inc()
    uow.audit("notification.sent", done.case_ref)
    uow.emit(
        NotificationSent(
            case_ref=done.case_ref,
            at=uow.now,
            notification_id=done.id,
            staff_id=done.staff_id,
            attempts=done.attempts,
        )
    )
    return DeliveryView.of(done)


async def _give_up(uow: UnitOfWork, notification: Notification, because: str) -> DeliveryView:
    ended = notifying.give_up(notification, because, uow.now)
    await notifications.save(uow, ended)
    MAILS.labels(because).inc()
    uow.audit("notification.given-up", ended.case_ref)
    uow.emit(
        NotificationGivenUp(
            case_ref=ended.case_ref,
            at=uow.now,
            notification_id=ended.id,
            staff_id=ended.staff_id,
            attempts=ended.attempts,
            reason=because,
        )
    )
    return DeliveryView.of(ended)


async def _await_server(uow: UnitOfWork, notification: Notification) -> DeliveryView:
    tried = replace(notification, attempts=notification.attempts + 1)
    await notifications.save(uow, tried)
    MAILS.labels("server-away").inc()
    return DeliveryView.of(tried)
