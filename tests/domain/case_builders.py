"""Cases and packs with defaults, for the tests of a case's rules."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.case import Case
from domain.disclosure import Viewer
from domain.errors import DomainError
from domain.policy import Limit, Pack
from domain.vocabulary import CaseStatus, Risk, Role, Source
from infrastructure.work_calendars import work_calendar

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
ZONE = "Europe/Berlin"
PACK = Pack(
    "default",
    1,
    "A practice",
    work_calendar(ZONE, ("saturday", "sunday"), "none"),
    criteria={},
    steps={},
    periods={"settling": Limit.parse("4 weeks")},
    rhythms={
        "follow-up": {
            Risk.UNKNOWN: Limit.parse("1 weeks"),
            Risk.LOW: Limit.parse("1 months"),
            Risk.MEDIUM: Limit.parse("2 weeks"),
            Risk.HIGH: Limit.parse("1 weeks"),
            Risk.IMMINENT: Limit.parse("1 days"),
        }
    },
)


def a_case(status: CaseStatus = CaseStatus.ACTIVE, **changes: Any) -> Case:
    given: dict[str, Any] = {
        "ref": "TL-0000-0000-0",
        "agency_id": "north",
        "status": status,
        "risk": Risk.MEDIUM,
        "policy": PACK.id,
        "source": Source.SCHOOL,
        "criteria": ("neglect",),
        "identified_at": NOW,
        "team_id": "team-a",
        "caseworker_id": "amal-h",
        "supervisor_id": "sofia-k",
        "registered_at": NOW,
        "needs": 2,
        "risks": 1,
    }
    return Case(**(given | changes))


def a_viewer(staff_id: str, *roles: Role, agency: str = "north", team: str = "team-a") -> Viewer:
    return Viewer(staff_id, agency, team, frozenset(roles))


def words_of(
    refused: pytest.ExceptionInfo[DomainError],
) -> tuple[str, str | None, tuple[str, ...] | None]:
    """What somebody reads who is refused: the sentence, the field, and what is allowed there."""
    return refused.value.detail, refused.value.field, refused.value.allowed


CASEWORKER = a_viewer("amal-h", Role.CASEWORKER)
SUPERVISOR = a_viewer("sofia-k", Role.SUPERVISOR)
MANAGER = a_viewer("mona-m", Role.MANAGER, team="direction")
