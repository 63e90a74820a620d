"""What an e-mail says: reference, step, moments, a link; no name, no narrative, no token.

A language is a folder of templates: the first line is the subject, the rest the text. A wording that a language
lacks is taken from English.
"""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.notifying import Notification
from infrastructure.settings import Settings
from services.notifications.store.recipients import Recipient

FALLBACK = "en"
_TEMPLATES = Path(__file__).parent.parent / "templates"
_SUBJECT = "Subject: "
# A long subject stays on one line: folded, some readers show it with a gap. RFC 5322 allows 998.
_UNFOLDED = SMTP.clone(max_line_length=998)


def languages() -> list[str]:
    return sorted(each.name for each in _TEMPLATES.iterdir() if each.is_dir())


class Letters:
    """Composes messages; `public_url` is where the links lead."""

    def __init__(self, settings: Settings) -> None:
        self._sender = settings.mail_from
        self._public_url = settings.public_url.rstrip("/")
        self._wordings = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text, and only ids, codes and instants stand in it
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def letter(
        self, notification: Notification, recipient: Recipient, zone: str | None, now: datetime
    ) -> EmailMessage:
        """Moments are given in the recipient's agency's `zone` (None: UTC)."""
        subject, text = self._worded(notification, recipient.language, zone or "UTC")
        message = EmailMessage(policy=_UNFOLDED)
        message["From"] = self._sender
        message["To"] = recipient.email
        message["Subject"] = subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = self.message_id(notification)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message

    def message_id(self, notification: Notification) -> str:
        """The same for every attempt, so that a message sent twice is recognised as one."""
        host = parseaddr(self._sender)[1].rpartition("@")[2]
        return f"<{notification.id}@{host}>"

    def _worded(self, notification: Notification, language: str, zone: str) -> tuple[str, str]:
        names = [f"{each}/{notification.message}.txt" for each in (language, FALLBACK)]
        whole = self._wordings.select_template(names).render(
            case_ref=notification.case_ref,
            step=notification.step_title,
            role=notification.role.value.replace("-", " "),
            due=_in_zone(notification.due_at, zone),
            meeting=_in_zone(notification.meeting_at, zone),
            link=f"{self._public_url}/inbox#{notification.id}",
        )
        subject, _, text = whole.partition("\n")
        return subject.removeprefix(_SUBJECT).strip(), text.lstrip("\n")


def _in_zone(moment: datetime | None, zone: str) -> str | None:
    """`Monday 1 March 2027, 09:00 (Europe/Berlin)`."""
    if moment is None:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({zone})"
