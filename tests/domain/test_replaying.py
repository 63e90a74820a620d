"""Past facts gone through once more: each duty whole, and whose practice and whose duties a fact bears on."""

from dataclasses import replace

import pytest

from domain.deadlines import Fact
from domain.policy import Limit, Pack
from domain.replaying import Duty, Outcome, PastFact, replay
from domain.vocabulary import Risk
from tests.domain.deadline_builders import CASE, NINE, a_fact, a_pack, a_rule, hours, set_by

ASKED, DONE = a_fact(risk=Risk.HIGH), a_fact("done", NINE + hours(5))
END = NINE + hours(100)


def replayed(pack: Pack, *facts: PastFact | Fact) -> tuple[Duty, ...]:
    past = [each if isinstance(each, PastFact) else PastFact(each) for each in facts]
    return replay(lambda _: pack, past, END).duties


def test_duty_is_told_from_the_fact_that_set_it_to_its_end() -> None:
    assert replayed(a_pack(), ASKED, DONE) == (
        Duty(
            id=set_by(a_pack(), ASKED)[0].id,
            case_ref=CASE,
            step="visit",
            risk=Risk.HIGH,
            anchored_at=NINE,
            due_at=NINE + hours(48),
            outcome=Outcome.IN_TIME,
            settled_at=NINE + hours(5),
            moves=0,
        ),
    )


@pytest.mark.parametrize(
    ("until", "outcome"), [(48, Outcome.AHEAD), (48.01, Outcome.NEVER), (47, Outcome.AHEAD)]
)
def test_duty_is_missed_only_after_its_due_instant(until: float, outcome: Outcome) -> None:
    (duty,) = replay(lambda _: a_pack(), [PastFact(ASKED)], NINE + hours(until)).duties
    assert duty.outcome is outcome


@pytest.mark.parametrize(("at", "outcome"), [(48, Outcome.DROPPED), (48.01, Outcome.NEVER)])
def test_duty_dropped_at_its_due_instant_was_not_missed(at: float, outcome: Outcome) -> None:
    (duty,) = replayed(a_pack(), ASKED, a_fact("dropped", NINE + hours(at)))
    assert duty.outcome is outcome


def test_each_fact_is_read_by_the_pack_of_its_own_case() -> None:
    packs = {"a": a_pack(), "b": a_pack(a_rule(within=Limit.parse("12 hours")))}
    facts = [
        PastFact(replace(a_fact(at=NINE + hours(n)), case_ref=ref)) for n, ref in enumerate("ab")
    ]
    duties = replay(lambda fact: packs[fact.case_ref], facts, END).duties
    assert [(each.case_ref, each.due_at - each.anchored_at) for each in duties] == [
        ("a", hours(48)),
        ("b", hours(12)),
    ]


def test_fact_told_to_one_service_ends_no_duty_of_another() -> None:
    pack = a_pack(a_rule(), a_rule("answer", owner="referrals"))
    duties = replayed(pack, ASKED, PastFact(DONE, "referrals"))
    assert {each.step: each.outcome for each in duties} == {
        "visit": Outcome.NEVER,
        "answer": Outcome.IN_TIME,
    }


def test_date_that_another_service_would_need_is_not_missed_here() -> None:
    agreed = a_rule("answer", owner="referrals", within=Limit.parse("as agreed"))
    pack = a_pack(a_rule(), agreed)
    for owner, undated in (("cases", 0), ("referrals", 1), (None, 1)):
        found = replay(lambda _: pack, [PastFact(ASKED, owner)], END)
        assert len(found.undated) == undated


def test_fact_said_again_sets_only_what_it_has_not_set() -> None:
    """The case had moved to a practice that asks for more."""
    both = a_pack(a_rule(), a_rule("call"))
    found = replay(
        lambda fact: both if fact.number == 2 else a_pack(), [PastFact(ASKED), PastFact(ASKED)], END
    )
    assert [each.step for each in found.duties] == ["visit", "call"]
