"""Keeps where a member of staff is written to, in which language, by which way and when."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.disclosure import Viewer
from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.wording import languages
from services.notifications.schemas import (
    CHANNEL_KEYS,
    PreferencesBody,
    PreferencesView,
    RecipientBody,
    RecipientView,
)
from services.notifications.store import preferences, recipients
from services.notifications.store.recipients import Recipient


async def keep_address(
    uow: UnitOfWork, staff_id: str, body: RecipientBody, viewer: Viewer
) -> RecipientView:
    """By an administrator or oneself; raises Hidden, Malformed for a language nobody has written."""
    recipients.demand(uow, staff_id, viewer)
    if body.language not in languages():
        raise Malformed("Not a language we write.", field="language", allowed=languages())
    uow.stands_at(await recipients.version(uow, staff_id, lock=True))
    recipient = Recipient(staff_id, body.email, body.language, body.phone)
    await recipients.save(uow, recipient, viewer)
    uow.stands_at(await recipients.version(uow, staff_id))
    uow.audit("recipient.kept", staff_id)
    return RecipientView(
        staff_id=staff_id, email=body.email, language=body.language, phone=body.phone
    )


async def keep_preferences(
    uow: UnitOfWork, staff_id: str, body: PreferencesBody, viewer: Viewer
) -> PreferencesView:
    """By an administrator or oneself; raises Hidden, Malformed."""
    recipients.demand(uow, staff_id, viewer)
    if unknown := body.channels.keys() - set(CHANNEL_KEYS):
        raise Malformed(
            "Not a kind or an urgency.", field=f"channels.{min(unknown)}", allowed=CHANNEL_KEYS
        )
    _demand_zone(body.zone)
    uow.stands_at(await preferences.version(uow, staff_id, lock=True))
    wished = body.wished()
    await preferences.save(uow, staff_id, wished, viewer)
    uow.stands_at(await preferences.version(uow, staff_id))
    uow.audit("preferences.kept", staff_id)
    return PreferencesView.of(staff_id, wished)


def _demand_zone(zone: str | None) -> None:
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Malformed("Not an IANA time zone, such as Africa/Kampala.", field="zone") from None
