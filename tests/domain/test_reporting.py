"""Reports are asked of each agency involved, by a date before people meet, and read by few."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain import reporting as rules
from domain.disclosure import Viewer
from domain.errors import Hidden
from domain.reporting import Report, ReportNotNeeded, ReportReceivedAlready
from domain.vocabulary import Role
from tests.domain.meeting_builders import CASE, CUSTODY, NOW, a_pack

MEETING = datetime(2027, 6, 24, 8, tzinfo=UTC)
REPORT = Report(UUID(int=4), CASE, UUID(int=1), "harbour", "paula", MEETING)


def test_it_is_owed_before_the_meeting_or_at_the_latest_with_it() -> None:
    assert rules.due_at(a_pack(), MEETING, NOW) == datetime(2027, 6, 19, 8, tzinfo=UTC)
    for days in (2, 5):  # its five days have passed, or pass this very moment
        soon = NOW + timedelta(days=days)
        assert rules.due_at(a_pack(), soon, NOW) == soon


@pytest.mark.parametrize(
    ("figures", "asked"),
    [
        ({}, False),
        ({"reports_asked_automatically": 0}, False),
        ({"reports_asked_automatically": 1}, True),
    ],
)
def test_pack_says_whether_everybody_is_asked(figures, asked: bool) -> None:
    assert rules.asked_automatically(a_pack(**figures)) is asked


def test_every_agency_is_asked_once_our_own_first() -> None:
    found = rules.agencies_to_ask("north", ["south", "harbour", "north"], asked_before=[])
    assert found == ["north", "harbour", "south"]
    assert rules.agencies_to_ask("north", ["south"], asked_before=["north"]) == ["south"]


def test_own_report_is_the_caseworkers_and_others_are_providers() -> None:
    assert rules.bearer_role(REPORT, CUSTODY) is Role.PROVIDER
    own = replace(REPORT, agency_id=CUSTODY.agency_id)
    assert rules.bearer_role(own, CUSTODY) is Role.CASEWORKER


def test_report_is_given_once_and_only_while_it_is_needed() -> None:
    assert REPORT.is_awaited
    given = rules.receive(REPORT, "paula", NOW)
    assert given == replace(REPORT, received_by="paula", received_at=NOW)
    assert not given.is_awaited
    with pytest.raises(ReportReceivedAlready):
        rules.receive(given, "paula", NOW)
    dropped = replace(REPORT, dropped=True)
    assert not dropped.is_awaited
    with pytest.raises(ReportNotNeeded):
        rules.receive(dropped, "paula", NOW)


# who, of which agency, in which role | gives the report of harbour | of the case's own agency | reads all
PEOPLE = [
    ("paula", "harbour", Role.PROVIDER, True, False, False),  # is named
    ("pete", "harbour", Role.PROVIDER, True, False, False),  # her stand-in
    ("hugo", "harbour", Role.CASEWORKER, False, False, False),
    ("paula", "agency-south", Role.PROVIDER, False, False, False),  # a namesake elsewhere
    ("cora", "agency-north", Role.CASEWORKER, False, True, True),
    ("sami", "agency-north", Role.SUPERVISOR, False, True, True),
    ("carl", "agency-north", Role.CASEWORKER, False, False, False),
    ("prue", "agency-north", Role.PROVIDER, False, False, False),
    ("rena", "agency-south", Role.REVIEW_CHAIR, False, False, True),
]


@pytest.mark.parametrize("row", PEOPLE)
def test_who_gives_and_who_reads_reports(row) -> None:
    staff_id, agency, role, gives, gives_own, reads = row
    viewer = Viewer(staff_id, agency, None, frozenset({role}))
    own = replace(REPORT, agency_id=CUSTODY.agency_id, staff_id=None)
    assert rules.is_author(REPORT, viewer, CUSTODY) is gives
    assert rules.is_author(own, viewer, CUSTODY) is gives_own
    assert rules.reads_all(viewer, CUSTODY, "rena") is reads
    if gives:
        rules.demand_author(REPORT, viewer, CUSTODY)
        return
    with pytest.raises(Hidden):
        rules.demand_author(REPORT, viewer, CUSTODY)
