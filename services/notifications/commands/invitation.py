"""The calendar entry of an invitation (RFC 5545, 5546): reference, step, moment, link; nobody is named.

The UID stays the meeting's own and SEQUENCE grows with every new date, so that a calendar moves its entry instead
of keeping two. The address it is sent to stands in it, as in the message itself: calendars ask for it.
"""

from datetime import timedelta

from icalendar import Calendar, Event, vCalAddress

from domain.notifying import Notification

_METHODS = {
    "invitation": "REQUEST",
    "meeting-called": "REQUEST",
    "meeting-moved": "REQUEST",
    "meeting-cancelled": "CANCEL",
}
_LENGTH = timedelta(minutes=60)  # how long it takes is not on the record


def method(notification: Notification) -> str | None:
    """REQUEST, CANCEL, or None when there is nothing for a calendar in it."""
    if notification.subject_id is None or notification.meeting_at is None:
        return None
    return _METHODS.get(notification.message)


def calendar(
    notification: Notification, title: str, link: str, organizer: str, attendee: str
) -> str:
    """Only for a notification that has a method."""
    how = method(notification)
    entry = Event()
    entry.add("uid", f"{notification.subject_id}@throughline")
    entry.add("sequence", notification.sequence or 0)
    entry.add("dtstamp", notification.requested_at)
    entry.add("dtstart", notification.meeting_at)
    entry.add("duration", _LENGTH)
    entry.add("summary", f"{notification.case_ref}: {title}")
    entry.add("url", link)
    entry.add("class", "PRIVATE")
    entry.add("status", "CANCELLED" if how == "CANCEL" else "CONFIRMED")
    entry.add("organizer", vCalAddress(f"mailto:{organizer}"))
    entry.add("attendee", vCalAddress(f"mailto:{attendee}"))
    whole = Calendar()
    whole.add("prodid", "-//Throughline//Notifications//EN")
    whole.add("version", "2.0")
    whole.add("method", how)
    whole.add_component(entry)
    return str(whole.to_ical().decode())
