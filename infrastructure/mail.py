"""The way to the mail server: connections are kept, one message at a time on each; nothing of it is logged."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib

from domain.errors import Refusal, Unavailable
from infrastructure.settings import Settings

_PERMANENT = 500  # SMTP's answers from here on are for good (RFC 5321, 4.2.1)
_WITHIN = 5.0
_AT_ONCE = 8
# A connection that rested longer is asked whether it still stands; one that rested very long is given up.
_ASK_AFTER, _LEAVE_AFTER = 2.0, 60.0


class MailRefused(Refusal):
    """The mail server will not take a message to this address."""

    code = "mail-refused"


@dataclass(slots=True)
class _Kept:
    client: aiosmtplib.SMTP
    rested_since: float


class MailServer:
    """Raises Unavailable when it is away or asks to come again, MailRefused when it never will."""

    def __init__(self, settings: Settings) -> None:
        self._host, self._port = settings.smtp_host, settings.smtp_port
        self._resting: list[_Kept] = []
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def deliver(self, message: EmailMessage, sender: str | None = None) -> None:
        """Returns once the server has taken responsibility for the message, folded as its policy says."""
        async with self._at_once:
            client = await self._connected()
            try:
                await client.sendmail(
                    sender or str(message["From"]), [str(message["To"])], message.as_bytes()
                )
            except aiosmtplib.SMTPRecipientsRefused as refused:
                self._rest(client)
                _raise_for(min((each.code for each in refused.recipients), default=0))
            except aiosmtplib.SMTPResponseException as refused:
                self._rest(client)
                _raise_for(refused.code)
            except (aiosmtplib.SMTPException, OSError):
                # Perhaps it was taken: sent again, it has the same Message-ID.
                client.close()
                raise Unavailable("The mail server does not answer.") from None
            except BaseException:
                client.close()  # given up half-way: nobody else may go on with this conversation
                raise
            self._rest(client)

    async def close(self) -> None:
        while self._resting:
            await _part(self._resting.pop().client)

    async def _connected(self) -> aiosmtplib.SMTP:
        while self._resting:
            kept = self._resting.pop()
            if await _still_stands(kept):
                return kept.client
            kept.client.close()
        client = aiosmtplib.SMTP(hostname=self._host, port=self._port, timeout=_WITHIN)
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError):
            client.close()
            raise Unavailable("The mail server does not answer.") from None
        return client

    def _rest(self, client: aiosmtplib.SMTP) -> None:
        if client.is_connected:
            self._resting.append(_Kept(client, time.monotonic()))


async def _still_stands(kept: _Kept) -> bool:
    rested = time.monotonic() - kept.rested_since
    if not kept.client.is_connected or rested > _LEAVE_AFTER:
        return False
    if rested < _ASK_AFTER:
        return True
    try:
        await kept.client.noop()
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def _part(client: aiosmtplib.SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit()
    client.close()


def _raise_for(code: int) -> None:
    # From None: the server's own sentence may quote the address.
    if code >= _PERMANENT:
        raise MailRefused from None
    raise Unavailable("The mail server asks to come again later.") from None
