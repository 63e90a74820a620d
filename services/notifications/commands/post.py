"""The ways out of the house: composed letters are carried by e-mail or by the site's gateway for SMS and chat."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from weakref import WeakKeyDictionary

import structlog

from domain.channels import Channel
from domain.errors import Unavailable
from domain.notifying import Notification
from infrastructure.db import Database
from infrastructure.mail import MailRefused, MailServer
from infrastructure.settings import Settings
from infrastructure.text_gateway import TextGateway, TextRefused
from services.notifications.commands.letter import Letters
from services.notifications.store.recipients import Recipient

AWAY = "server-away"
_WITHIN = 15.0  # well within a lease, and before the worker gives the request up
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Errand:
    """One message, to one recipient, by one channel."""

    notification: Notification
    recipient: Recipient
    channel: Channel
    zone: str
    by_link: bool = False
    another_way: bool = False  # is left, should this one be closed


class Post:
    """Keeps its connections from one batch to the next; `close` parts from them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.letters = Letters(settings)
        self._mail = MailServer(settings)
        self._gateway = TextGateway(settings)

    @property
    def channels(self) -> frozenset[Channel]:
        """What the site has at all."""
        return frozenset(Channel) if self._gateway.is_there else frozenset({Channel.EMAIL})

    async def carry_all(self, errands: Sequence[Errand], now: datetime) -> dict[Errand, str | None]:
        """By errand None when it was taken, else AWAY or why it never will be; each recipient's in order.

        What a slow server has not taken within the lease counts as AWAY.
        """
        by_recipient: dict[str, list[Errand]] = defaultdict(list)
        for each in errands:
            by_recipient[each.notification.staff_id].append(each)
        outcomes: dict[Errand, str | None] = {}

        async def carry(mine: list[Errand]) -> None:
            for each in mine:
                outcomes[each] = await self._carry_safely(each, now)

        carrying = [asyncio.create_task(carry(mine)) for mine in by_recipient.values()]
        await end_within(carrying, _WITHIN)
        return {each: outcomes.get(each, AWAY) for each in errands}

    async def carry_letter(self, letter: EmailMessage, key: str) -> str | None:
        """As `carry_all`, for an e-mail that is composed already; `key` marks its envelope."""
        try:
            await self._mail.deliver(letter, self.letters.envelope_sender(key))
        except MailRefused as refused:
            return refused.code
        except Unavailable:
            return AWAY
        return None

    async def close(self) -> None:
        await self._mail.close()
        await self._gateway.close()

    async def _carry_safely(self, errand: Errand, now: datetime) -> str | None:
        """A message that cannot be composed holds up no other of its batch."""
        try:
            return await self._carry(errand, now)
        except Exception as failure:
            log.error(
                "message not composed",
                notification_id=str(errand.notification.id),
                code=type(failure).__name__,
            )
            return AWAY

    async def _carry(self, errand: Errand, now: datetime) -> str | None:
        notification, recipient = errand.notification, errand.recipient
        if errand.channel is Channel.EMAIL:
            letter = self.letters.letter(
                notification, recipient, errand.zone, now, by_link=errand.by_link
            )
            return await self.carry_letter(letter, str(notification.id))
        text = self.letters.text(notification, recipient.language, errand.zone)
        try:
            await self._gateway.deliver(recipient.phone or "", text, str(notification.id))
        except TextRefused as refused:
            return refused.code
        except Unavailable:
            return AWAY
        return None


async def end_within(tasks: Sequence["asyncio.Task[None]"], seconds: float) -> None:
    """Those that take longer are ended."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for each in late:
        each.cancel()
    await asyncio.gather(*late, return_exceptions=True)


_KEPT: WeakKeyDictionary[Database, Post] = WeakKeyDictionary()


def post_of(db: Database) -> Post:
    """The one of this database, so that requests and the digests share its connections."""
    kept = _KEPT.get(db)
    if kept is None or kept.settings is not db.settings:
        kept = _KEPT[db] = Post(db.settings)
    return kept


async def close_post(db: Database) -> None:
    kept = _KEPT.pop(db, None)
    if kept is not None:
        await kept.close()
