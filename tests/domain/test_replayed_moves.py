"""A case that was moved to another pack goes over with what it owes in a replay, as it did on the record."""

from dataclasses import replace

from domain.deadlines import Fact
from domain.policy import Limit, Pack
from domain.repinning import moves
from domain.replaying import Outcome, PastFact, _Courses, replay
from domain.time_granted import Grant
from domain.trying import try_pack
from domain.vocabulary import Risk
from tests.domain.deadline_builders import NINE, a_fact, a_pack, a_rule, hours

END = NINE + hours(500)
SLOW = replace(a_pack(), name="slow")
QUICK = replace(a_pack(a_rule(within=Limit.parse("12 hours"))), name="quick")
OTHER = replace(a_pack(a_rule("call")), name="other")
PACKS = {pack.id: pack for pack in (SLOW, QUICK, OTHER)}


def under(pack: Pack, name: str, at: float = 0, owner: str | None = None, **changes) -> PastFact:
    return PastFact(a_fact(name, NINE + hours(at), policy=pack.id, **changes), owner)


def moved(pack: Pack, at: float, owner: str | None = None) -> PastFact:
    return under(pack, "case.repinned", at, owner)


def followed(fact: Fact) -> Pack:
    return PACKS[fact.policy]


def told(*facts: PastFact) -> list[tuple[str, float, Outcome, int]]:
    """Step, hours until due after the first fact, what became of it, how often it was moved."""
    found = replay(followed, facts, END).duties
    return [
        (each.step, (each.due_at - NINE) / hours(1), each.outcome, each.moves) for each in found
    ]


def test_duty_is_reckoned_anew_from_its_own_anchor() -> None:
    facts = [under(SLOW, "asked"), moved(QUICK, 2)]
    assert told(*facts, under(QUICK, "done", 20)) == [("visit", 12, Outcome.LATE, 1)]
    there_and_back = [*facts, moved(SLOW, 3), under(SLOW, "done", 20)]
    assert told(*there_and_back) == [("visit", 48, Outcome.IN_TIME, 2)]


def test_what_is_settled_stays_as_it_was() -> None:
    facts = [under(SLOW, "asked"), under(SLOW, "done", 20), moved(QUICK, 21)]
    assert told(*facts) == [("visit", 48, Outcome.IN_TIME, 0)]


def test_duty_that_the_other_pack_does_not_know_ends_with_the_move() -> None:
    assert told(under(SLOW, "asked"), moved(OTHER, 2)) == [("visit", 48, Outcome.DROPPED, 0)]


def test_move_concerns_the_duties_of_the_owner_that_says_so_on_that_case() -> None:
    asked = [under(SLOW, "asked", owner="cases"), under(SLOW, "asked", 1, "cases")]
    for own in (None, "cases"):
        assert [due for _, due, _, _ in told(*asked, moved(QUICK, 2, own))] == [12, 13]
    assert [due for _, due, _, _ in told(*asked, moved(QUICK, 2, "reviews"))] == [48, 49]
    elsewhere = under(QUICK, "case.repinned", 2, case_ref="TL-7777-7777-7")
    assert [due for _, due, _, _ in told(*asked, elsewhere)] == [48, 49]


def test_duties_of_a_later_owner_go_over_too() -> None:
    pair = [a_rule("visit"), a_rule("answer", owner="referrals")]
    slow = replace(a_pack(*pair), name="slow")
    quick = replace(
        a_pack(*(replace(each, limits=QUICK.steps["visit"].limits) for each in pair)), name="quick"
    )
    packs = {"slow@1": slow, "quick@1": quick}
    facts = [under(SLOW, "asked"), moved(QUICK, 2, "referrals")]
    found = replay(lambda fact: packs[fact.policy], facts, END).duties
    assert {each.step: (each.due_at - NINE) / hours(1) for each in found} == {
        "visit": 48,
        "answer": 12,
    }


def test_only_the_move_itself_moves() -> None:
    facts = [under(SLOW, "asked"), under(QUICK, "called", 2), under(QUICK, "case.repinned", 3)]
    assert told(*facts[:2]) == [("visit", 48, Outcome.NEVER, 0)]
    assert told(*facts) == [("visit", 12, Outcome.NEVER, 1)]


def test_first_rounds_are_not_reckoned_anew_where_the_pack_stays() -> None:
    rounds = a_rule(first_rounds=(Limit.parse("24 hours"),))
    pack = replace(a_pack(rounds), name="slow")
    facts = [under(SLOW, "asked"), moved(SLOW, 2)]
    found = replay(lambda _: pack, facts, END).duties
    assert [(each.due_at - NINE, each.moves) for each in found] == [(hours(24), 0)]


def test_risk_behind_the_duty_is_that_at_which_it_was_set() -> None:
    by_risk = dict.fromkeys(Risk, Limit.parse("6 hours")) | {Risk.LOW: Limit.parse("10 hours")}
    quick = replace(a_pack(a_rule(within=by_risk)), name="quick")
    move = under(QUICK, "case.repinned", 2, risk=Risk.LOW)
    packs = {"slow@1": SLOW, "quick@1": quick}
    [duty] = replay(lambda fact: packs[fact.policy], [under(SLOW, "asked"), move], END).duties
    assert (duty.due_at, duty.risk) == (NINE + hours(10), Risk.UNKNOWN)


def test_time_granted_before_the_move_stays() -> None:
    longer = PastFact(a_fact("deadline.extended", NINE + hours(1)), grant=Grant("visit", hours(9)))
    named = replace(
        longer, fact=replace(longer.fact, subject_id=a_fact().case_ref, policy="slow@1")
    )
    assert told(under(SLOW, "asked"), named, moved(QUICK, 2))[0][1] == 57


def test_rhythm_goes_on_under_the_pack_that_the_case_went_over_to() -> None:
    visit = a_rule(within=Limit.parse("as agreed"), moved_by=("follow-up.quickened",))
    every = dict.fromkeys(Risk, Limit.parse("2 weeks")) | {Risk.HIGH: Limit.parse("2 days")}
    slow, quick = (
        replace(a_pack(visit), name=name, rhythms={"follow-up": every})
        for name in ("slow", "quick")
    )
    calmer = replace(quick, steps={"visit": replace(visit, reminders=())})
    packs = {"slow@1": slow, "quick@1": calmer}
    facts = [
        replace(under(SLOW, "asked"), rhythm="follow-up"),
        moved(QUICK, 24),
        under(QUICK, "risk.changed", 48, risk=Risk.HIGH),
    ]
    [duty] = replay(lambda fact: packs[fact.policy], facts, END).duties
    assert (duty.due_at, duty.moves) == (NINE + hours(96), 2)


def test_pack_that_is_tried_is_followed_from_beginning_to_end() -> None:
    facts = [under(SLOW, "asked"), moved(QUICK, 2), under(QUICK, "done", 20)]
    [change] = try_pack(facts, followed, SLOW, END).changes
    sides = [(each.due_at - NINE, each.moves) for each in (change.before, change.after) if each]
    assert sides == [(hours(12), 1), (hours(48), 0)]


def test_what_stands_after_the_move_is_the_deadline_that_the_record_has() -> None:
    asked, move = under(SLOW, "asked"), moved(QUICK, 2)
    courses = _Courses()
    courses.happened(SLOW, asked)
    [before] = courses.standing_on(asked.fact)
    courses.happened(QUICK, move)
    [found] = moves([before], SLOW, QUICK, Risk.UNKNOWN, move.fact.id)
    assert courses.standing_on(asked.fact) == [found.after]
