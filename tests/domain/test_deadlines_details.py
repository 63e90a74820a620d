"""What is kept of a duty that is dropped or met, and duties that stand beside others."""

from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.deadlines import Deadline, Moment, Responsible, cancel, consequences, moments
from domain.errors import Malformed
from domain.policy import Limit, Reminder, Rung
from domain.vocabulary import DeadlineState, Risk, Role, SubjectType
from tests.domain.deadline_builders import (
    CASE,
    NINE,
    a_calendar,
    a_deadline,
    a_fact,
    a_pack,
    a_rule,
    hours,
    set_by,
)


def test_duty_of_a_step_that_the_pack_no_longer_has_hides_no_other() -> None:
    gone, stands = a_deadline(a_rule("gone")), a_deadline()
    found = consequences(a_pack(), "cases", [gone, stands], a_fact("done", NINE + hours(1)))
    assert [each.id for each in found.met] == [stands.id]


def test_dropped_duty_keeps_when_it_was_dropped() -> None:
    dropped = cancel(a_deadline(), NINE + hours(1))
    assert (dropped.state, dropped.settled_at) == (DeadlineState.CANCELLED, NINE + hours(1))
    (by_fact,) = consequences(
        a_pack(), "cases", [a_deadline()], a_fact("dropped", NINE + hours(2))
    ).cancelled
    assert by_fact.settled_at == NINE + hours(2)
    assert by_fact.successor_id is None


def test_date_that_nobody_agreed_on_is_asked_for_by_the_steps_title() -> None:
    agreed = a_rule(title="A visit", within=Limit.parse("as agreed"))
    with pytest.raises(Malformed) as refused:
        consequences(a_pack(agreed), "cases", [], a_fact())
    assert (refused.value.detail, refused.value.field) == (
        "A visit: a date agreed with people is needed.",
        "due",
    )


def test_duty_keeps_all_that_it_was_set_by() -> None:
    rule = a_rule(subject=SubjectType.ACTION, reminders=(), ladder=(), responsible=Role.PROVIDER)
    fact = a_fact(
        agency_id="harbour", subject_type=SubjectType.ACTION, subject_id="a-1", policy="test@1"
    )
    (duty,) = set_by(a_pack(rule), fact)
    assert duty == Deadline(
        id=duty.id,
        case_ref=CASE,
        subject_type=SubjectType.ACTION,
        subject_id="a-1",
        step="visit",
        responsible=Responsible("harbour", Role.PROVIDER, None),
        anchor="asked",
        anchor_id=fact.id,
        anchored_at=NINE,
        rule="48 hours from asked",
        policy="test@1",
        calendar="test",
        due_at=NINE + hours(48),
        moments=(Moment("due", NINE + hours(48)),),
    )


def test_moved_duty_keeps_its_subject_and_bearer_and_tells_what_moved_it() -> None:
    within = dict.fromkeys(Risk, Limit.parse("48 hours")) | {Risk.HIGH: Limit.parse("24 hours")}
    pack = a_pack(a_rule(within=within))
    old = a_deadline(
        responsible=Responsible("south", Role.CASEWORKER, "sara"), subject_id="another", version=3
    )
    rise = a_fact("changed", NINE + hours(1), risk=Risk.HIGH, agency_id="north")
    found = consequences(pack, "cases", [old], rise)
    (dropped,), (duty,) = found.cancelled, found.set
    assert (dropped.id, dropped.successor_id, dropped.settled_at) == (old.id, duty.id, rise.at)
    assert (duty.subject_id, duty.responsible, duty.version) == ("another", old.responsible, 4)
    assert (duty.anchor, duty.anchor_id, duty.anchored_at) == ("changed", rise.id, rise.at)
    assert (duty.rule, duty.due_at) == ("24 hours from changed", NINE + hours(25))
    assert duty.id not in (old.id, dropped.id)


def test_same_fact_sets_the_same_duty_and_two_subjects_have_two() -> None:
    rule = a_rule(subject=SubjectType.ACTION)
    one, again, other = (
        set_by(a_pack(rule), a_fact(subject_type=SubjectType.ACTION, subject_id=subject))[0].id
        for subject in ("a-1", "a-1", "a-2")
    )
    assert one == again != other
    assert one == UUID(
        "0c28ca38-7896-5305-8570-4e93efe4cd6f"
    )  # known to workflows and integrators by it


def test_reminder_at_the_very_end_or_beginning_is_none() -> None:
    leads = [Reminder(Limit.parse(f"{count} hours")) for count in (0, 47, 48, 49)]
    rule = a_rule(reminders=tuple(leads), ladder=())
    told = moments(rule, NINE, NINE + hours(48), a_calendar())
    assert told == (Moment("reminder-1", NINE + hours(1)), Moment("due", NINE + hours(48)))


def test_rungs_are_counted_in_the_agencys_working_days_and_told_in_order_of_time() -> None:
    friday = NINE + hours(4 * 24)
    ladder = (
        Rung(Role.AGENCY_HEAD, Limit.parse("4 days")),
        Rung(Role.MANAGER, Limit.parse("1 working days")),
    )
    told = moments(a_rule(reminders=(), ladder=ladder), NINE, friday, a_calendar())
    assert told == (
        Moment("due", friday),
        Moment("rung-1", friday + hours(72), Role.MANAGER),  # Monday
        Moment("rung-2", friday + hours(96), Role.AGENCY_HEAD),
    )


def test_two_who_are_told_at_once_are_told_in_the_order_of_the_practice() -> None:
    ladder = tuple(
        Rung(role, Limit.parse("24 hours")) for role in (Role.SUPERVISOR, Role.AGENCY_HEAD)
    )
    told = moments(a_rule(reminders=(), ladder=ladder), NINE, NINE + hours(48), a_calendar())
    assert [each.role for each in told] == [None, Role.SUPERVISOR, Role.AGENCY_HEAD]


def test_half_of_the_time_and_an_agreed_date_are_told_in_utc_itself() -> None:
    rule = a_rule(within=Limit.parse("as agreed"))
    local = NINE.astimezone(ZoneInfo("Africa/Kampala"))
    (duty,) = set_by(a_pack(rule), a_fact(at=local, agreed_due=local + hours(10)))
    assert duty.due_at.tzinfo is UTC
    assert all(each.at.tzinfo is UTC for each in duty.moments)  # not of the machine's own zone
    assert duty.moments[0] == Moment("reminder-1", NINE + hours(5))


def test_opening_comes_in_its_place_among_the_reminders() -> None:
    rule = a_rule(opens=Limit.parse("30 hours"), ladder=())
    told = moments(rule, NINE, NINE + hours(48), a_calendar())
    assert [each.name for each in told] == ["reminder-1", "opened", "reminder-2", "due"]
    assert told[1].at == NINE + hours(30)


def test_two_duties_that_one_fact_moves_stay_two() -> None:
    within = dict.fromkeys(Risk, Limit.parse("48 hours")) | {Risk.HIGH: Limit.parse("24 hours")}
    pack = a_pack(a_rule(within=within))
    standing = [a_deadline(), a_deadline(id=UUID(int=77))]
    rise = a_fact("changed", NINE + hours(1), risk=Risk.HIGH)
    found = consequences(pack, "cases", standing, rise)
    assert len({each.id for each in found.set}) == 2
    assert [each.successor_id for each in found.cancelled] == [each.id for each in found.set]
