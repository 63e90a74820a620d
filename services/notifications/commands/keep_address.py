"""Keeps where a member of staff is written to, and in which language."""

from domain.disclosure import Viewer
from domain.errors import Malformed
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.commands.letter import languages
from services.notifications.schemas import RecipientBody, RecipientView
from services.notifications.store import recipients
from services.notifications.store.recipients import Recipient


async def keep_address(
    uow: UnitOfWork, staff_id: str, body: RecipientBody, viewer: Viewer
) -> RecipientView:
    """By an administrator or oneself; raises Hidden, Malformed for a language nobody has written."""
    recipients.demand(uow, staff_id, viewer)
    if body.language not in languages():
        raise Malformed("Not a language we write.", field="language", allowed=languages())
    await recipients.save(uow, Recipient(staff_id, body.email, body.language), viewer)
    uow.audit("recipient.kept", staff_id)
    return RecipientView(staff_id=staff_id, email=body.email, language=body.language)
