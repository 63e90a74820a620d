"""What a deadline announces: the highest moment that has come, once, and only while the duty is open."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import deadlines as rules
from domain.announcing import Announcement, AnnouncementKind, announcement
from domain.deadlines import Deadline
from domain.policy import Limit, Reminder, Rung
from domain.vocabulary import DeadlineState, Role
from tests.domain.deadline_builders import MOMENT, NINE, a_deadline, a_rule, hours

OPENED, REMINDED = AnnouncementKind.OPENED, AnnouncementKind.REMINDED
MISSED, ESCALATED = AnnouncementKind.MISSED, AnnouncementKind.ESCALATED
CW, SV, MG, HEAD = Role.CASEWORKER, Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD
DUE = NINE + hours(48)
BEFORE = ("reminder-1", "reminder-2")
ALL = ("opened", "reminder-1", "reminder-2", "due", "rung-1", "rung-2")


def a_duty(acknowledged: datetime | None = None) -> Deadline:
    """opened at 12 h, reminders at 24 h and 44 h, due at 48 h, rungs 24 h and 72 h later."""
    deadline = a_deadline(a_rule(opens=Limit.parse("12 hours")))
    return rules.acknowledge(deadline, "sami", acknowledged) if acknowledged else deadline


@pytest.mark.parametrize(
    ("said", "at", "expected"),
    [
        # said before · hours since the anchor · kind, moment, rung, whom, skipped
        ((), 11, None),  # nothing has come
        ((), 12, (OPENED, "opened", 0, (CW,), ())),
        (ALL[:1], 23, None),  # said already
        (ALL[:1], 24, (REMINDED, "reminder-1", 0, (CW,), ())),
        (ALL[:2], 44, (REMINDED, "reminder-2", 0, (CW,), ())),
        (ALL[:3], 47.9, None),
        (ALL[:3], 48, (MISSED, "due", 0, (CW, SV), ())),
        (ALL[:4], 71, None),
        (ALL[:4], 72, (ESCALATED, "rung-1", 1, (MG,), ())),
        (ALL[:5], 120, (ESCALATED, "rung-2", 2, (HEAD,), ())),
        (ALL, 9999, None),  # the ladder has an end
        # after an outage: only the highest, and what it makes needless
        ((), 45, (REMINDED, "reminder-2", 0, (CW,), ("opened", "reminder-1"))),
        ((), 50, (MISSED, "due", 0, (CW, SV), ("opened", *BEFORE))),
        (ALL[:2], 80, (MISSED, "rung-1", 1, (CW, MG), ("reminder-2", "due"))),
        ((), 500, (MISSED, "rung-2", 2, (CW, HEAD), ("opened", *BEFORE, "due", "rung-1"))),
        (ALL[:4], 500, (ESCALATED, "rung-2", 2, (HEAD,), ("rung-1",))),
    ],
)
def test_moment_announces_itself_once_and_after_an_outage_only_the_highest(
    said: tuple[str, ...], at: float, expected: tuple[object, ...] | None
) -> None:
    found = announcement(a_duty(), said, NINE + hours(at))
    assert found == (Announcement(*expected) if expected else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "at", "expected"),
    [
        # acknowledged at hour 40, before it is due
        (ALL[:2], 44, (REMINDED, "reminder-2", 0, (CW,), ())),  # reminders go on
        (ALL[:3], 48, (MISSED, "due", 0, (CW, SV), ())),  # a miss is said all the same
        (ALL[:4], 72, (None, "rung-1", 1, (), ())),  # the ladder has stopped
        (ALL[:5], 120, (None, "rung-2", 2, (), ())),
        (ALL[:4], 500, (None, "rung-2", 2, (), ("rung-1",))),
        # after an outage: the miss is said, to nobody higher than the breach tells
        (ALL[:3], 80, (MISSED, "due", 0, (CW, SV), ("rung-1",))),
        ((), 500, (MISSED, "due", 0, (CW, SV), ("opened", *BEFORE, "rung-1", "rung-2"))),
    ],
)
def test_acknowledging_stops_the_rungs_and_not_the_miss(
    said: tuple[str, ...], at: float, expected: tuple[object, ...]
) -> None:
    found = announcement(a_duty(NINE + hours(40)), said, NINE + hours(at))
    assert found == Announcement(*expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [state for state in DeadlineState if state != "open"])
def test_settled_duty_says_nothing_however_late_its_moment_comes(state: DeadlineState) -> None:
    for at in (12, 24, 44, 48, 72, 120, 9999):
        assert announcement(a_deadline(state=state), (), NINE + hours(at)) is None


@pytest.mark.parametrize(
    ("offset", "kind"), [(-MOMENT, REMINDED), (timedelta(0), MISSED), (MOMENT, MISSED)]
)
def test_miss_is_said_at_the_due_instant_and_never_before(
    offset: timedelta, kind: AnnouncementKind
) -> None:
    found = announcement(a_duty(), (), DUE + offset)
    assert found is not None
    assert found.kind is kind


def test_breach_without_a_rung_tells_the_bearer_alone() -> None:
    deadline = a_deadline(a_rule(ladder=(), reminders=()))
    found = announcement(deadline, (), DUE)
    assert found == Announcement(MISSED, "due", 0, (CW,), ())


def test_bearer_who_is_also_the_first_rung_is_told_once() -> None:
    rule = a_rule(responsible=SV, reminders=(), ladder=(Rung(SV, Limit.parse("0 hours")),))
    found = announcement(a_deadline(rule), (), DUE)
    assert found == Announcement(MISSED, "due", 0, (SV,), ())


def test_first_to_acknowledge_stays_on_the_record() -> None:
    first = rules.acknowledge(a_deadline(), "sami", NINE + hours(1))
    again = rules.acknowledge(first, "mara", NINE + hours(2))
    assert (again.acknowledged_by, again.acknowledged_at) == ("sami", NINE + hours(1))


def test_settled_duty_needs_no_acknowledging() -> None:
    met = rules.meet(a_deadline(), NINE)
    assert rules.acknowledge(met, "sami", NINE + hours(1)) is met


def test_acknowledged_duty_is_still_owed() -> None:
    deadline = rules.acknowledge(a_deadline(), "sami", DUE)
    assert deadline.state is DeadlineState.OPEN
    assert deadline.is_overdue(DUE + MOMENT)


REMINDERS = st.sampled_from(
    ["half", "1 hours before", "4 hours before", "2 days before", "1 weeks before"]
)
LADDERS = st.lists(
    st.tuples(st.sampled_from([SV, MG, HEAD]), st.integers(0, 100)), max_size=4
)  # fmt: skip


@st.composite
def duties(draw: st.DrawFn) -> Deadline:
    rungs = tuple(Rung(role, Limit.parse(f"{after} hours")) for role, after in draw(LADDERS))
    opens = draw(st.none() | st.integers(1, 200))
    return a_deadline(
        a_rule(
            within=Limit.parse(f"{draw(st.integers(1, 400))} hours"),
            opens=Limit.parse(f"{opens} hours") if opens else None,
            reminders=tuple(Reminder.parse(text) for text in draw(st.lists(REMINDERS))),
            ladder=rungs,
        )
    )


MINUTES = st.lists(st.integers(0, 40_000), max_size=25)


@given(duties(), MINUTES, st.none() | st.integers(0, 40_000))
def test_nothing_is_announced_twice_in_any_order_and_repetition_of_moments(
    duty: Deadline, times: list[int], acknowledged: int | None
) -> None:
    """The clock may run back and moments may come twice: the owner keeps what it said or skipped."""
    noted: list[str] = []
    told: list[Announcement] = []
    for at in times:
        if acknowledged is not None and at >= acknowledged:
            duty = rules.acknowledge(duty, "sami", NINE + timedelta(minutes=at))
        found = announcement(duty, noted, NINE + timedelta(minutes=at))
        if found is not None:
            noted += [*found.skipped, found.moment]
            told.append(found)
    assert len(noted) == len(set(noted))
    assert set(noted) <= {moment.name for moment in duty.moments}
    assert [each.kind for each in told].count(MISSED) <= 1


@given(duties(), MINUTES)
def test_moments_that_have_come_are_all_accounted_for(duty: Deadline, times: list[int]) -> None:
    noted: set[str] = set()
    for at in times:
        found = announcement(duty, noted, NINE + timedelta(minutes=at))
        if found is not None:
            noted |= {*found.skipped, found.moment}
    last = NINE + timedelta(minutes=max(times, default=0))
    come = {moment.name for moment in duty.moments if moment.at <= last}
    assert noted == (come if times else set())


@given(duties(), MINUTES)
def test_duty_met_in_time_is_never_said_to_be_missed(duty: Deadline, times: list[int]) -> None:
    met = rules.meet(duty, duty.due_at)
    assert met.state is DeadlineState.MET
    assert all(announcement(met, (), NINE + timedelta(minutes=at)) is None for at in times)


@given(duties())
def test_moments_are_in_order_with_names_of_their_own_and_one_breach_when_due(
    duty: Deadline,
) -> None:
    names = [moment.name for moment in duty.moments]
    assert len(names) == len(set(names))
    assert [each.at for each in duty.moments if each.name == "due"] == [duty.due_at]
    reminders = [each.at for each in duty.moments if each.name.startswith("reminder-")]
    assert all(duty.anchored_at < at < duty.due_at for at in reminders)
    rungs = [each.at for each in duty.moments if each.name.startswith("rung-")]
    assert rungs == sorted(rungs)
