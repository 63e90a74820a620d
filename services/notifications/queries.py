"""What can be asked of notifications; every read is on the record."""

from uuid import UUID

from domain.disclosure import Viewer
from domain.errors import Hidden
from domain.notifying import IN_CHARGE, Notification
from domain.vocabulary import Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.schemas import (
    FindingList,
    FindingView,
    InboxView,
    NotificationView,
    Part,
    RecipientView,
)
from services.notifications.store import awaiting, directory, notifications, recipients

_WATCH_ALL = (Role.OPERATIONS, Role.ADMINISTRATOR)


async def inbox(
    uow: UnitOfWork, viewer: Viewer, part: Part, limit: int, before: UUID | None
) -> InboxView:
    """The viewer's own; `before` pages on within one part."""
    found: list[Notification] = []
    for acknowledged, name in ((False, "unacknowledged"), (True, "acknowledged")):
        if part in ("all", name) and len(found) < limit:
            found += await notifications.inbox(
                uow,
                viewer,
                acknowledged=acknowledged,
                limit=limit - len(found),
                before=before,
            )
    # One entry for the list: what is in it concerns nobody but its reader.
    uow.audit("inbox.read", viewer.staff_id)
    return InboxView(
        unacknowledged=await notifications.count_open(uow, viewer),
        notifications=[NotificationView.of(each) for each in found],
    )


async def recipient(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> RecipientView:
    found = await recipients.load(uow, staff_id, viewer)
    uow.audit("recipient.read", staff_id)
    return RecipientView(staff_id=staff_id, email=found.email, language=found.language)


async def findings(uow: UnitOfWork, viewer: Viewer, limit: int) -> FindingList:
    """All for operations; for those in charge, their own agency's; for anybody else nothing is there."""
    if viewer.has(*_WATCH_ALL):
        agency_id = None
    elif viewer.has(*IN_CHARGE):
        agency_id = viewer.agency_id
    else:
        raise Hidden
    found = await notifications.findings(uow, agency_id, limit)
    names = FindingView.model_fields
    return FindingList(
        findings=[FindingView(**{name: getattr(each, name) for name in names}) for each in found],
        awaiting_case=await awaiting.count(uow),
    )


async def zone_of(uow: UnitOfWork, viewer: Viewer) -> str:
    """The time zone of the viewer's agency, in which moments are shown to her."""
    return await directory.zone(uow, viewer.agency_id) or "UTC"
