"""What changes from one practice to another, in the cases that come seldom."""

from dataclasses import replace

import pytest

from domain.pack_differences import differences
from domain.policy import Criterion, Limit, Pack, Quorum, Rung
from domain.vocabulary import Risk, Role
from tests.domain.deadline_builders import a_pack, a_rule

WEEKS = dict.fromkeys(Risk, Limit.parse("2 weeks"))


def said(before: Pack, after: Pack) -> dict[str, list[str]]:
    return {
        f"{chapter.title}: {passage.heading}": list(passage.sentences)
        for chapter in differences(before, after)
        for passage in chapter.passages
    }


@pytest.mark.parametrize(
    ("was", "becomes", "effect"),
    [
        ("2 weeks", "14 days", ""),  # the same by another name
        ("3 days", "36 hours", ": shorter by 1 day and 12 hours"),
        ("36 hours", "2 days", ": longer by 12 hours"),
        # a month has 28 to 31 days
        ("1 months", "3 weeks", ": shorter by 7 days to 10 days, by the day it starts"),
        ("1 months", "5 weeks", ": longer by 4 days to 7 days, by the day it starts"),
        ("31 days", "1 months", ": shorter by up to 3 days, or the same, by the day it starts"),
        ("28 days", "1 months", ": longer by up to 3 days, or the same, by the day it starts"),
        ("1 months", "30 days", ": shorter by up to 1 day or longer by up to 2 days, by the day it starts"),
        ("1 months", "as agreed", ""),  # nobody can say beforehand
    ],
)  # fmt: skip
def test_effect_of_another_length_is_told_with_its_span(
    was: str, becomes: str, effect: str
) -> None:
    before, after = (
        replace(a_pack(), periods={"settling": Limit.parse(text)}) for text in (was, becomes)
    )
    new, old = after.periods["settling"], before.periods["settling"]
    assert said(before, after) == {"Periods: Settling": [f"{new} instead of {old}{effect}."]}


@pytest.mark.parametrize(
    ("becomes", "often"),
    [
        ("14 days", ""),
        ("13 days", ": more often"),
        ("15 days", ": less often"),
        ("10 working days", ": more often"),  # sooner where a weekend is first
        ("9 working days", ": more often"),
        ("as agreed", ""),
    ],
)
def test_other_rhythm_is_told_as_more_or_less_often(becomes: str, often: str) -> None:
    limit = Limit.parse(becomes)
    before = replace(a_pack(), rhythms={"follow-up": WEEKS})
    after = replace(a_pack(), rhythms={"follow-up": WEEKS | {Risk.LOW: limit}})
    assert said(before, after) == {
        "Rhythms: Follow-up": [
            f"Every {limit} instead of every 2 weeks when the risk is low{often}."
        ]
    }


def test_rhythm_that_is_now_shorter_and_now_longer_is_told_as_both() -> None:
    """Three days are fewer than two working days over a weekend, and more within the week."""
    before, after = (
        replace(a_pack(), rhythms={"follow-up": dict.fromkeys(Risk, Limit.parse(text))})
        for text in ("3 days", "2 working days")
    )
    assert said(before, after)["Rhythms: Follow-up"][0] == (
        "Every 2 working days instead of every 3 days when the risk is imminent: now more often, now less."
    )


@pytest.mark.parametrize(
    ("was", "becomes", "sentence"),
    [
        ({"cancelled_by": ()}, {}, "It is dropped with “dropped”."),
        ({"moved_by": ()}, {}, "It is reckoned anew with “changed”."),
        ({"unless": ("died",)}, {}, "Grounds of closure after which it is not owed: none."),
        (
            {"opens": Limit.parse("2 days")},
            {"opens": Limit.parse("3 days")},
            "It may be done from 3 days after the start instead of from 2 days after the start.",
        ),
        (
            {"opens": Limit.parse("2 days")},
            {},
            "It may be done from the start instead of from 2 days after the start.",
        ),
        (
            {"pause_limit": Limit.parse("1 weeks")},
            {},
            "It may be paused never instead of for 1 week at most.",
        ),
        ({"title": "Call"}, {"title": "Visit"}, "Called so instead of “Call”."),
    ],
)
def test_change_of_a_duty_is_told_from_either_side(was: dict, becomes: dict, sentence: str) -> None:
    ((found,),) = said(a_pack(a_rule(**was)), a_pack(a_rule(**becomes))).values()
    assert found == sentence


def test_duties_whose_ladder_changes_alike_are_told_together() -> None:
    ladder = (Rung(Role.MANAGER, Limit.parse("2 hours")),)
    before = a_pack(a_rule("visit"), a_rule("call"), a_rule("plan"))
    after = a_pack(a_rule("visit", ladder=ladder), a_rule("call", ladder=ladder), a_rule("plan"))
    assert list(said(before, after)) == ["Ladders: visit; call"]


def test_criterion_with_another_name_is_told_by_the_new_one() -> None:
    before, after = (
        replace(a_pack(), criteria={"neglect": Criterion("neglect", title, Risk.LOW, "ours")})
        for title in ("Neglect", "Left alone")
    )
    assert said(before, after) == {"Criteria: Left alone": ["Called so instead of “Neglect”."]}


def test_quorum_is_told_in_a_chapter_of_its_own() -> None:
    after = replace(a_pack(), quorums={"review": Quorum(chair=True, of_case=1, agencies=0)})
    assert said(a_pack(), after) == {
        "Quorums: Review": [
            "An outcome counts with the chair and 1 of caseworker and supervisor present.",
            "Who was there is recorded as far as it is known.",
        ]
    }
    assert said(after, a_pack()) == {"Quorums: Review": ["No longer named: any outcome counts."]}
