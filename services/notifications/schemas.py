"""What the API takes and gives."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from domain.notifying import Delivery, Notification
from domain.vocabulary import NotificationKind, Role
from infrastructure.http import RequestBody

# One address, without a display name or anything that could end a header line.
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$",
    ),
]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class RecipientBody(RequestBody):
    """Where somebody is written to."""

    email: Email
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"


class RecipientView(BaseModel):
    staff_id: str
    email: str
    language: str


class AttemptBody(RequestBody):
    """Nothing needs to be said."""


class AbandonmentBody(RequestBody):
    """Why no further attempt is made."""

    reason: ReasonCode = "no-answer"


class NotificationView(BaseModel):
    """One notification, as whoever was told sees it."""

    notification_id: UUID
    kind: NotificationKind
    message: str
    case_ref: str
    step: str
    step_title: str
    staff_id: str
    role: Role
    deadline_id: UUID | None
    due_at: AwareDatetime | None
    meeting_at: AwareDatetime | None
    requested_at: AwareDatetime
    email: Delivery
    settled_at: AwareDatetime | None
    acknowledged_by: str | None
    acknowledged_at: AwareDatetime | None

    @classmethod
    def of(cls, notification: Notification) -> "NotificationView":
        same = cls.model_fields.keys() - {"notification_id", "email"}
        return cls(
            notification_id=notification.id,
            email=notification.state,
            **{name: getattr(notification, name) for name in same},
        )


class InboxView(BaseModel):
    """Unacknowledged first, each part newest first; `unacknowledged` counts all there are."""

    unacknowledged: int
    notifications: list[NotificationView]


class DeliveryView(BaseModel):
    """How far an e-mail has come; it never says to which address."""

    notification_id: UUID
    state: Delivery
    attempts: int
    ended_at: AwareDatetime | None
    reason: str | None

    @classmethod
    def of(cls, notification: Notification) -> "DeliveryView":
        return cls(
            notification_id=notification.id,
            state=notification.state,
            attempts=notification.attempts,
            ended_at=notification.ended_at,
            reason=notification.given_up_because,
        )


class FindingView(BaseModel):
    """A role that should have been told, and nobody holds."""

    case_ref: str
    agency_id: str
    role: Role
    step: str
    message: str
    found_at: AwareDatetime


class FindingList(BaseModel):
    """`awaiting_case` counts announcements of cases that are not known here yet."""

    findings: list[FindingView]
    awaiting_case: int


Part = Literal["all", "unacknowledged", "acknowledged"]
PageSize = Annotated[int, Field(ge=1, le=200)]
