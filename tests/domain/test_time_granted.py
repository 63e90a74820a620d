"""Time granted on the record is granted once more in a replay, to the duty of the same step and subject."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.policy import Limit, Pack
from domain.replaying import Outcome, PastFact, replay
from domain.time_granted import Grant, duty_of, given
from domain.trying import try_pack
from domain.vocabulary import DeadlineState, Risk, SubjectType
from tests.domain.deadline_builders import NINE, a_deadline, a_fact, a_pack, a_rule, hours

ASKED, END = PastFact(a_fact()), NINE + hours(500)


def granted(name: str, at: float, time: float | None, step: str = "visit", **changes) -> PastFact:
    """So many hours later; None: waived."""
    own = {"subject_id": a_fact().case_ref} | {
        key: changes.pop(key) for key in ("subject_type", "subject_id") if key in changes
    }
    fact = a_fact(f"deadline.{name}", NINE + hours(at), **own)
    length = None if time is None else hours(time)
    return PastFact(fact, grant=Grant(step, length), **changes)


def done(at: float) -> PastFact:
    return PastFact(a_fact("done", NINE + hours(at)))


def dues(pack: Pack, *facts: PastFact) -> list[tuple[float, Outcome, int]]:
    """In hours after the first fact; what became of it; how often it was moved."""
    found = replay(lambda _: pack, facts, END).duties
    return [((each.due_at - NINE) / hours(1), each.outcome, each.moves) for each in found]


def test_duty_that_is_given_time_falls_due_so_much_later() -> None:
    duty = a_deadline()
    assert given(Grant("visit", hours(30)), duty, a_fact()) == replace(
        duty, due_at=NINE + hours(78)
    )
    assert given(Grant("visit", -hours(8)), duty, a_fact()).due_at == NINE + hours(40)
    assert given(Grant("visit", timedelta(0)), duty, a_fact()) == duty


def test_duty_that_is_waived_ends_with_it() -> None:
    duty = a_deadline()
    assert given(Grant("visit"), duty, a_fact(at=NINE + hours(3))) == replace(
        duty, state=DeadlineState.WAIVED, settled_at=NINE + hours(3)
    )


def test_duty_is_found_by_its_step_and_subject() -> None:
    fact = a_fact(subject_type=SubjectType.ACTION, subject_id="one")
    duty = a_deadline(subject_type=SubjectType.ACTION, subject_id="one")
    others = [
        replace(duty, step="call"),
        replace(duty, subject_id="two"),
        replace(duty, subject_type=SubjectType.REFERRAL),
    ]
    later = replace(duty, due_at=duty.due_at + hours(1))
    assert duty_of(Grant("visit"), fact, [*others, duty, later]) is duty
    assert duty_of(Grant("visit"), fact, others) is None


def test_extension_turns_a_miss_into_a_duty_in_time_as_on_the_record() -> None:
    assert dues(a_pack(), ASKED, done(60)) == [(48, Outcome.LATE, 0)]
    longer = granted("extended", 40, 24)
    assert dues(a_pack(), ASKED, longer, done(60)) == [(72, Outcome.IN_TIME, 1)]
    assert dues(a_pack(), ASKED, longer, done(73)) == [(72, Outcome.LATE, 1)]
    assert dues(a_pack(), ASKED, longer, longer) == [(96, Outcome.NEVER, 2)]


def test_pause_that_ends_early_gives_back_what_was_not_used() -> None:
    facts = [ASKED, granted("paused", 10, 20), granted("resumed", 15, -15)]
    assert dues(a_pack(), *facts, done(53)) == [(53, Outcome.IN_TIME, 2)]


def test_duty_waived_is_dropped_and_never_met_afterwards() -> None:
    found = replay(lambda _: a_pack(), [ASKED, granted("waived", 10, None), done(20)], END)
    [duty] = found.duties
    assert (duty.outcome, duty.settled_at, duty.moves) == (Outcome.DROPPED, NINE + hours(10), 0)
    assert dues(a_pack(), ASKED, granted("waived", 50, None)) == [(48, Outcome.NEVER, 0)]


def test_time_granted_concerns_no_other_duty() -> None:
    for other in (
        granted("extended", 10, 5, step="call"),
        granted("extended", 10, 5, owner="referrals"),
        granted("extended", 10, 5, subject_id="other"),
        replace(
            granted("extended", 10, 5),
            fact=replace(granted("extended", 10, 5).fact, case_ref="TL-7777-7777-7"),
        ),
    ):
        assert dues(a_pack(), ASKED, other) == [(48, Outcome.NEVER, 0)]
    for own in (None, "cases"):
        assert dues(a_pack(), ASKED, granted("extended", 10, 5, owner=own))[0][0] == 53


def test_time_granted_is_nothing_where_the_duty_is_done_already() -> None:
    facts = [ASKED, done(10), granted("extended", 20, 5)]
    assert dues(a_pack(), *facts) == [(48, Outcome.IN_TIME, 0)]
    assert dues(a_pack(), granted("extended", 20, 5)) == []


def test_duty_of_every_owner_is_looked_through() -> None:
    pack = a_pack(a_rule("answer", owner="referrals"), a_rule("visit"))
    longer = granted("extended", 10, 5, step="answer")
    assert [due for due, _, _ in dues(pack, ASKED, longer)] == [48, 53]


def test_trial_supposes_that_the_same_length_of_time_would_have_been_granted() -> None:
    facts = [ASKED, granted("extended", 10, 24), done(60)]
    short = a_pack(a_rule(within=Limit.parse("12 hours")))
    [change] = try_pack(facts, lambda _: a_pack(), short, END).changes
    told = [(side.due_at - NINE, side.outcome) for side in (change.before, change.after) if side]
    assert told == [(hours(72), Outcome.IN_TIME), (hours(36), Outcome.LATE)]


@pytest.mark.parametrize(("limit", "due"), [("24 hours", 26), ("96 hours", 68)])
def test_risk_that_rises_still_brings_forward_what_was_given_time(limit: str, due: int) -> None:
    by_risk = dict.fromkeys(Risk, Limit.parse("48 hours")) | {Risk.HIGH: Limit.parse(limit)}
    rise = PastFact(a_fact("changed", NINE + hours(2), risk=Risk.HIGH))
    pack = a_pack(a_rule(within=by_risk))
    assert dues(pack, ASKED, granted("extended", 1, 20), rise)[0][0] == due


def test_date_that_a_rhythm_proposed_is_peoples_own_once_they_gave_it_more_time() -> None:
    """On the record a rise brings forward only what the rhythm at the higher risk makes sooner."""
    visit = a_rule(within=Limit.parse("as agreed"), moved_by=("follow-up.quickened",))
    every = dict.fromkeys(Risk, Limit.parse("2 weeks")) | {Risk.HIGH: Limit.parse("1 weeks")}
    pack = replace(a_pack(visit), rhythms={"follow-up": every})
    asked = PastFact(a_fact(), rhythm="follow-up")
    risen = PastFact(a_fact("risk.changed", NINE + hours(30), risk=Risk.HIGH))
    assert dues(pack, asked, risen)[0][0] == 7 * 24 + 30
    assert dues(pack, asked, granted("extended", 20, 100), risen)[0][0] == 14 * 24 + 100
