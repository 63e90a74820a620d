"""The way to the mail server: one message, accepted or not; nothing of it is logged."""

from email.message import EmailMessage

import aiosmtplib

from domain.errors import Refusal, Unavailable
from infrastructure.settings import Settings

_PERMANENT = 500  # SMTP's answers from here on are for good (RFC 5321, 4.2.1)
_WITHIN = 5.0


class MailRefused(Refusal):
    """The mail server will not take a message to this address."""

    code = "mail-refused"


class MailServer:
    """Raises Unavailable when it is away or asks to come again, MailRefused when it never will."""

    def __init__(self, settings: Settings) -> None:
        self._host, self._port = settings.smtp_host, settings.smtp_port

    async def deliver(self, message: EmailMessage) -> None:
        """Returns once the server has taken responsibility for the message, folded as its policy says."""
        try:
            await aiosmtplib.send(
                message.as_bytes(),
                sender=str(message["From"]),
                recipients=[str(message["To"])],
                hostname=self._host,
                port=self._port,
                timeout=_WITHIN,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            codes = [each.code for each in refused.recipients]
            _raise_for(min(codes, default=0))
        except aiosmtplib.SMTPResponseException as refused:
            _raise_for(refused.code)
        except (aiosmtplib.SMTPException, OSError):
            raise Unavailable("The mail server does not answer.") from None


def _raise_for(code: int) -> None:
    # From None: the server's own sentence may quote the address.
    if code >= _PERMANENT:
        raise MailRefused from None
    raise Unavailable("The mail server asks to come again later.") from None
