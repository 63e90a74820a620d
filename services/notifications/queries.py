"""What can be asked of notifications; every read is on the record."""

from domain import disclosure
from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.notifying import IN_CHARGE, Delivery
from domain.vocabulary import Role, Section
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.schemas import (
    FindingList,
    FindingView,
    InboxView,
    NotificationView,
    Part,
    PreferencesView,
    RecipientView,
    ToldList,
    ToldView,
)
from services.notifications.store import (
    awaiting,
    deliveries,
    directory,
    notifications,
    preferences,
    recipients,
)
from services.notifications.store.recipients import Recipient

_WATCH_ALL = (Role.OPERATIONS, Role.ADMINISTRATOR)


async def inbox(
    uow: UnitOfWork, viewer: Viewer, part: Part, cursor: str | None, limit: int
) -> InboxView:
    """The viewer's own."""
    acknowledged = None if part == "all" else part == "acknowledged"
    found, following = await notifications.inbox(
        uow, viewer, acknowledged=acknowledged, cursor=cursor, limit=limit
    )
    # One entry for the list: what is in it concerns nobody but its reader.
    uow.audit("inbox.read", viewer.staff_id)
    return InboxView(
        unacknowledged=await notifications.count_open(uow, viewer),
        items=[NotificationView.of(each) for each in found],
        next_cursor=following,
    )


async def recipient(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> RecipientView:
    found = await recipients.load(uow, staff_id, viewer)
    uow.stands_at(await recipients.version(uow, staff_id))
    uow.audit("recipient.read", staff_id)
    return recipient_view(found)


def recipient_view(found: Recipient) -> RecipientView:
    return RecipientView(
        staff_id=found.staff_id,
        email=found.email,
        language=found.language,
        phone=found.phone,
        email_is_bad=found.email_bad_at is not None,
        phone_is_bad=found.phone_bad_at is not None,
    )


async def wishes(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> PreferencesView:
    found = await preferences.load(uow, staff_id, viewer)
    uow.stands_at(await preferences.version(uow, staff_id))
    uow.audit("preferences.read", staff_id)
    return PreferencesView.of(staff_id, found)


async def told(
    uow: UnitOfWork, case_ref: str, viewer: Viewer, cursor: str | None, limit: int
) -> ToldList:
    """For those who may see the case's duties; raises Missing, or Hidden (answers alike)."""
    case = await directory.case(uow, case_ref)
    if case is None:
        raise Missing
    try:
        disclosure.demand_sight(viewer, case.custody, (Section.DEADLINES,))
    except Hidden:
        uow.audit("case.told-read", case_ref, outcome="hidden")
        raise
    uow.audit("case.told-read", case_ref)
    found, following = await notifications.of_case(uow, case_ref, cursor, limit)
    return ToldList(items=[ToldView.of(each) for each in found], next_cursor=following)


async def of_state(
    uow: UnitOfWork, viewer: Viewer, state: Delivery, cursor: str | None, limit: int
) -> ToldList:
    """What became of messages: all for operations; for those in charge, what concerned their own agency."""
    agency_id = watched_agency(viewer)
    uow.audit("deliveries.read", viewer.staff_id)
    found, following = await deliveries.in_state(uow, state, agency_id, cursor, limit)
    return ToldList(items=[ToldView.of(each) for each in found], next_cursor=following)


async def findings(uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int) -> FindingList:
    """All for operations; for those in charge, their own agency's; for anybody else nothing is there."""
    agency_id = watched_agency(viewer)
    found, following = await notifications.findings(uow, agency_id, cursor, limit)
    names = FindingView.model_fields
    return FindingList(
        items=[FindingView(**{name: getattr(each, name) for name in names}) for each in found],
        next_cursor=following,
        awaiting_case=await awaiting.count(uow),
    )


def watched_agency(viewer: Viewer) -> str | None:
    """None for those who watch all agencies; raises Hidden for whoever watches none."""
    if viewer.has(*_WATCH_ALL):
        return None
    if viewer.has(*IN_CHARGE):
        return viewer.agency_id
    raise Hidden


async def zone_of(uow: UnitOfWork, viewer: Viewer) -> str:
    """The time zone of the viewer's agency, in which moments are shown to her."""
    return await directory.zone(uow, viewer.agency_id) or "UTC"
