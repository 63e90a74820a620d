"""An invitation as a calendar file (RFC 5545, with the method of RFC 5546): ids, a title and instants only."""

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress

MEDIA_TYPE = "text/calendar"
_PRODUCT = "-//Throughline//Invitations//EN"


@dataclass(frozen=True, slots=True)
class Invitation:
    """`sequence` grows with every change of the same meeting; `id` stays. Instants are UTC."""

    id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    organizer: str  # an address of the platform, never of a person
    attendee: str  # a staff id
    is_cancelled: bool = False


def calendar_file(invitation: Invitation, written_at: datetime) -> bytes:
    """What a calendar imports: the meeting as it now stands, or its cancellation."""
    event = Event()
    event.add("uid", f"{invitation.id}@throughline")
    event.add("dtstamp", written_at)
    event.add("dtstart", invitation.starts_at)
    event.add("dtend", invitation.ends_at)
    event.add("summary", invitation.title)
    event.add("sequence", invitation.sequence)
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{invitation.organizer}"))
    event.add("attendee", vCalAddress(f"urn:throughline:staff:{invitation.attendee}"))
    file = Calendar()
    file.add("prodid", _PRODUCT)
    file.add("version", "2.0")
    file.add("method", "CANCEL" if invitation.is_cancelled else "REQUEST")
    file.add_component(event)
    return bytes(file.to_ical())
