"""By which way, and when, a recipient is told: urgency, preferences, quiet hours, digest.

What is in the application's list is there at once in any case. A child in imminent danger is told of at any hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.notifying import Notification, still_worth_a_mail
from domain.quiet_hours import Quiet, Span, night_ends, work_begins
from domain.vocabulary import NotificationKind, Risk

SETTLED, NO_ADDRESS = "duty-settled", "no-address"
OTHERWISE = "otherwise"
# What only informs; all else asks for something, or says that something is late.
_INFORMS = frozenset(
    {
        "reminder", "opened", "referral-rejected", "referral-resumed", "referral-on-hold",
        "transfer-accepted", "transfer-withdrawn", "capacity-answered", "review-postponed",
        "feedback-received",
    }
)  # fmt: skip


class Channel(StrEnum):
    """A way out of the application."""

    EMAIL = "email"
    TEXT = "text"  # SMS or chat, through the site's gateway


class Urgency(StrEnum):
    ROUTINE = "routine"
    PRESSING = "pressing"
    IMMINENT = "imminent"


@dataclass(frozen=True, slots=True)
class Preferences:
    """`channels` by kind, by urgency or `otherwise`, in the order in which they are tried; none: the list only."""

    channels: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)
    quiet: Quiet = Quiet.NEVER
    quiet_from: int | None = None  # minutes of the recipient's day
    quiet_until: int | None = None
    digest_hour: int | None = None
    acknowledge_by_link: bool = False
    zone: str | None = None


class Way(StrEnum):
    """What is done now about one notification."""

    SEND = "send"
    HOLD = "hold"
    DIGEST = "digest"
    LIST = "list"
    GIVE_UP = "give-up"


@dataclass(frozen=True, slots=True)
class Decision:
    way: Way
    channel: Channel | None = None
    not_before: datetime | None = None
    because: str | None = None
    another_way: bool = False  # is left, should this channel be closed


def urgency(notification: Notification, risk: Risk, now: datetime) -> Urgency:
    if risk is Risk.IMMINENT:
        return Urgency.IMMINENT
    due = notification.due_at
    # A reminder of something due before the next digest could come too late in it.
    is_near = due is not None and (due - now).days < 1
    if notification.message in _INFORMS and not is_near:
        return Urgency.ROUTINE
    return Urgency.PRESSING


def wanted(
    preferences: Preferences, kind: NotificationKind, how_urgent: Urgency
) -> tuple[Channel, ...]:
    """Imminent danger first, then what is said of the kind, of the urgency, and otherwise; else e-mail."""
    kinds = (kind.value, how_urgent.value)
    order = kinds[::-1] if how_urgent is Urgency.IMMINENT else kinds
    for name in (*order, OTHERWISE):
        if name in preferences.channels:
            return preferences.channels[name]
    return (Channel.EMAIL,)


def quiet_ends(
    preferences: Preferences, spans: tuple[Span, ...], zone: str, now: datetime
) -> datetime | None:
    """The instant (UTC) until which the recipient is not disturbed; None: now is as good as ever."""
    if preferences.quiet is Quiet.OUTSIDE_WORKING_HOURS:
        return work_begins(now, zone, spans)
    begins, ends = preferences.quiet_from, preferences.quiet_until
    if preferences.quiet is Quiet.HOURS and begins is not None and ends is not None:
        return night_ends(now, zone, begins, ends)
    return None


def decide(
    notification: Notification,
    preferences: Preferences,
    how_urgent: Urgency,
    reachable: frozenset[Channel],
    until: datetime | None,
) -> Decision:
    """`reachable` are the channels with an address that is not known to be bad; `until` when quiet ends."""
    if not still_worth_a_mail(notification):
        return Decision(Way.GIVE_UP, because=SETTLED)
    channels = wanted(preferences, notification.kind, how_urgent)
    if not channels:
        return Decision(Way.LIST)
    if preferences.digest_hour is not None and how_urgent is Urgency.ROUTINE:
        return Decision(Way.DIGEST)
    if until is not None and how_urgent is not Urgency.IMMINENT:
        return Decision(Way.HOLD, not_before=until)
    left = [
        each
        for each in channels
        if each in reachable and each.value not in notification.failed_channels
    ]
    if left:
        return Decision(Way.SEND, left[0], another_way=len(left) > 1)
    return Decision(Way.GIVE_UP, because=notification.given_up_because or NO_ADDRESS)
