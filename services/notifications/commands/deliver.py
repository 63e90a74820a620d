"""One attempt to send a batch of messages, or the end of attempts; the mailbox workflow decides when.

Nothing is held open while a server is spoken to: what is sent is chosen in one transaction, and what became of it
is written in another. A doubled message is possible where this process dies between the two, or where a server
takes a message and its answer is lost: then it is sent again, with the same Message-ID or idempotency key.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from prometheus_client import Counter

from contracts.events.notifications import NotificationGivenUp, NotificationSent
from domain import channels, notifying
from domain.channels import Channel, Decision, Way
from domain.disclosure import Viewer
from domain.errors import Missing
from domain.notifying import Delivery, Notification
from domain.vocabulary import Risk
from infrastructure.db import Database
from infrastructure.mail import MailRefused
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.post import AWAY, Errand, Post
from services.notifications.schemas import DeliveryView
from services.notifications.store import deliveries, preferences, recipients
from services.notifications.store.preferences import Wishes
from services.notifications.store.recipients import Recipient

MAILS = Counter("notifications_mails", "Attempts to send a message", ["outcome"])
NO_ADDRESS, REFUSED, SETTLED = channels.NO_ADDRESS, MailRefused.code, channels.SETTLED
_ENDS = {Way.DIGEST: Delivery.DIGEST, Way.LIST: Delivery.LIST}


async def attempt_deliveries(
    db: Database, viewer: Viewer, ids: Sequence[UUID], post: Post
) -> list[DeliveryView]:
    """Where each stands now; one that is not known is left out. What was sent or ended before stays so."""
    async with db.transaction(viewer) as uow:
        errands, known = await _weigh(uow, ids, viewer, post.channels)
        now = uow.now
    if errands:
        outcomes = await post.carry_all(errands, now)
        async with db.transaction(viewer) as uow:
            ended = [_after(each, outcomes[each], uow) for each in errands]
            await _write(uow, ended)
        known += ended
    return [DeliveryView.of(each) for each in known]


async def attempt_delivery(
    db: Database, viewer: Viewer, notification_id: UUID, post: Post
) -> DeliveryView:
    """As `attempt_deliveries`, of one; raises Missing or Hidden."""
    found = await attempt_deliveries(db, viewer, [notification_id], post)
    if not found:
        raise Missing
    return found[0]


async def abandon_deliveries(
    uow: UnitOfWork, ids: Sequence[UUID], because: str, viewer: Viewer
) -> list[DeliveryView]:
    """No further attempt; what is in the application remains. Again, or once sent, it changes nothing."""
    waiting, others = await deliveries.take(uow, ids, viewer)
    ended = [notifying.give_up(each, because, uow.now) for each in waiting]
    await _write(uow, ended)
    return [DeliveryView.of(each) for each in (*ended, *others)]


async def abandon_delivery(
    uow: UnitOfWork, notification_id: UUID, because: str, viewer: Viewer
) -> DeliveryView:
    """As `abandon_deliveries`, of one; raises Missing or Hidden."""
    found = await abandon_deliveries(uow, [notification_id], because, viewer)
    if not found:
        raise Missing
    return found[0]


def say_ended(uow: UnitOfWork, notification: Notification) -> None:
    """What concerns no case is audited under its agency, and not said on the bus."""
    if notification.state is Delivery.SENT:
        _say_sent(uow, notification)
    elif notification.state is Delivery.GIVEN_UP:
        _say_given_up(uow, notification)


async def _weigh(
    uow: UnitOfWork, ids: Sequence[UUID], viewer: Viewer, site: frozenset[Channel]
) -> tuple[list[Errand], list[Notification]]:
    """What is to be sent now, and all others as they stand, on the record."""
    ours, others = await deliveries.take(uow, ids, viewer)
    staff = sorted({each.staff_id for each in ours})
    known = await recipients.load_many(uow, staff, viewer)
    wished = await preferences.wishes(uow, [(each.staff_id, each.agency_id) for each in ours])
    risks = await deliveries.risks(uow, [each.case_ref for each in ours])
    errands, ended = [], []
    for each in ours:
        wishes = wished[each.staff_id, each.agency_id]
        recipient = known.get(each.staff_id)
        risk = risks.get(each.case_ref, Risk.UNKNOWN)
        decision = _decision(uow, each, wishes, recipient, risk, site)
        if decision.channel is not None and recipient is not None:
            by_link = wishes.preferences.acknowledge_by_link
            errands.append(
                Errand(
                    each, recipient, decision.channel, wishes.zone, by_link, decision.another_way
                )
            )
        else:
            ended.append(_without_sending(uow, each, decision))
    await _write(uow, ended)
    return errands, [*others, *ended]


def _decision(
    uow: UnitOfWork,
    notification: Notification,
    wishes: Wishes,
    recipient: Recipient | None,
    risk: Risk,
    site: frozenset[Channel],
) -> Decision:
    until = channels.quiet_ends(wishes.preferences, wishes.spans, wishes.zone, uow.now)
    reachable = recipient.reachable & site if recipient else frozenset()
    urgency = channels.urgency(notification, risk, uow.now)
    return channels.decide(notification, wishes.preferences, urgency, reachable, until)


def _without_sending(
    uow: UnitOfWork, notification: Notification, decision: Decision
) -> Notification:
    if decision.way is Way.HOLD:
        return replace(notification, not_before=decision.not_before)
    if decision.way is Way.GIVE_UP:
        return notifying.give_up(notification, decision.because or NO_ADDRESS, uow.now)
    return replace(notification, state=_ENDS[decision.way], not_before=None)


def _after(errand: Errand, outcome: str | None, uow: UnitOfWork) -> Notification:
    notification, channel = errand.notification, errand.channel
    if outcome is None:
        return notifying.sent(notification, uow.now, channel.value)
    if outcome == AWAY:
        return replace(notification, attempts=notification.attempts + 1)
    failed = notifying.failed_for_good(notification, channel.value, outcome)
    return failed if errand.another_way else notifying.give_up(failed, outcome, uow.now)


async def _write(uow: UnitOfWork, ended: Sequence[Notification]) -> None:
    for each in await deliveries.save(uow, ended):
        MAILS.labels(_outcome(each)).inc()
        say_ended(uow, each)


def _outcome(notification: Notification) -> str:
    if notification.state is Delivery.GIVEN_UP:
        return notification.given_up_because or NO_ADDRESS
    if notification.state is Delivery.WAITING:
        return "held" if notification.not_before else AWAY
    return notification.state.value


def _say_sent(uow: UnitOfWork, notification: Notification) -> None:
    uow.audit("notification.sent", notification.about)
    if notification.case_ref is not None:
        uow.emit(
            NotificationSent(
                case_ref=notification.case_ref,
                at=uow.now,
                notification_id=notification.id,
                staff_id=notification.staff_id,
                attempts=notification.attempts,
            )
        )


def _say_given_up(uow: UnitOfWork, notification: Notification) -> None:
    uow.audit("notification.given-up", notification.about)
    if notification.case_ref is not None:
        uow.emit(
            NotificationGivenUp(
                case_ref=notification.case_ref,
                at=uow.now,
                notification_id=notification.id,
                staff_id=notification.staff_id,
                attempts=notification.attempts,
                reason=notification.given_up_because or NO_ADDRESS,
            )
        )
