"""Somebody takes up what was announced; the owner of the deadline stops its ladder."""

from uuid import UUID

from contracts.events.notifications import NotificationAcknowledged
from domain import notifying
from domain.disclosure import Viewer
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.schemas import NotificationView
from services.notifications.store import notifications


async def acknowledge_notification(
    uow: UnitOfWork, notification_id: UUID, viewer: Viewer
) -> NotificationView:
    """By whoever was told, or somebody in charge there; again, it changes nothing. Raises Hidden."""
    before = await notifications.load(uow, notification_id, viewer)
    taken = notifying.acknowledge(before, viewer.staff_id, uow.now)
    uow.audit("notification.acknowledged", taken.case_ref)
    if taken != before:
        await notifications.save(uow, taken)
        if taken.deadline_id is not None and taken.owner is not None:
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
