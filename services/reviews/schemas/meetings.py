"""Conferences and planning meetings on the wire."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from domain.decisions import Taken
from domain.meeting import CancelReason, Meeting, MeetingKind, MoveReason
from domain.meeting_states import MeetingState
from domain.minutes import Minutes
from domain.participation import Participation
from domain.vocabulary import CASE_REF_PATTERN, Section
from infrastructure.http import RequestBody
from infrastructure.paging import NextCursor
from services.reviews.schemas.decisions import DecisionMade, DecisionView, views
from services.reviews.schemas.words import MOST_DECISIONS, MOST_PARTICIPANTS, StaffId, Words

Participants = Annotated[list[StaffId], Field(min_length=1, max_length=MOST_PARTICIPANTS)]


class MeetingBody(RequestBody):
    """Without `chair_id`, somebody independent leads a conference, and the caseworker a planning meeting."""

    case_ref: Annotated[str, StringConstraints(pattern=CASE_REF_PATTERN)]
    kind: MeetingKind
    purpose: Words
    chair_id: StaffId | None = None
    participants: Participants
    meeting_at: AwareDatetime


class MeetingMove(RequestBody):
    """What is left out stays as it is."""

    reason: MoveReason
    chair_id: StaffId | None = None
    participants: Participants | None = None
    meeting_at: AwareDatetime | None = None


class MeetingCancellation(RequestBody):
    reason: CancelReason


class MinutesBody(RequestBody):
    """What the meeting came to; `why_not` when the child took no part."""

    held_at: AwareDatetime
    attendance: Annotated[list[StaffId], Field(min_length=1, max_length=MOST_PARTICIPANTS)]
    child_took_part: bool
    child_participation: Participation | None = None
    why_not: Words | None = None
    minutes: Words
    decisions: list[DecisionMade] = Field(default=[], max_length=MOST_DECISIONS)

    def record(self) -> Minutes:
        return Minutes(
            held_at=self.held_at,
            child_took_part=self.child_took_part,
            why_not=self.why_not,
            minutes=self.minutes,
            decisions=tuple(each.decision() for each in self.decisions),
            participation=self.child_participation,
            attended=tuple(dict.fromkeys(self.attendance)),
        )


class MeetingView(BaseModel):
    """A meeting as far as this viewer may see it; the rest is null."""

    meeting_id: UUID
    case_ref: str
    kind: MeetingKind
    state: MeetingState
    sequence: int
    chair_id: str | None = None
    called_by: str | None = None
    participants: list[str] | None = None
    meeting_at: AwareDatetime | None = None
    purpose: str | None = None
    held_at: AwareDatetime | None = None
    attendance: list[str] | None = None
    child_took_part: bool | None = None
    child_participation: Participation | None = None
    why_not: str | None = None
    minutes: str | None = None
    decisions: list[DecisionView] | None = None

    @classmethod
    def of(
        cls,
        meeting: Meeting,
        sections: frozenset[Section],
        is_invited: bool,
        decisions: Sequence[Taken] = (),
    ) -> "MeetingView":
        view = cls(
            meeting_id=meeting.id,
            case_ref=meeting.case_ref,
            kind=meeting.kind,
            state=meeting.state,
            sequence=meeting.sequence,
        )
        if is_invited or Section.PLAN in sections:
            view.chair_id, view.called_by = meeting.chair_id, meeting.called_by
            view.participants, view.meeting_at = list(meeting.participants), meeting.meeting_at
            view.purpose = meeting.purpose
        if meeting.recorded is not None and Section.PLAN in sections:
            view._add_minutes(meeting.recorded, sections, decisions)
        return view

    def _add_minutes(
        self, recorded: Minutes, sections: frozenset[Section], decisions: Sequence[Taken]
    ) -> None:
        self.held_at, self.child_took_part = recorded.held_at, recorded.child_took_part
        self.child_participation = recorded.participation
        self.attendance = list(recorded.attended or ())
        self.decisions = views(decisions)
        if Section.ASSESSMENT in sections:
            self.why_not, self.minutes = recorded.why_not, recorded.minutes


class MeetingList(BaseModel):
    items: list[MeetingView]
    next_cursor: NextCursor
