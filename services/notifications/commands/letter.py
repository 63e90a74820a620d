"""What a message says: reference, step, moments, a link; no name, no narrative, no token but a link's own.

An e-mail has the same words twice, as plain text and as simple HTML; a text message has them in one line.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from domain.digest import Backlog
from domain.notifying import Notification
from infrastructure import links
from infrastructure.key_ring import SealError
from infrastructure.settings import Settings
from services.notifications.commands import invitation
from services.notifications.commands.wording import Wording, wording
from services.notifications.store.recipients import Recipient

_TEMPLATES = Path(__file__).parent.parent / "templates"
# A long subject stays on one line: folded, some readers show it with a gap. RFC 5322 allows 998.
_UNFOLDED = SMTP.clone(max_line_length=998)
_LONGEST_TEXT = 160  # characters of one SMS
_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message is filled with, in either form."""

    subject: str
    lines: Sequence[str]
    told: str
    link: str
    ref: str | None = None
    step: str | None = None
    acknowledge: str | None = None
    until: str = ""


class Letters:
    """Composes messages; `public_url` is where the links lead."""

    def __init__(self, settings: Settings) -> None:
        self._sender = settings.mail_from
        self._public_url = settings.public_url.rstrip("/")
        self._bounces = settings.bounce_address
        self._link_valid = timedelta(hours=_HOURS_A_DAY * settings.acknowledgement_days)
        self._pages = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=select_autoescape(),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def letter(
        self,
        notification: Notification,
        recipient: Recipient,
        zone: str | None,
        now: datetime,
        *,
        by_link: bool = False,
    ) -> EmailMessage:
        """Moments are given in `zone` (None: UTC); `by_link`: with a link that takes it up without signing in."""
        said, zone = wording(recipient.language), zone or "UTC"
        subject, lines = self._said(notification, said, zone)
        step = said.step(notification.step, notification.step_title)
        link = self._link(notification)
        shown = Shown(
            subject,
            lines,
            self._told(notification, said),
            link,
            notification.case_ref,
            step,
            self._acknowledgement(notification, now) if by_link else None,
            said.moment(now + self._link_valid, zone),
        )
        message = self._envelope(recipient, subject, now, self.message_id(notification))
        self._fill(message, said, shown)
        self._attach(message, notification, recipient, step, link)
        message["Content-Language"] = said.language
        return message

    def digest(
        self, backlog: Backlog, recipient: Recipient, now: datetime, key: str, *, away: bool = False
    ) -> EmailMessage:
        """Counts and a link; `key` is the recipient's and the day's."""
        said = wording(recipient.language)
        counts = {"fresh": backlog.fresh, "open": backlog.open, "overdue": backlog.overdue}
        lines = [said.count(f"digest.{name}", number) for name, number in counts.items() if number]
        if away:
            lines.insert(0, said.say("digest.away"))
        subject = said.count("digest.subject", backlog.open)
        message = self._envelope(recipient, subject, now, f"<digest-{key}@{self._host}>")
        link = f"{self._public_url}/inbox"
        self._fill(message, said, Shown(subject, lines, said.say("digest.link"), link))
        message["Content-Language"] = said.language
        return message

    def text(self, notification: Notification, language: str, zone: str | None) -> str:
        """One SMS: reference, what it is, the step as far as there is room, moment, link."""
        said = wording(language)
        what = said.say(f"messages.{notification.message}.short")
        head = f"{notification.case_ref}: {what}" if notification.case_ref else what
        moment = notification.meeting_at or notification.due_at
        tail = f", {said.short_moment(moment, zone or 'UTC')}" if moment else ""
        tail += f" {self._link(notification)}"
        step = f": {said.step(notification.step, notification.step_title)}"
        room = _LONGEST_TEXT - len(head) - len(tail)
        if len(step) > room:
            step = f"{step[: room - 1]}…" if room > len(": ") + 1 else ""
        return f"{head}{step}{tail}"

    def message_id(self, notification: Notification) -> str:
        """The same for every attempt, so that a message sent twice is recognised as one."""
        return f"<{notification.id}@{self._host}>"

    def envelope_sender(self, key: str) -> str:
        """Where what cannot be delivered comes back to; with a bounce address it says which message it was."""
        mailbox, _, host = self._bounces.partition("@")
        return f"{mailbox}+{key}@{host}" if host else self._sender

    @property
    def _host(self) -> str:
        return parseaddr(self._sender)[1].rpartition("@")[2]

    def _said(
        self, notification: Notification, said: Wording, zone: str
    ) -> tuple[str, Sequence[str]]:
        key = f"messages.{notification.message}"
        values = {
            "ref": notification.case_ref,
            "step": said.step(notification.step, notification.step_title),
            "due": said.moment(notification.due_at, zone),
            "meeting": said.moment(notification.meeting_at, zone),
        }
        lines = said.say(f"{key}.text", **values).splitlines()
        return said.say(f"{key}.subject", **values), lines

    def _told(self, notification: Notification, said: Wording) -> str:
        if notification.stand_in_for is not None:
            return said.say("told_for", role=said.role(notification.stand_in_for))
        return said.say("told_as", role=said.role(notification.role))

    def _envelope(
        self, recipient: Recipient, subject: str, now: datetime, message_id: str
    ) -> EmailMessage:
        message = EmailMessage(policy=_UNFOLDED)
        message["From"] = self._sender
        message["To"] = recipient.email
        message["Subject"] = subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        return message

    def _fill(self, message: EmailMessage, said: Wording, shown: Shown) -> None:
        head = [each for each in (shown.ref, shown.step) if each]
        plain = [*head, *([""] if head else []), *shown.lines, "", shown.told, shown.link, ""]
        by_link = said.say("by_link", until=shown.until) if shown.acknowledge else None
        if by_link and shown.acknowledge:
            plain += [by_link, shown.acknowledge, ""]
        message.set_content("\n".join([*plain, said.say("end")]))
        page = self._pages.get_template("mail.html").render(
            **asdict(shown),
            language=said.language,
            direction=said.direction,
            open=said.say("open"),
            by_link=by_link,
            take_up=said.say("take_up"),
            end=said.say("end"),
        )
        message.add_alternative(page, subtype="html")

    def _attach(
        self,
        message: EmailMessage,
        notification: Notification,
        recipient: Recipient,
        step: str,
        link: str,
    ) -> None:
        how = invitation.method(notification)
        if how is None:
            return
        sender = parseaddr(self._sender)[1]
        message.add_attachment(
            invitation.calendar(notification, step, link, sender, recipient.email),
            subtype="calendar",
            params={"method": how},
            filename="invitation.ics",
        )

    def _link(self, notification: Notification) -> str:
        if notification.message == "referral-link" and notification.subject_id is not None:
            expires = notification.due_at or notification.requested_at
            return links.address(notification.subject_id, expires)
        return f"{self._public_url}/inbox#{notification.id}"

    def _acknowledgement(self, notification: Notification, now: datetime) -> str | None:
        """None where the site has no keys for links: the list is the way then."""
        try:
            ring = links.link_ring()
        except SealError:
            return None
        token = links.sign(notification.id, now + self._link_valid, ring, links.ACKNOWLEDGEMENT)
        return f"{self._public_url}/acknowledge/{token}"
