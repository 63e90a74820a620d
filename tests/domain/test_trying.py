"""A pack tried on past facts, against results worked out by hand, and on facts that know of no change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Malformed
from domain.policy import Limit, Pack
from domain.replaying import MISSED, Outcome, PastFact, replay
from domain.trying import Changed, by_step, by_step_and_risk, try_pack
from domain.vocabulary import Risk, SubjectType
from tests.domain.deadline_builders import NINE, a_fact, a_pack, a_rule, hours

BY_RISK = {**dict.fromkeys(Risk, Limit.parse("48 hours")), Risk.HIGH: Limit.parse("24 hours")}
NOW = a_pack(a_rule(within=BY_RISK), a_rule("plan", anchors=("done",), met_by=("planned",)))
# The same by half the time; the plan is no duty there, a call is.
SHORT = a_pack(
    a_rule(within=Limit.parse("12 hours")), a_rule("call", anchors=("asked",), met_by=("called",))
)
END = NINE + hours(100)


def a_past(name: str, after: float, case: str = "a", risk: Risk = Risk.LOW, **changes) -> PastFact:
    fact = a_fact(name, NINE + hours(after), case_ref=case, risk=risk, **changes)
    return PastFact(fact)


FACTS = [  # case, risk, what happened when
    a_past("asked", 0, "a"),
    a_past("asked", 0.1, "b", Risk.HIGH),
    a_past("asked", 0.2, "c"),
    a_past("asked", 0.3, "d"),
    a_past("done", 10, "a"),  # in time under both
    a_past("done", 20.1, "b", Risk.HIGH),  # 20 hours: in time now, late in 12
    a_past("done", 60.2, "c"),  # late under both
    a_past("dropped", 40, "d"),  # before it was due now, after it would have been
]
# step   case  due now  what became of it   would be due  what would have become of it
BY_HAND = {
    ("visit", "a"): (48, Outcome.IN_TIME, 12, Outcome.IN_TIME),
    ("visit", "b"): (24.1, Outcome.IN_TIME, 12.1, Outcome.LATE),
    ("visit", "c"): (48.2, Outcome.LATE, 12.2, Outcome.LATE),
    ("visit", "d"): (48.3, Outcome.DROPPED, 12.3, Outcome.NEVER),
    ("plan", "a"): (58, Outcome.NEVER, None, None),
    ("plan", "b"): (68.1, Outcome.NEVER, None, None),
    ("plan", "c"): (108.2, Outcome.AHEAD, None, None),
    ("call", "a"): (None, None, 48, Outcome.NEVER),
    ("call", "b"): (None, None, 48.1, Outcome.NEVER),
    ("call", "c"): (None, None, 48.2, Outcome.NEVER),
    ("call", "d"): (None, None, 48.3, Outcome.DROPPED),
}


def the_trial():
    return try_pack(FACTS, lambda _: NOW, SHORT, until=END)


def test_trial_of_a_few_facts_is_what_a_hand_works_out() -> None:
    found = {}
    for each in the_trial().changes:
        sides = [
            side
            for duty in (each.before, each.after)
            for side in (((duty.due_at - NINE) / hours(1), duty.outcome) if duty else (None, None))
        ]
        found[each.either.step, each.either.case_ref] = tuple(sides)
    assert found == BY_HAND


def test_changes_are_counted_by_step_in_the_order_of_the_pack() -> None:
    visit, call, plan = by_step(the_trial(), SHORT.steps)
    assert (visit.step, call.step, plan.step) == ("visit", "call", "plan")
    assert (len(visit.changes), visit.earlier, visit.later) == (4, 4, 0)
    assert (visit.before(Outcome.IN_TIME), visit.after(Outcome.IN_TIME)) == (2, 1)
    assert (visit.before(*MISSED), visit.after(*MISSED)) == (1, 3)
    assert (visit.newly_missed, visit.no_longer_missed) == (2, 0)
    assert (call.added, call.gone, plan.added, plan.gone) == (4, 0, 0, 3)


def test_changes_are_counted_by_risk_the_gravest_first() -> None:
    rows = by_step_and_risk(the_trial(), SHORT.steps)
    assert [(row.step, row.risk, len(row.changes)) for row in rows] == [
        ("visit", Risk.HIGH, 1),
        ("visit", Risk.LOW, 3),
        ("call", Risk.HIGH, 1),
        ("call", Risk.LOW, 3),
        ("plan", Risk.HIGH, 1),
        ("plan", Risk.LOW, 2),
    ]


def test_longer_limit_turns_a_miss_into_a_duty_in_time() -> None:
    longer = a_pack(a_rule(within=Limit.parse("72 hours")))
    facts = [a_past("asked", 0), a_past("done", 60)]
    (change,) = try_pack(facts, lambda _: a_pack(), longer).changed
    assert (change.is_later, change.is_no_longer_missed) == (True, True)


def test_moved_duty_is_one_duty_with_its_last_due_instant() -> None:
    facts = [a_past("asked", 0), a_past("changed", 2, risk=Risk.HIGH), a_past("done", 25)]
    (duty,) = replay(lambda _: NOW, facts[:3], END).duties[:1]
    assert (duty.moves, duty.due_at, duty.risk) == (1, NINE + hours(26), Risk.LOW)
    assert duty.outcome is Outcome.IN_TIME


def test_fact_said_twice_sets_nothing_twice() -> None:
    facts = [a_past("asked", 0), a_past("asked", 0)]
    assert len(replay(lambda _: NOW, facts, END).duties) == 1


def test_date_that_nobody_agreed_on_is_named_and_leaves_the_rest_standing() -> None:
    agreed = a_rule("agreed", within=Limit.parse("as agreed"), met_by=("kept",))
    facts = [a_past("asked", 0), a_past("done", 5)]
    trial = try_pack(facts, lambda _: NOW, a_pack(a_rule(), agreed), until=END)
    assert [fact.name for fact in trial.undated] == ["asked"]
    assert {each.either.step for each in trial.changes if each.after} == {"visit"}
    dated = [a_past("asked", 0, agreed_due=NINE + hours(7))]
    assert not try_pack(dated, lambda _: NOW, a_pack(agreed), until=END).undated


def test_fact_of_one_owner_bears_on_no_other_owners_duties() -> None:
    pack = a_pack(a_rule(), a_rule("answer", owner="referrals"))
    fact = a_past("asked", 0).fact
    assert [
        duty.step for duty in replay(lambda _: pack, [PastFact(fact, "referrals")], END).duties
    ] == ["answer"]
    assert len(replay(lambda _: pack, [PastFact(fact)], END).duties) == 2


def test_change_has_a_duty_on_one_side_at_least() -> None:
    with pytest.raises(LookupError):
        _ = Changed(None, None).either


def test_without_facts_there_is_nothing_to_try() -> None:
    with pytest.raises(Malformed) as refused:
        try_pack([], lambda _: NOW, SHORT)
    assert (refused.value.detail, refused.value.field) == (
        "There is no fact to try the pack on.",
        "facts",
    )


SUBJECTS = ((SubjectType.CASE, "a"), (SubjectType.ACTION, "one"), (SubjectType.ACTION, "two"))
PACKS = (
    NOW,
    SHORT,
    a_pack(a_rule(subject=SubjectType.ACTION), a_rule("act", within=Limit.parse("as agreed"))),
)


@st.composite
def past(draw: st.DrawFn) -> PastFact:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 60 * 24 * 400)))
    subject_type, subject_id = draw(st.sampled_from(SUBJECTS))
    agreed = draw(st.none() | st.integers(1, 2000))
    fact = a_fact(
        draw(st.sampled_from(("asked", "done", "dropped", "changed", "planned", "called"))),
        at,
        case_ref=draw(st.sampled_from("ab")),
        risk=draw(st.sampled_from(Risk)),
        subject_type=subject_type,
        subject_id=subject_id,
        agreed_due=at + hours(agreed) if agreed else None,
    )
    return PastFact(fact, draw(st.sampled_from((None, "cases"))))


@settings(max_examples=150, deadline=None)
@given(facts=st.lists(past(), min_size=1, max_size=25), pack=st.sampled_from(PACKS))
def test_pack_tried_on_facts_of_the_same_pack_changes_nothing(
    facts: list[PastFact], pack: Pack
) -> None:
    trial = try_pack(facts, lambda _: pack, pack)
    assert trial.changed == ()
    assert all(row.earlier == row.later == row.added == row.gone == 0 for row in by_step(trial, ()))


@settings(max_examples=100, deadline=None)
@given(facts=st.lists(past(), min_size=1, max_size=25))
def test_shorter_limits_never_turn_a_miss_into_a_duty_in_time(facts: list[PastFact]) -> None:
    long, short = (a_pack(a_rule(moved_by=(), within=Limit.parse(f"{n} hours"))) for n in (48, 12))
    trial = try_pack(facts, lambda _: long, short)
    assert not any(each.is_later or each.is_no_longer_missed for each in trial.changes)
