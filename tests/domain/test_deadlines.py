"""What a fact sets, meets, cancels and moves."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain import deadlines as rules
from domain.deadlines import Moment, consequences
from domain.errors import Malformed
from domain.policy import Limit, Reminder, Rung
from domain.vocabulary import DeadlineState, Risk, Role, SubjectType
from tests.domain.deadline_builders import (
    CASE,
    MOMENT,
    NINE,
    a_calendar,
    a_deadline,
    a_fact,
    a_pack,
    a_rule,
    hours,
    set_by,
)

BY_RISK = {
    risk: Limit.parse("24 hours" if risk in (Risk.HIGH, Risk.IMMINENT) else "48 hours")
    for risk in Risk
}
ON_ACTION = {"subject": SubjectType.ACTION}


def test_fact_sets_a_deadline_with_its_bearer_and_its_rule() -> None:
    (deadline,) = set_by(a_pack(), a_fact())
    assert deadline.due_at == NINE + hours(48)
    assert deadline.state is DeadlineState.OPEN
    assert (deadline.responsible.role, deadline.responsible.person_id) == (Role.CASEWORKER, "amal")
    assert (deadline.anchor, deadline.anchored_at) == ("asked", NINE)
    assert (deadline.rule, deadline.policy) == ("48 hours from asked", "test@1")
    assert deadline.calendar == "test"


def test_duty_without_a_named_person_is_the_roles() -> None:
    (deadline,) = set_by(a_pack(), a_fact(people={}))
    assert deadline.responsible.person_id is None


@pytest.mark.parametrize(("risk", "due"), [(risk, limit.count) for risk, limit in BY_RISK.items()])
def test_limit_depends_on_risk(risk: Risk, due: int) -> None:
    (deadline,) = set_by(a_pack(a_rule(within=BY_RISK)), a_fact(risk=risk))
    assert deadline.due_at == NINE + hours(due)


def test_same_fact_sets_the_same_deadline_whoever_computes_it() -> None:
    assert set_by(a_pack(), a_fact()) == set_by(a_pack(), a_fact())


def test_one_fact_sets_every_duty_that_starts_with_it() -> None:
    pack = a_pack(a_rule("visit"), a_rule("call"), a_rule("other", anchors=("else",)))
    assert [deadline.step for deadline in set_by(pack, a_fact())] == ["visit", "call"]
    assert len({deadline.id for deadline in set_by(pack, a_fact())}) == 2


def test_service_sets_only_the_duties_it_owns() -> None:
    assert consequences(a_pack(), "referrals", [], a_fact()).set == ()


def test_due_instant_is_in_utc_whatever_zone_the_fact_was_told_in() -> None:
    berlin = NINE.astimezone(ZoneInfo("Europe/Berlin"))
    (elapsed,) = set_by(a_pack(), a_fact(at=berlin))
    (agreed,) = set_by(
        a_pack(a_rule(within=Limit.parse("as agreed"))), a_fact(agreed_due=berlin + hours(5))
    )
    assert elapsed.due_at.tzinfo is UTC
    assert agreed.due_at.tzinfo is UTC
    assert agreed.due_at == NINE + hours(5)


def test_duty_with_an_agreed_date_needs_one() -> None:
    with pytest.raises(Malformed) as refused:
        set_by(a_pack(a_rule(within=Limit.parse("as agreed"))), a_fact())
    assert refused.value.field == "due"


@pytest.mark.parametrize(
    ("offset", "state"),
    [
        (-MOMENT, DeadlineState.MET),  # just before
        (timedelta(0), DeadlineState.MET),  # exactly at the due instant is in time
        (MOMENT, DeadlineState.MET_LATE),  # a microsecond after is late
    ],
)
def test_met_at_the_due_instant_is_in_time_and_after_it_late(
    offset: timedelta, state: DeadlineState
) -> None:
    deadline = a_deadline()
    found = consequences(a_pack(), "cases", [deadline], a_fact("done", deadline.due_at + offset))
    assert [each.state for each in found.met] == [state]
    assert found.met[0].settled_at == deadline.due_at + offset


@pytest.mark.parametrize(
    ("offset", "overdue"), [(-MOMENT, False), (timedelta(0), False), (MOMENT, True)]
)
def test_overdue_is_open_and_past_due(offset: timedelta, overdue: bool) -> None:
    deadline = a_deadline()
    assert deadline.is_overdue(deadline.due_at + offset) is overdue
    assert not rules.meet(deadline, NINE).is_overdue(deadline.due_at + offset)


def test_fact_that_ends_the_duty_cancels_it_without_successor() -> None:
    found = consequences(a_pack(), "cases", [a_deadline()], a_fact("dropped", NINE + hours(1)))
    assert [each.state for each in found.cancelled] == [DeadlineState.CANCELLED]
    assert found.cancelled[0].successor_id is None
    assert (found.set, found.met) == ((), ())


def test_fact_that_meets_and_cancels_meets() -> None:
    pack = a_pack(a_rule(cancelled_by=("done",)))
    found = consequences(pack, "cases", [a_deadline()], a_fact("done", NINE + hours(1)))
    assert (len(found.met), len(found.cancelled)) == (1, 0)


@pytest.mark.parametrize("state", [state for state in DeadlineState if state != "open"])
def test_settled_deadline_stays_as_it_is(state: DeadlineState) -> None:
    settled = a_deadline(state=state)
    for name in ("done", "dropped", "changed"):
        found = consequences(a_pack(), "cases", [settled], a_fact(name, NINE + hours(1)))
        assert (found.met, found.cancelled, found.set) == ((), (), ())


def test_deadline_of_a_step_that_the_pack_does_not_know_is_left_alone() -> None:
    pack = a_pack(a_rule("other", anchors=()))
    found = consequences(pack, "cases", [a_deadline()], a_fact("done"))
    assert (found.met, found.cancelled, found.set) == ((), (), ())


def test_fact_of_another_case_concerns_nothing_here() -> None:
    elsewhere = a_fact("done", case_ref="TL-0000-0000-0")
    assert consequences(a_pack(), "cases", [a_deadline()], elsewhere).met == ()


@pytest.mark.parametrize(
    ("fact_type", "fact_id", "duty_type", "concerned"),
    [
        (SubjectType.ACTION, "a", SubjectType.ACTION, True),  # the action itself
        (SubjectType.ACTION, "b", SubjectType.ACTION, False),  # another action
        (SubjectType.REFERRAL, "a", SubjectType.ACTION, False),  # something else of that id
        (SubjectType.CASE, "", SubjectType.ACTION, True),  # the whole case
        (SubjectType.ACTION, "b", SubjectType.CASE, True),  # the duty is about the whole case
    ],
)
def test_fact_concerns_its_own_subject_and_the_case_concerns_all(
    fact_type: SubjectType, fact_id: str, duty_type: SubjectType, concerned: bool
) -> None:
    pack = a_pack(a_rule(subject=duty_type))
    (deadline,) = set_by(pack, a_fact(subject_type=duty_type, subject_id="a"))
    done = a_fact("done", NINE + hours(1), subject_type=fact_type, subject_id=fact_id)
    assert bool(consequences(pack, "cases", [deadline], done).met) is concerned


def test_duty_on_the_case_is_about_its_reference_and_on_an_action_about_its_id() -> None:
    action = a_fact(subject_type=SubjectType.ACTION, subject_id="a")
    assert set_by(a_pack(), action)[0].subject_id == CASE
    assert set_by(a_pack(a_rule(**ON_ACTION)), action)[0].subject_id == "a"


def moved(at: timedelta, **changes: object) -> rules.Consequences:
    pack = a_pack(a_rule(within=BY_RISK))
    fact = a_fact("changed", NINE + at, **{"risk": Risk.HIGH, **changes})
    return consequences(pack, "cases", set_by(pack, a_fact()), fact)


def test_rising_risk_cancels_the_deadline_with_its_successors_id() -> None:
    found = moved(hours(2))
    (old,), (new,) = found.cancelled, found.set
    assert (old.state, old.successor_id) == (DeadlineState.CANCELLED, new.id)
    assert old.due_at == NINE + hours(48)  # the old value stays
    assert new.due_at == NINE + hours(26)
    assert (new.version, new.anchor) == (old.version + 1, "changed")
    assert new.responsible == old.responsible


@pytest.mark.parametrize("at", [24, 25, 47, 49, 500])
def test_fact_never_gives_more_time(at: int) -> None:
    found = moved(hours(at))
    assert (found.set, found.cancelled) == ((), ())


def test_moved_deadline_is_reminded_within_its_own_time() -> None:
    (new,) = moved(hours(2)).set
    assert all(NINE + hours(2) < moment.at for moment in new.moments)
    assert new.moments[-1].at == new.due_at + hours(72)


def test_same_fact_moves_a_deadline_to_the_same_successor() -> None:
    assert moved(hours(2)) == moved(hours(2))


@pytest.mark.parametrize("to", [10, 90])
def test_agreed_date_is_moved_either_way_by_agreement(to: int) -> None:
    pack = a_pack(a_rule(within=Limit.parse("as agreed")))
    standing = set_by(pack, a_fact(agreed_due=NINE + hours(48)))
    fact = a_fact("changed", NINE + hours(1), agreed_due=NINE + hours(to), people={})
    found = consequences(pack, "cases", standing, fact)
    assert [each.due_at for each in found.set] == [NINE + hours(to)]
    assert found.set[0].responsible.person_id == "amal"


def test_agreed_date_stays_when_the_fact_brings_none() -> None:
    pack = a_pack(a_rule(within=Limit.parse("as agreed")))
    standing = set_by(pack, a_fact(agreed_due=NINE + hours(48)))
    assert consequences(pack, "cases", standing, a_fact("changed")).set == ()


def test_moments_are_reminders_the_breach_and_the_rungs_in_order() -> None:
    assert a_deadline().moments == (
        Moment("reminder-1", NINE + hours(24)),
        Moment("reminder-2", NINE + hours(44)),
        Moment("due", NINE + hours(48), Role.SUPERVISOR),
        Moment("rung-1", NINE + hours(72), Role.MANAGER),
        Moment("rung-2", NINE + hours(120), Role.AGENCY_HEAD),
    )


def names(**changes: Any) -> list[tuple[str, timedelta]]:
    deadline = a_deadline(a_rule(**changes))
    return [(moment.name, moment.at - NINE) for moment in deadline.moments]


def test_reminder_outside_its_span_is_left_out_and_a_double_one_is_one() -> None:
    reminders = tuple(
        Reminder.parse(text)
        for text in ("2 days before", "3 days before", "half", "24 hours before")
    )
    assert names(reminders=reminders, ladder=()) == [("reminder-1", hours(24)), ("due", hours(48))]


def test_step_that_opens_later_says_when() -> None:
    found = names(opens=Limit.parse("30 hours"), reminders=(Reminder.parse("half"),), ladder=())
    assert found == [("reminder-1", hours(24)), ("opened", hours(30)), ("due", hours(48))]


@pytest.mark.parametrize(
    ("ladder", "moments"),
    [
        ((), [("due", 48, None)]),  # nobody above the bearer
        (((Role.MANAGER, "24 hours"),), [("due", 48, None), ("rung-1", 72, Role.MANAGER)]),
        (  # written out of order
            ((Role.MANAGER, "24 hours"), (Role.SUPERVISOR, "0 hours")),
            [("due", 48, Role.SUPERVISOR), ("rung-1", 72, Role.MANAGER)],
        ),
    ],
)
def test_breach_is_at_the_due_instant_whatever_the_ladder(
    ladder: tuple[tuple[Role, str], ...], moments: list[tuple[str, int, Role | None]]
) -> None:
    rungs = tuple(Rung(role, Limit.parse(after)) for role, after in ladder)
    deadline = a_deadline(a_rule(ladder=rungs, reminders=()))
    assert [(each.name, each.at, each.role) for each in deadline.moments] == [
        (name, NINE + hours(at), role) for name, at, role in moments
    ]


def test_half_of_the_time_is_half_of_what_passes_over_a_change_of_the_clocks() -> None:
    start = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)  # the night loses an hour
    rule = a_rule(within=Limit.parse("2 days"), reminders=(Reminder.parse("half"),), ladder=())
    (deadline,) = set_by(a_pack(rule), a_fact(at=start))
    assert deadline.due_at == start + hours(47)
    assert deadline.moments[0].at == start + hours(23.5)


def test_calendar_of_the_pack_is_the_one_used() -> None:
    friday = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    (deadline,) = set_by(a_pack(a_rule(within=Limit.parse("1 working day"))), a_fact(at=friday))
    assert deadline.due_at == datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert a_calendar().is_working_day(deadline.due_at.date())


def test_risk_rises_in_the_order_of_nearness_of_harm() -> None:
    order = [Risk.UNKNOWN, Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.IMMINENT]
    for place, before in enumerate(order):
        for other, after in enumerate(order):
            assert rules.is_rise(before, after) is (other > place)


def test_earliest_is_the_first_open_duty() -> None:
    soon, late = a_deadline(due_at=NINE), a_deadline()
    assert rules.earliest([late, soon]) is soon
    assert rules.earliest([late, rules.meet(soon, NINE)]) is late
    assert rules.earliest([]) is None
