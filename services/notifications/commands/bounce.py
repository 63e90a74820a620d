"""What came back: the address is marked bad after a hard bounce, and another channel is tried.

Reports are read as RFC 3464 has them; which message it was stands in the envelope's sender (VERP), to which the
report was sent.
"""

import re
from dataclasses import replace
from email.message import Message
from email.parser import Parser
from uuid import UUID

from contracts.events.notifications import NotificationBounced
from domain import channels, notifying
from domain.channels import Channel
from domain.disclosure import Viewer
from domain.errors import Hidden, Malformed
from domain.notifying import Delivery, Notification
from domain.vocabulary import Risk, Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.deliver import say_ended
from services.notifications.commands.tell import request_delivery
from services.notifications.schemas import BounceBody, DeliveryView
from services.notifications.store import deliveries, preferences, recipients

BOUNCED = "bounced"
_MARK = re.compile(r"\+([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@")
_PERMANENT = "5"


async def take_bounce(uow: UnitOfWork, body: BounceBody, viewer: Viewer) -> DeliveryView:
    """By the mail gateway: system or integrator. Again, it changes nothing. Raises Hidden, Missing, Malformed."""
    if not viewer.has(Role.SYSTEM, Role.INTEGRATOR):
        raise Hidden
    notification_id, is_hard = _what(body)
    before = await deliveries.load(uow, notification_id)
    uow.audit("notification.bounced", before.about)
    channel = Channel(before.channel or Channel.EMAIL)
    if channel.value in before.failed_channels:
        return DeliveryView.of(before)
    _say(uow, before, channel, is_hard=is_hard)
    if not is_hard:
        return DeliveryView.of(before)
    await recipients.mark_bad(uow, before.staff_id, channel)
    if before.state is not Delivery.SENT:
        return DeliveryView.of(before)
    failed = notifying.failed_for_good(before, channel.value, BOUNCED)
    failed = replace(failed, attempts=before.attempts, bounced_at=uow.now)
    if not await _another_way(uow, failed):
        failed = notifying.give_up(failed, BOUNCED, uow.now)
    await deliveries.reopen(uow, failed)
    if failed.state is Delivery.GIVEN_UP:
        say_ended(uow, failed)
    elif failed.case_ref is None:
        request_delivery(uow, failed)
    return DeliveryView.of(failed)


async def _another_way(uow: UnitOfWork, failed: Notification) -> bool:
    """As the recipient wishes, of the ways that are left."""
    system = Viewer.system(uow.service)
    known = await recipients.load_many(uow, [failed.staff_id], system)
    told = (failed.staff_id, failed.agency_id)
    wished = (await preferences.wishes(uow, [told]))[told].preferences
    urgency = channels.urgency(failed, Risk.UNKNOWN, uow.now)
    wanted = channels.wanted(wished, failed.kind, urgency)
    reachable = known[failed.staff_id].reachable if known else frozenset()
    return any(each in reachable and each.value not in failed.failed_channels for each in wanted)


def _say(uow: UnitOfWork, bounced: Notification, channel: Channel, *, is_hard: bool) -> None:
    if bounced.case_ref is not None:
        uow.emit(
            NotificationBounced(
                case_ref=bounced.case_ref,
                at=uow.now,
                notification_id=bounced.id,
                staff_id=bounced.staff_id,
                channel=channel.value,
                hard=is_hard,
            )
        )


def _what(body: BounceBody) -> tuple[UUID, bool]:
    if body.report is not None:
        return read_report(body.report)
    if body.notification_id is None or body.kind is None:
        raise Malformed("Say which message and of which kind, or give the report.", field="report")
    return body.notification_id, body.kind == "hard"


def read_report(raw: str) -> tuple[UUID, bool]:
    """Which message, and whether it failed for good; raises Malformed."""
    report = Parser().parsestr(raw)
    marks = [
        found[1]
        for name in ("To", "Delivered-To", "X-Original-To")
        for found in [_MARK.search(str(report.get(name, "")))]
        if found
    ]
    if not marks:
        raise Malformed("The report does not say which message came back.", field="report")
    return UUID(marks[0]), _is_permanent(report)


def _is_permanent(report: Message) -> bool:
    """Failed, with a status of class 5; a delay is none. Without a readable status, it is taken as passing."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            if not isinstance(fields, Message):
                continue
            failed = str(fields.get("Action", "")).strip().lower() == "failed"
            if failed and str(fields.get("Status", "")).strip().startswith(_PERMANENT):
                return True
    return False
