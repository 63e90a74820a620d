"""Facts about who was told. Only services.notifications announces them; no address, no text."""

from typing import Annotated, ClassVar

from contracts.events.base import AgencyEvent, CaseEvent, Code, Count, Flag, Id, ShortId, classified
from domain.vocabulary import NotificationKind


class _Notification(CaseEvent):
    topic: ClassVar[str] = "notifications"
    notification_id: Id
    staff_id: ShortId


class NotificationRequested(_Notification):
    """Somebody must know; the delivery workflow sees it through."""

    type: ClassVar[str] = "notification.requested.v1"
    kind: Annotated[NotificationKind, classified("code")]
    step: Code
    deadline_id: Id | None


class NotificationSent(_Notification):
    type: ClassVar[str] = "notification.sent.v1"
    attempts: Count


class NotificationGivenUp(_Notification):
    type: ClassVar[str] = "notification.given-up.v1"
    attempts: Count
    reason: Code


class NotificationAcknowledged(_Notification):
    """Somebody has taken it up; the owner of the deadline stops its ladder."""

    type: ClassVar[str] = "notification.acknowledged.v1"
    deadline_id: Id
    owner: Code


class NotificationBounced(_Notification):
    """What was taken came back; a hard bounce closes the channel, and another one is tried if there is one."""

    type: ClassVar[str] = "notification.bounced.v1"
    channel: Code  # email, text
    hard: Flag


class AgencyNotificationRequested(AgencyEvent):
    """Somebody of an agency must know of something that concerns no case, such as an enquiry about places."""

    topic: ClassVar[str] = "notifications"
    type: ClassVar[str] = "notification.requested-of-agency.v1"
    notification_id: Id
    staff_id: ShortId
    kind: Annotated[NotificationKind, classified("code")]
    step: Code
