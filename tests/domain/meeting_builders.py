"""People, a review and a meeting, with defaults for all that is not a test's point."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from domain.calendars import WorkCalendar
from domain.chairing import Colleague
from domain.decisions import Decision
from domain.disclosure import Custody
from domain.meeting import Meeting, MeetingKind
from domain.minutes import Minutes
from domain.policy import Limit, Pack
from domain.reviewing import Review
from domain.vocabulary import Role

CASE = "TL-0000-0000-0"
CUSTODY = Custody("agency-north", "team-a", caseworker_id="cora", supervisor_id="sami")
CHAIR = frozenset({Role.REVIEW_CHAIR})
ZONE = "Europe/Berlin"
NOW = datetime(2027, 6, 1, 9, tzinfo=UTC)
YESTERDAY, TOMORROW = datetime(2027, 5, 31, 8, tzinfo=UTC), datetime(2027, 6, 2, 8, tzinfo=UTC)


def a_colleague(staff_id: str = "rena", **changes: Any) -> Colleague:
    return replace(Colleague(staff_id, "agency-north", "team-b", CHAIR), **changes)


def a_pack(**figures: int) -> Pack:
    work = WorkCalendar(ZONE, frozenset({5, 6}), frozenset(), "test")
    periods = {
        "convene-review-before": "14 days",
        "meet-before-review-due": "7 days",
        "review-meeting-hour": "10 hours",
        "report-before-meeting": "5 days",
        "record-meeting-within": "2 working days",
        "meeting-length": "2 hours",
    }
    lengths = {key: Limit.parse(text) for key, text in periods.items()}
    named = {key.replace("_", "-"): count for key, count in figures.items()}
    return Pack("test", 1, "Test", work, {}, {}, lengths, figures=named)


def a_review(**changes: Any) -> Review:
    whole = Review(
        id=UUID(int=1),
        case_ref=CASE,
        number=1,
        policy="default@1",
        scheduled_at=datetime(2027, 3, 1, tzinfo=UTC),
        due_at=datetime(2027, 6, 9, tzinfo=UTC),
        convene_at=datetime(2027, 5, 20, tzinfo=UTC),
    )
    return replace(whole, **changes)


def a_meeting(**changes: Any) -> Meeting:
    whole = Meeting(
        id=UUID(int=2),
        case_ref=CASE,
        kind=MeetingKind.CONFERENCE,
        policy="default@1",
        called_by="cora",
        called_at=datetime(2027, 5, 24, 9, tzinfo=UTC),
        chair_id="rena",
        participants=("cora", "sami"),
        meeting_at=TOMORROW,
    )
    return replace(whole, **changes)


def a_record(**changes: Any) -> Minutes:
    whole = Minutes(
        YESTERDAY,
        True,
        None,
        "what was said",
        (Decision("see the school again", Role.CASEWORKER, date(2027, 6, 14)),),
        attended=("rena", "cora"),
    )
    return replace(whole, **changes)
