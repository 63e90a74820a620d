"""What is frequent at first and then rarer, and who owes what people agreed on."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.deadlines import Fact, consequences
from domain.pack_differences import differences
from domain.pack_words import describe, quorum_words
from domain.policy import Limit, Pack, Quorum
from domain.replaying import PastFact, replay
from domain.vocabulary import Risk, Role, SubjectType
from infrastructure.policy_packs import PolicyPacks
from tests.domain.deadline_builders import NINE, a_fact, a_pack, a_rule, hours, set_by

PACKS = PolicyPacks.load()
DEFAULT, RELIEF = PACKS.get("default@1"), PACKS.get("humanitarian@1")
ROUNDS = (Limit.parse("12 hours"), Limit.parse("24 hours"))


def a_repeated_rule(**changes: object):
    return a_rule(first_rounds=ROUNDS, **changes)


@pytest.mark.parametrize(
    ("number", "due"),
    [
        (0, 48),  # rounds are not counted
        (1, 12),
        (2, 24),
        (3, 48),  # beyond the rounds that are named: the rule for all
    ],
)
def test_first_rounds_have_their_own_time(number: int, due: int) -> None:
    [deadline] = set_by(a_pack(a_repeated_rule()), a_fact(number=number))
    assert deadline.due_at == NINE + hours(due)


def test_duty_is_owed_by_whom_people_agreed_on() -> None:
    people = {Role.CASEWORKER: "amal", Role.PROVIDER: "paula"}
    [deadline] = set_by(a_pack(), a_fact(bearer=Role.PROVIDER, people=people))
    assert (deadline.responsible.role, deadline.responsible.person_id) == ("provider", "paula")


@pytest.mark.parametrize(
    ("pack", "dues"),
    [
        (DEFAULT, ["2027-06-04", "2027-06-04", "2027-06-04"]),  # every three months
        (RELIEF, ["2027-03-18", "2027-03-25", "2027-04-04"]),  # two weeks, three, then monthly
    ],
    ids=lambda value: value.name if isinstance(value, Pack) else "",
)
def test_reviews_are_as_frequent_as_the_pack_says(pack: Pack, dues: list[str]) -> None:
    start = datetime(2027, 3, 4, 15, tzinfo=ZoneInfo(pack.calendar.zone))
    found = []
    for number in (1, 2, 3):
        fact = Fact(
            UUID(int=number), "review.owed", start, "TL-7K2M-9QXA-Y", "agency-north", pack.id,
            subject_type=SubjectType.REVIEW, subject_id="r", number=number,
        )  # fmt: skip
        [deadline] = consequences(pack, "reviews", [], fact).set
        found.append(deadline.due_at.astimezone(start.tzinfo).date().isoformat())
    assert found == dues


def test_replay_counts_the_rounds_and_begins_anew_when_a_case_is_reopened() -> None:
    facts = [
        PastFact(a_fact(at=NINE)),
        PastFact(a_fact("other", at=NINE + hours(1), case_ref="TL-7777-7777-7")),
        PastFact(a_fact(at=NINE + hours(2))),
        PastFact(a_fact(at=NINE + hours(3))),
        PastFact(a_fact("case.reopened", at=NINE + hours(4))),
        PastFact(a_fact(at=NINE + hours(5))),
    ]
    pack = a_pack(a_repeated_rule())
    duties = replay(lambda _: pack, facts, NINE + hours(100)).duties
    assert [(each.due_at - each.anchored_at) / hours(1) for each in duties] == [12, 24, 48, 12]


def test_rounds_are_told_and_their_change_too() -> None:
    plain, repeated = a_pack(a_rule()), a_pack(a_repeated_rule())
    words = "The first is due within 12 hours, the next within 24 hours"
    [chapter] = [each for each in describe(repeated) if each.title.startswith("What is owed")]
    assert f"{words}." in chapter.passages[0].sentences
    assert differences(plain, repeated)[0].passages[0].sentences == (
        f"{words} instead of: Each is due alike.",
    )
    assert differences(repeated, plain)[0].passages[0].sentences == (
        f"Each is due alike instead of: {words}.",
    )


@pytest.mark.parametrize(
    ("quorum", "words"),
    [
        (Quorum(True, 1, 2, True), "the chair, 1 of caseworker and supervisor and people of 2 agencies"),
        (Quorum(False, 0, 1), "people of 1 agency"),
        (Quorum(False, 0, 0), "anybody"),
    ],
)  # fmt: skip
def test_quorum_is_told_in_a_sentence(quorum: Quorum, words: str) -> None:
    counts, recorded = quorum_words(quorum)
    assert counts == f"An outcome counts with {words} present."
    assert recorded.endswith("always." if quorum.attendance_needed else "as far as it is known.")


def test_change_of_a_quorum_is_told() -> None:
    quorum = Quorum(True, 1, 1)
    without, with_one, other = (
        Pack("test", 1, "Test", a_pack().calendar, {}, {}, quorums=quorums)
        for quorums in ({}, {"review": quorum}, {"review": Quorum(True, 2, 1)})
    )
    assert differences(with_one, with_one) == ()
    for before, after, begins in (
        (without, with_one, "An outcome counts"),
        (with_one, other, "An outcome counts with the chair, 2"),
        (with_one, without, "No longer named"),
    ):
        [chapter] = differences(before, after)
        assert chapter.passages[0].sentences[0].startswith(begins)
    [chapter] = [each for each in describe(with_one) if each.title == "Who must be at a meeting"]
    assert chapter.passages[0].heading == "Review"


def test_every_shipped_pack_says_who_must_be_at_each_kind_of_meeting() -> None:
    for pack in PACKS.packs.values():
        assert set(pack.quorums) == {"review", "conference", "planning"}
        assert set(pack.figures) >= set(DEFAULT.figures)
    assert RELIEF.quorums["review"].attendance_needed
    assert RELIEF.step("review").limit(Risk.LOW, 1) == Limit.parse("2 weeks")
