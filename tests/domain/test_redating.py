"""Dates that a rhythm of the pack proposed: another pack proposes its own, people's dates stay theirs."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid5

import pytest

from domain.deadlines import NAMESPACE, Deadline, Fact
from domain.policy import Limit, Pack
from domain.redating import Pace, pace, quickened, redated
from domain.replaying import Duty, Outcome, PastFact, replay
from domain.trying import try_pack
from domain.vocabulary import Risk, SubjectType
from tests.domain.deadline_builders import NINE, a_fact, a_pack, a_rule, hours, set_by

VISIT = a_rule(
    "visit",
    subject=SubjectType.FOLLOW_UP,
    anchors=("follow-up.agreed", "follow-up.continued"),
    met_by=("follow-up.recorded",),
    cancelled_by=("plan.replaced",),
    moved_by=("follow-up.quickened",),
    within=Limit.parse("as agreed"),
)
END = NINE + hours(2000)


def paced(**by_risk: str) -> Pack:
    """A pack with a rhythm: every 2 weeks unless a risk has its own."""
    every = dict.fromkeys(Risk, Limit.parse("2 weeks"))
    every |= {Risk(risk): Limit.parse(text) for risk, text in by_risk.items()}
    return replace(a_pack(VISIT), rhythms={"follow-up": every})


SLOW = paced(high="1 weeks")
QUICK = paced(medium="1 weeks", high="2 days", imminent="1 days")
DAY = hours(24)


def a_visit(name: str, day: float = 0, risk: Risk = Risk.MEDIUM, **changes) -> Fact:
    defaults = {"subject_type": SubjectType.FOLLOW_UP, "subject_id": "first"}
    return a_fact(f"follow-up.{name}", NINE + day * DAY, risk=risk, **(defaults | changes))


def a_date(name: str, day: float = 0, risk: Risk = Risk.MEDIUM, due: float = 14) -> PastFact:
    """A fact whose date, on so many days after the first, the rhythm of the time had proposed."""
    dated = a_visit(name, day, risk, agreed_due=NINE + due * DAY)
    return PastFact(dated, "cases", "follow-up")


def risen(day: float, risk: Risk, **changes) -> PastFact:
    return PastFact(a_fact("risk.changed", NINE + day * DAY, risk=risk, **changes), "cases")


def a_duty(due: datetime = NINE + 14 * DAY, **changes) -> Deadline:
    [deadline] = set_by(a_pack(VISIT), a_visit("agreed", agreed_due=due))
    return replace(deadline, **changes)


def dues(pack: Pack, *facts: PastFact) -> list[float]:
    """In days after the first fact."""
    return [(each.due_at - NINE) / DAY for each in replay(lambda _: pack, facts, END).duties]


@pytest.mark.parametrize(
    ("pack", "rhythm", "expected"),
    [
        (QUICK, "follow-up", Pace("follow-up", Risk.HIGH)),
        (QUICK, None, None),
        (QUICK, "review", None),
        (a_pack(VISIT), "follow-up", None),
    ],
)
def test_pace_is_that_of_a_rhythm_which_the_pack_has(pack, rhythm, expected) -> None:
    assert pace(pack, rhythm, a_visit("agreed", risk=Risk.HIGH)) == expected


def test_date_is_counted_from_the_fact_by_the_rhythm_at_its_risk() -> None:
    fact = a_visit("agreed", 3, agreed_due=NINE + 17 * DAY)
    for risk, day in ((Risk.MEDIUM, 10), (Risk.HIGH, 5), (Risk.LOW, 17)):
        due = redated(QUICK, Pace("follow-up", risk), fact, [a_duty()])
        assert due == replace(fact, agreed_due=NINE + day * DAY)


def test_date_that_people_agreed_on_stays() -> None:
    fact = a_visit("agreed", agreed_due=NINE + 3 * DAY)
    assert redated(QUICK, None, fact, []) is fact


@pytest.mark.parametrize(
    ("standing", "due"),
    [
        ([a_duty(NINE + 5 * DAY)], 5),  # it is due before already
        ([a_duty(NINE + 9 * DAY)], 8),
        ([a_duty(NINE + 9 * DAY), a_duty(NINE + 5 * DAY)], 5),
        ([a_duty(NINE + 5 * DAY, subject_id="second")], 8),
        ([a_duty(NINE + 5 * DAY, subject_type=SubjectType.ACTION)], 8),
        ([a_duty(NINE + 5 * DAY, step="unknown")], 8),
        ([], 8),
    ],
)
def test_what_moves_a_duty_gives_it_no_more_time(standing, due) -> None:
    fact = a_visit("quickened", 1, agreed_due=NINE + DAY)
    found = redated(QUICK, Pace("follow-up", Risk.MEDIUM), fact, standing)
    assert found == replace(fact, agreed_due=NINE + due * DAY)


def test_what_sets_a_duty_is_not_held_to_the_date_of_one_that_stands() -> None:
    found = redated(QUICK, Pace("follow-up", Risk.MEDIUM), a_visit("agreed", 1), [a_duty(NINE)])
    assert found.agreed_due == NINE + 8 * DAY


def test_risk_that_rises_brings_forward_what_a_rhythm_dated_at_a_lower_one() -> None:
    rise = a_fact("risk.changed", NINE + 2 * DAY, risk=Risk.HIGH)
    low, high = Pace("follow-up", Risk.LOW), Pace("follow-up", Risk.HIGH)
    agreed = a_duty(subject_id="second")
    [(fact, by)] = quickened(QUICK, rise, [(agreed, None), (a_duty(), high), (a_duty(), low)])
    assert by == high
    assert fact == replace(
        rise,
        id=fact.id,
        name="follow-up.quickened",
        subject_type=SubjectType.FOLLOW_UP,
        subject_id="first",
        agreed_due=NINE + 4 * DAY,
    )
    duty_id = a_duty().id
    assert fact.id == uuid5(NAMESPACE, f"{rise.id}|follow-up.quickened|{duty_id}")


def test_rise_gives_no_more_time_than_stands() -> None:
    rise = a_fact("risk.changed", NINE + 13 * DAY, risk=Risk.HIGH)
    [(fact, _)] = quickened(QUICK, rise, [(a_duty(), Pace("follow-up", Risk.LOW))])
    assert fact.agreed_due == NINE + 14 * DAY


def test_nothing_else_than_a_risk_that_changed_brings_forward() -> None:
    fact = a_fact("situation.worsened", NINE + 2 * DAY, risk=Risk.HIGH)
    assert list(quickened(QUICK, fact, [(a_duty(), Pace("follow-up", Risk.LOW))])) == []


def test_pack_with_another_rhythm_moves_every_follow_up() -> None:
    facts = [
        a_date("agreed", 0, due=14),
        PastFact(a_visit("recorded", 10), "cases"),
        a_date("continued", 10, due=24),
        PastFact(a_visit("recorded", 25), "cases"),
    ]
    trial = try_pack(facts, lambda _: SLOW, QUICK, until=END)
    told = [
        tuple(((side.due_at - NINE) / DAY, side.outcome) for side in (each.before, each.after))
        for each in trial.changes
        if each.before and each.after
    ]
    assert told == [
        ((14, Outcome.IN_TIME), (7, Outcome.LATE)),
        ((24, Outcome.LATE), (17, Outcome.LATE)),
    ]


def test_pack_without_that_rhythm_keeps_the_date_and_so_does_a_fact_from_before() -> None:
    named = a_date("agreed", due=9)
    assert dues(a_pack(VISIT), named) == [9]
    assert dues(QUICK, replace(named, rhythm=None)) == [9]


def test_date_that_no_record_has_is_proposed_by_the_rhythm() -> None:
    fact = PastFact(a_visit("agreed"), "cases", "follow-up")
    found = replay(lambda _: QUICK, [fact], END)
    assert (found.duties[0].due_at, found.undated) == (NINE + 7 * DAY, ())


def test_follow_up_brought_forward_on_the_record_is_brought_forward_by_the_other_rhythm() -> None:
    facts = [a_date("agreed"), risen(2, Risk.HIGH), a_date("quickened", 2, Risk.HIGH, due=9)]
    assert (dues(SLOW, *facts), dues(QUICK, *facts)) == ([9], [4])
    [duty] = replay(lambda _: QUICK, facts, END).duties
    assert (duty.moves, duty.risk) == (1, Risk.MEDIUM)


def test_follow_up_is_brought_forward_where_only_the_other_rhythm_is_quicker() -> None:
    facts = [a_date("agreed"), risen(8, Risk.HIGH)]  # a week after is no sooner than it was due
    assert (dues(SLOW, *facts), dues(paced(high="2 days"), *facts)) == ([14], [10])
    facts = [a_date("agreed"), risen(1, Risk.HIGH), risen(2, Risk.IMMINENT)]
    assert dues(QUICK, *facts) == [3]
    assert dues(QUICK, *facts[:2], risen(1.5, Risk.IMMINENT)) == [2.5]
    assert dues(QUICK, *facts[:2], risen(2, Risk.LOW)) == [3]


def test_rise_brings_nothing_forward_on_another_case_of_another_service_or_once_done() -> None:
    agreed = a_date("agreed")
    for fact in (
        risen(2, Risk.HIGH, case_ref="TL-7777-7777-7"),
        replace(risen(2, Risk.HIGH), owner="reviews"),
    ):
        assert dues(QUICK, agreed, fact) == [7]
    done = PastFact(a_visit("recorded", 1), "cases")
    [duty] = replay(lambda _: QUICK, [agreed, done, risen(2, Risk.HIGH)], END).duties
    assert (duty.due_at, duty.outcome, duty.moves) == (NINE + 7 * DAY, Outcome.IN_TIME, 0)


def test_follow_up_whose_date_people_agreed_on_is_brought_forward_as_on_the_record() -> None:
    agreed = PastFact(a_visit("agreed", agreed_due=NINE + 12 * DAY), "cases")
    assert dues(QUICK, agreed, risen(2, Risk.HIGH)) == [12]
    quick = a_date("quickened", 2, Risk.HIGH, due=9)
    assert dues(QUICK, agreed, risen(2, Risk.HIGH), quick) == [4]
    late = a_date("quickened", 11.5, Risk.HIGH, due=11.8)
    assert dues(QUICK, agreed, risen(11.5, Risk.HIGH), late) == [12]
    # From then on it has the rhythm's date.
    assert dues(QUICK, agreed, quick, risen(2.5, Risk.IMMINENT)) == [3.5]


def test_duty_brought_forward_is_told_from_the_fact_that_set_it() -> None:
    facts = [a_date("agreed"), risen(1, Risk.HIGH), PastFact(a_visit("recorded", 2.5), "cases")]
    set_id = set_by(QUICK, facts[0].fact)[0].id
    assert replay(lambda _: QUICK, facts, END).duties == (
        Duty(
            id=set_id,
            case_ref=facts[0].fact.case_ref,
            step="visit",
            risk=Risk.MEDIUM,
            anchored_at=NINE,
            due_at=NINE + 3 * DAY,
            outcome=Outcome.IN_TIME,
            settled_at=NINE + 2.5 * DAY,
            moves=1,
        ),
    )
