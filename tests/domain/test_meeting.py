"""Conferences and planning meetings: who leads, what counts, who may record and change them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain import meeting as rules
from domain.chairing import ChairNotIndependent
from domain.decisions import Decision, DecisionDuePassed
from domain.disclosure import Viewer
from domain.errors import DomainError, Hidden, Malformed
from domain.meeting import Meeting, MeetingKind
from domain.meeting_states import MeetingNotStanding, MeetingState
from domain.minutes import HeldInFuture, MeetingInPast
from domain.participation import (
    ChildAbsenceUnexplained,
    Participation,
    ParticipationContradicts,
    demand_childs_part,
)
from domain.policy import Limit, Quorum
from domain.quorum import AttendanceMissing, QuorumNotMet, demand_quorum
from domain.vocabulary import Role
from tests.domain.meeting_builders import (
    CUSTODY,
    NOW,
    TOMORROW,
    ZONE,
    a_colleague,
    a_meeting,
    a_pack,
    a_record,
)

CORA = a_colleague("cora", team_id="team-a", roles=frozenset({Role.CASEWORKER}))
SAMI = a_colleague("sami", team_id="team-a", roles=frozenset({Role.SUPERVISOR}))
PAULA = a_colleague("paula", agency_id="harbour", team_id=None, roles=frozenset({Role.PROVIDER}))
RENA = a_colleague("rena")


@pytest.mark.parametrize(
    ("kind", "leader", "fit"),
    [
        (MeetingKind.CONFERENCE, RENA, True),
        (MeetingKind.CONFERENCE, CORA, False),
        (MeetingKind.CONFERENCE, None, False),
        (MeetingKind.PLANNING, CORA, True),  # the case's own people may lead
        (MeetingKind.PLANNING, SAMI, True),
        (MeetingKind.PLANNING, RENA, True),
        (MeetingKind.PLANNING, PAULA, False),
        (MeetingKind.PLANNING, None, False),
    ],
)
def test_conference_is_led_by_somebody_independent(kind, leader, fit: bool) -> None:
    if fit:
        rules.demand_leader(kind, leader, CUSTODY)
        return
    with pytest.raises(ChairNotIndependent):
        rules.demand_leader(kind, leader, CUSTODY)


def test_meeting_is_called_for_a_moment_to_come_and_names_each_once() -> None:
    called = rules.call(a_meeting(participants=("cora", "sami", "cora")), NOW)
    assert called == a_meeting(participants=("cora", "sami"))
    with pytest.raises(MeetingInPast) as refused:
        rules.call(a_meeting(meeting_at=NOW), NOW)
    assert refused.value.field == "meeting_at"


def test_every_change_counts_for_calendars() -> None:
    later = TOMORROW + timedelta(1)
    moved = rules.move(a_meeting(), "ravi", ["cora", "cora"], later, NOW)
    assert moved == a_meeting(sequence=1, chair_id="ravi", participants=("cora",), meeting_at=later)
    cancelled = rules.cancel(moved)
    assert cancelled == replace(moved, sequence=2, state=MeetingState.CANCELLED)
    with pytest.raises(MeetingInPast):
        rules.move(moved, "ravi", ["cora"], NOW, NOW)
    with pytest.raises(MeetingNotStanding):
        rules.move(cancelled, "ravi", ["cora"], TOMORROW, NOW)


def test_meeting_is_held_with_its_record() -> None:
    held = rules.hold(a_meeting(), a_record(), NOW, ZONE)
    assert held == a_meeting(state=MeetingState.HELD, recorded=a_record())


def test_meeting_may_be_held_at_the_moment_it_is_called_and_recorded_as_it_ends() -> None:
    for at in (a_meeting().called_at, NOW):
        assert rules.hold(a_meeting(), a_record(held_at=at), NOW, ZONE).recorded


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"held_at": NOW + timedelta(minutes=1)}, HeldInFuture, "held_at"),
        ({"held_at": datetime(2027, 5, 24, 8, 59, tzinfo=UTC)}, Malformed, "held_at"),
        ({"child_took_part": False}, ChildAbsenceUnexplained, "why_not"),
        (
            {"participation": Participation.CHOSE_NOT_TO},
            ParticipationContradicts,
            "child_participation",
        ),
        (
            {"decisions": (Decision("x", Role.PROVIDER, date(2027, 5, 30)),)},
            DecisionDuePassed,
            "decisions.0.due",
        ),
    ],
)
def test_record_that_lacks_something_is_refused(
    changes, refusal: type[DomainError], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        rules.hold(a_meeting(), a_record(**changes), NOW, ZONE)
    assert refused.value.field == field


def test_record_of_before_the_meeting_was_called_is_refused_in_words() -> None:
    with pytest.raises(Malformed) as refused:
        rules.hold(a_meeting(), a_record(held_at=datetime(2027, 5, 1, tzinfo=UTC)), NOW, ZONE)
    assert str(refused.value) == "A meeting is held after it was called."


def test_its_minutes_are_owed_a_while_after_and_calendars_show_an_end() -> None:
    friday = datetime(2027, 6, 4, 8, tzinfo=UTC)
    assert rules.owed_by(a_pack(), friday) == datetime(2027, 6, 8, 8, tzinfo=UTC)
    assert rules.ends_at(a_pack(), friday) == datetime(2027, 6, 4, 10, tzinfo=UTC)
    pack = a_pack()
    of_two_days = replace(pack, periods={**pack.periods, rules.LENGTH: Limit.parse("1 days")})
    assert rules.ends_at(of_two_days, friday) == datetime(2027, 6, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("staff_id", "changes", "records"),
    [
        ("cora", True, False),  # called it
        ("sami", True, False),  # supervises the case
        ("rena", True, True),  # leads it
        ("paula", False, False),  # is invited
    ],
)
def test_who_may_change_and_record_a_meeting(staff_id: str, changes: bool, records: bool) -> None:
    viewer = Viewer(staff_id, "agency-north", None, frozenset())
    called = a_meeting(called_by="cora", participants=("paula",))
    custody = replace(CUSTODY, caseworker_id="someone-new")
    assert _allowed(lambda: rules.demand_changer(called, viewer, custody)) is changes
    assert _allowed(lambda: rules.demand_recorder(called, viewer)) is records


def _allowed(ask) -> bool:
    try:
        ask()
    except Hidden:
        return False
    return True


FIELD = {
    ChildAbsenceUnexplained: "why_not",
    ParticipationContradicts: "child_participation",
}


@pytest.mark.parametrize(
    ("took_part", "way", "why_not", "refusal"),
    [
        (True, None, None, None),
        (True, Participation.IN_PERSON, None, None),
        (True, Participation.BY_TRUSTED_PERSON, None, None),
        (True, Participation.IN_WRITING_OR_DRAWING, None, None),
        (False, Participation.CHOSE_NOT_TO, "would rather be at school", None),
        (False, None, "is in hospital", None),
        (False, Participation.CHOSE_NOT_TO, None, ChildAbsenceUnexplained),
        (False, None, " ", ChildAbsenceUnexplained),
        (True, Participation.CHOSE_NOT_TO, None, ParticipationContradicts),
        (False, Participation.IN_PERSON, "was there", ParticipationContradicts),
    ],
)
def test_childs_part_is_told_or_its_absence_explained(took_part, way, why_not, refusal) -> None:
    if refusal is None:
        demand_childs_part(took_part, way, why_not)
        return
    with pytest.raises(refusal) as refused:
        demand_childs_part(took_part, way, why_not)
    assert refused.value.field == FIELD[refusal]


QUORUM = Quorum(chair=True, of_case=1, agencies=2, attendance_needed=True)


@pytest.mark.parametrize(
    ("quorum", "attended", "missing"),
    [
        (QUORUM, [RENA, CORA, PAULA], ""),
        (QUORUM, [RENA, SAMI, PAULA], ""),
        (QUORUM, [CORA, PAULA], "the chair"),
        (QUORUM, [RENA, PAULA], "1 of caseworker and supervisor"),
        (QUORUM, [RENA, CORA], "1 more agencies"),
        (QUORUM, [CORA], "the chair, 1 more agencies"),
        (Quorum(False, 0, 0), [], ""),
        (replace(QUORUM, of_case=2), [RENA, CORA, PAULA], "1 of caseworker and supervisor"),
    ],
)
def test_outcome_counts_only_with_those_who_must_be_there(quorum, attended, missing: str) -> None:
    if not missing:
        demand_quorum(quorum, attended, "rena", CUSTODY)
        return
    with pytest.raises(QuorumNotMet, match=f"Missing: {missing}\\.") as refused:
        demand_quorum(quorum, attended, "rena", CUSTODY)
    assert (refused.value.code, refused.value.field) == ("quorum-not-met", "attendance")


def test_attendance_may_be_left_unsaid_only_where_the_pack_allows() -> None:
    demand_quorum(None, None, "rena", CUSTODY)
    demand_quorum(replace(QUORUM, attendance_needed=False), None, "rena", CUSTODY)
    with pytest.raises(AttendanceMissing) as refused:
        demand_quorum(QUORUM, None, "rena", CUSTODY)
    assert refused.value.field == "attendance"


def test_meeting_is_of_one_make_whatever_its_kind() -> None:
    planning: Meeting = a_meeting(kind=MeetingKind.PLANNING, chair_id="cora")
    assert rules.hold(planning, a_record(), NOW, ZONE).state is MeetingState.HELD


def test_whoever_has_the_case_now_comes_in_the_place_of_those_who_had_it() -> None:
    called = a_meeting(chair_id="rena", participants=("cora", "sami", "paula"))
    joined = rules.join(called, before=("cora", "sami"), now=("bea", "sami"))
    assert (joined.participants, joined.chair_id) == (("sami", "paula", "bea"), "rena")
    assert joined.sequence == 1
    led = rules.join(a_meeting(chair_id="cora"), before=("cora", "sami"), now=("bea", "bert"))
    assert (led.chair_id, led.participants) == ("bea", ("bea", "bert"))
    assert rules.join(joined, before=("bea", "sami"), now=("bea", "sami")) is joined
