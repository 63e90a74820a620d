"""Case conferences and planning meetings: who calls and leads them, and what is recorded of them.

A conference is led by somebody independent of the case, as a review is; a planning meeting may be led by its own
people. Source: practice.md, step 4 (planning meetings) and step 5 (case conferences).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.chairing import Colleague, demand_independence
from domain.disclosure import Custody, Viewer
from domain.errors import Hidden, Refusal
from domain.meeting_states import Happening, MeetingState, meeting_after
from domain.minutes import Minutes, demand_ahead, demand_sound
from domain.policy import Pack

STEP = "meeting"
RECORD_WITHIN = "record-meeting-within"
LENGTH = "meeting-length"


class CaseNotOpen(Refusal):
    """Nobody is called together on a case that is closed."""

    code = "case-not-open"


class MeetingKind(StrEnum):
    """Why agencies and family come together outside the rhythm of reviews."""

    CONFERENCE = "conference"
    PLANNING = "planning"


class CancelReason(StrEnum):
    """Why a meeting does not take place."""

    NOT_NEEDED = "not-needed"
    CHILD_OR_FAMILY_DECLINES = "child-or-family-declines"
    NOBODY_AVAILABLE = "nobody-available"
    CASE_CLOSED = "case-closed"
    OTHER = "other"


class MoveReason(StrEnum):
    """Why a meeting has another date, leader or circle."""

    CHILD_OR_FAMILY_UNABLE = "child-or-family-unable"
    STAFF_UNABLE = "staff-unable"
    REPORTS_MISSING = "reports-missing"
    OTHERS_INVITED = "others-invited"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Meeting:
    """`sequence` counts the changes of date, leader or participants; instants are UTC."""

    id: UUID
    case_ref: str
    kind: MeetingKind
    policy: str
    called_by: str
    called_at: datetime
    chair_id: str
    participants: tuple[str, ...]
    meeting_at: datetime
    state: MeetingState = MeetingState.CALLED
    sequence: int = 0
    recorded: Minutes | None = None
    purpose: str | None = None  # None: the viewer may not read it


def demand_leader(kind: MeetingKind, leader: Colleague | None, custody: Custody) -> None:
    """Raises ChairNotIndependent, unless the case's own people lead a planning meeting."""
    own = (custody.caseworker_id, custody.supervisor_id)
    if kind is MeetingKind.PLANNING and leader is not None and leader.staff_id in own:
        return
    demand_independence(leader, custody)


def demand_changer(meeting: Meeting, viewer: Viewer, custody: Custody) -> None:
    """Whoever called it or leads it, and the case's caseworker and supervisor; else Hidden."""
    people = (meeting.called_by, meeting.chair_id, custody.caseworker_id, custody.supervisor_id)
    if viewer.staff_id not in people:
        raise Hidden


def demand_recorder(meeting: Meeting, viewer: Viewer) -> None:
    """Whoever leads it; else Hidden."""
    if viewer.staff_id != meeting.chair_id:
        raise Hidden


def call(meeting: Meeting, now: datetime) -> Meeting:
    """Raises MeetingInPast."""
    demand_ahead(meeting.meeting_at, now)
    return replace(meeting, participants=_each_once(meeting.participants))


def move(
    meeting: Meeting, leader_id: str, participants: Iterable[str], at: datetime, now: datetime
) -> Meeting:
    """Raises MeetingNotStanding, MeetingInPast."""
    state = meeting_after(meeting.state, Happening.CONVENE)
    demand_ahead(at, now)
    return replace(
        meeting,
        state=state,
        chair_id=leader_id,
        participants=_each_once(participants),
        meeting_at=at,
        sequence=meeting.sequence + 1,
    )


def cancel(meeting: Meeting) -> Meeting:
    """Raises MeetingNotStanding."""
    state = meeting_after(meeting.state, Happening.CANCEL)
    return replace(meeting, state=state, sequence=meeting.sequence + 1)


def hold(meeting: Meeting, recorded: Minutes, now: datetime, zone: str) -> Meeting:
    """Raises MeetingNotStanding, or Malformed with the field that lacks something."""
    state = meeting_after(meeting.state, Happening.HOLD)
    demand_sound(recorded, meeting.called_at, now, zone)
    return replace(meeting, state=state, recorded=recorded)


def join(meeting: Meeting, before: Iterable[str], now: tuple[str, ...]) -> Meeting:
    """Whoever has the case now comes in the place of those who had it, at its head too where they led it."""
    left = {*before} - {*now}
    staying = (each for each in meeting.participants if each not in left)
    participants = _each_once((*staying, *now))
    chair_id = now[0] if meeting.chair_id in left else meeting.chair_id
    if (chair_id, {*participants}) == (meeting.chair_id, {*meeting.participants}):
        return meeting
    sequence = meeting.sequence + 1
    return replace(meeting, chair_id=chair_id, participants=participants, sequence=sequence)


def owed_by(pack: Pack, meeting_at: datetime) -> datetime:
    """By when it is held and its minutes are on the record, UTC."""
    return pack.period(RECORD_WITHIN).after(meeting_at, pack.calendar)


def ends_at(pack: Pack, meeting_at: datetime) -> datetime:
    """When calendars show its end, UTC."""
    return pack.period(LENGTH).after(meeting_at, pack.calendar)


def _each_once(participants: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(participants))
