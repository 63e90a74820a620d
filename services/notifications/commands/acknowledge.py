"""Somebody takes up what was announced; the owner of the deadline stops its ladder."""

from uuid import UUID

from contracts.events.notifications import NotificationAcknowledged
from domain import notifying
from domain.disclosure import Viewer
from domain.errors import Missing
from infrastructure.db import Database
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.schemas import NotificationView
from services.notifications.store import deliveries, notifications


async def acknowledge_notification(
    uow: UnitOfWork, notification_id: UUID, viewer: Viewer
) -> NotificationView:
    """By whoever was told, or somebody in charge there; again, it changes nothing. Raises Hidden."""
    before = await notifications.load(uow, notification_id, viewer)
    taken = notifying.acknowledge(before, viewer.staff_id, uow.now)
    uow.audit("notification.acknowledged", taken.about)
    if taken != before:
        await notifications.save_taken_up(uow, taken)
        if taken.case_ref and taken.deadline_id is not None and taken.owner is not None:
            uow.emit(
                NotificationAcknowledged(
                    case_ref=taken.case_ref,
                    at=uow.now,
                    notification_id=taken.id,
                    staff_id=viewer.staff_id,
                    deadline_id=taken.deadline_id,
                    owner=taken.owner,
                )
            )
    return NotificationView.of(taken)


async def acknowledge_by_link(db: Database, notification_id: UUID) -> bool:
    """By whoever was told, as the link that only she was sent says; False when nothing is known of it."""
    system = Viewer.system(db.service)
    try:
        async with db.transaction(system) as uow:
            told = await deliveries.load(uow, notification_id)
            uow.audit("notification.link-used", told.about)
    except Missing:
        return False
    recipient = Viewer(told.staff_id, told.agency_id, None, frozenset())
    async with db.transaction(recipient) as uow:
        await acknowledge_notification(uow, notification_id, recipient)
    return True
