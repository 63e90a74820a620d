"""What the API takes and gives."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints, model_validator

from domain.channels import OTHERWISE, Channel, Preferences, Urgency
from domain.notifying import Delivery, Notification
from domain.quiet_hours import Quiet
from domain.vocabulary import NotificationKind, Role
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor

# One address, without a display name or anything that could end a header line.
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$",
    ),
]
# E.164: the country's code and the number.
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+[1-9][0-9]{6,14}$")]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
CHANNEL_KEYS = (
    *(each.value for each in NotificationKind),
    *(each.value for each in Urgency),
    OTHERWISE,
)
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class RecipientBody(RequestBody):
    """Where somebody is written to."""

    email: Email
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    phone: Phone | None = None


class RecipientView(BaseModel):
    """An address that is known to be bad is not written to until it is given anew."""

    staff_id: str
    email: str
    language: str
    phone: str | None = None
    email_is_bad: bool = False
    phone_is_bad: bool = False


class PreferencesBody(RequestBody):
    """How somebody wants to be told. Imminent danger to a child is told at any hour.

    `channels` by kind, by urgency (routine, pressing, imminent) or `otherwise`, in the order in which they are
    tried; an empty list means the application's list alone. `quiet_from` and `quiet_until` are of one's own clock.
    """

    channels: dict[str, list[Channel]] = Field(default_factory=dict)
    quiet: Quiet = Quiet.NEVER
    quiet_from: TimeOfDay | None = None
    quiet_until: TimeOfDay | None = None
    digest_hour: Annotated[int, Field(ge=0, le=23)] | None = None
    zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_+\-/0-9]{1,64}$")] | None = None
    acknowledge_by_link: bool = False

    @model_validator(mode="after")
    def _hours_are_given(self) -> Self:
        if self.quiet is Quiet.HOURS and (self.quiet_from is None or self.quiet_until is None):
            raise ValueError("Quiet hours need both quiet_from and quiet_until.")
        return self

    def wished(self) -> Preferences:
        return Preferences(
            channels={name: tuple(dict.fromkeys(each)) for name, each in self.channels.items()},
            quiet=self.quiet,
            quiet_from=_minutes(self.quiet_from),
            quiet_until=_minutes(self.quiet_until),
            digest_hour=self.digest_hour,
            zone=self.zone,
            acknowledge_by_link=self.acknowledge_by_link,
        )


class PreferencesView(BaseModel):
    staff_id: str
    channels: dict[str, list[Channel]]
    quiet: Quiet
    quiet_from: str | None
    quiet_until: str | None
    digest_hour: int | None
    zone: str | None
    acknowledge_by_link: bool

    @classmethod
    def of(cls, staff_id: str, wished: Preferences) -> "PreferencesView":
        return cls(
            staff_id=staff_id,
            channels={name: list(each) for name, each in wished.channels.items()},
            quiet=wished.quiet,
            quiet_from=_time_of_day(wished.quiet_from),
            quiet_until=_time_of_day(wished.quiet_until),
            digest_hour=wished.digest_hour,
            zone=wished.zone,
            acknowledge_by_link=wished.acknowledge_by_link,
        )


class DeliveriesBody(RequestBody):
    """Which messages; the workflow that asks keeps the list."""

    notification_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reason: ReasonCode = "no-answer"  # of an abandonment


class BounceBody(RequestBody):
    """What came back: by the message's id, or the whole report (RFC 3464) as `report`."""

    notification_id: UUID | None = None
    kind: Literal["hard", "soft"] | None = None
    report: Annotated[str, StringConstraints(max_length=500_000)] | None = None


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
    case_ref: str | None
    step: str
    step_title: str
    staff_id: str
    role: Role
    stand_in_for: Role | None
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
    items: list[NotificationView]
    next_cursor: NextCursor


class DeliveryView(BaseModel):
    """How far a message has come; it never says to which address. `not_before`: it is held until then."""

    notification_id: UUID
    state: Delivery
    attempts: int
    ended_at: AwareDatetime | None
    reason: str | None
    not_before: AwareDatetime | None = None

    @classmethod
    def of(cls, notification: Notification) -> "DeliveryView":
        return cls(
            notification_id=notification.id,
            state=notification.state,
            attempts=notification.attempts,
            ended_at=notification.ended_at,
            reason=notification.given_up_because,
            not_before=notification.not_before,
        )


class DeliveryList(BaseModel):
    deliveries: list[DeliveryView]


class ToldView(BaseModel):
    """Who was told of what and when, and what came of it."""

    notification_id: UUID
    case_ref: str | None
    kind: NotificationKind
    message: str
    step: str
    staff_id: str
    agency_id: str
    role: Role
    stand_in_for: Role | None
    deadline_id: UUID | None
    requested_at: AwareDatetime
    state: Delivery
    channel: str | None
    attempts: int
    ended_at: AwareDatetime | None
    given_up_because: str | None
    not_before: AwareDatetime | None
    acknowledged_by: str | None
    acknowledged_at: AwareDatetime | None

    @classmethod
    def of(cls, notification: Notification) -> "ToldView":
        names = cls.model_fields.keys() - {"notification_id"}
        told = {name: getattr(notification, name) for name in names}
        return cls(notification_id=notification.id, **told)


class ToldList(BaseModel):
    """Newest first."""

    items: list[ToldView]
    next_cursor: NextCursor


class FindingView(BaseModel):
    """A role that should have been told, and nobody holds."""

    case_ref: str | None
    agency_id: str
    role: Role
    step: str
    message: str
    found_at: AwareDatetime


class FindingList(BaseModel):
    """`awaiting_case` counts announcements of cases that are not known here yet."""

    items: list[FindingView]
    next_cursor: NextCursor
    awaiting_case: int


Part = Literal["all", "unacknowledged", "acknowledged"]


def _minutes(time_of_day: str | None) -> int | None:
    if time_of_day is None:
        return None
    hours, minutes = time_of_day.split(":")
    return int(hours) * 60 + int(minutes)


def _time_of_day(minutes: int | None) -> str | None:
    return None if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
