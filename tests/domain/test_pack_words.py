"""A pack read as the description of the practice, and what changes from one to another, in sentences."""

from dataclasses import replace

import pytest

from domain.calendars import WorkCalendar
from domain.pack_differences import differences
from domain.pack_words import describe, fact, listed
from domain.policy import Criterion, Limit, Pack, Reminder, Rung
from domain.vocabulary import Risk, Role
from infrastructure.policy_packs import PolicyPacks
from tests.domain.deadline_builders import a_calendar, a_pack, a_rule

HIGH = {**dict.fromkeys(Risk, Limit.parse("48 hours")), Risk.HIGH: Limit.parse("24 hours")}
RHYTHM = dict.fromkeys(Risk, Limit.parse("2 weeks"))


def a_practice(*rules, **changes) -> Pack:
    pack = replace(
        a_pack(*rules),
        criteria={"neglect": Criterion("neglect", "Neglect", Risk.MEDIUM, "ours")},
        periods={"settling": Limit.parse("4 weeks")},
        rhythms={"follow-up": RHYTHM},
    )
    return replace(pack, **changes)


def said(before: Pack, after: Pack) -> dict[str, list[str]]:
    return {
        f"{chapter.title}: {passage.heading}": list(passage.sentences)
        for chapter in differences(before, after)
        for passage in chapter.passages
    }


def test_step_is_told_in_sentences() -> None:
    rule = a_rule(
        "visit",
        title="A first visit",
        anchors=("case.registered", "case.reopened"),
        met_by=("follow-up.recorded",),
        cancelled_by=("closure.passed-to-stand-in",),
        moved_by=("risk.changed",),
        unless=("died",),
        within=HIGH,
        opens=Limit.parse("2 hours"),
        pause_limit=Limit.parse("1 weeks"),
    )
    step = next(
        each for each in describe(a_practice(rule)) if each.title.startswith("What is owed")
    )
    assert step.passages[0].heading == "A first visit"
    assert step.passages[0].sentences == (
        "The caseworker does this within 48 hours when the risk is imminent, medium, low or unknown and "
        "within 24 hours when the risk is high, counted from “case registered” or “case reopened”.",
        "It is done with “follow-up recorded”.",
        "It may be done from 2 hours after the start.",
        "It is not owed after a closure as “died”.",
        "It is reckoned anew with “risk changed”.",
        "It is dropped with “closure passed to stand-in”.",
        "Its clock may be paused, for 1 week in all at most.",
        "The caseworker is reminded at half of the time and 4 hours before.",
        "If it is missed, these are told until somebody acknowledges it: the supervisor at once, the manager "
        "24 hours later and the agency head 72 hours later.",
    )


def test_step_that_nobody_is_reminded_of_and_nothing_drops_says_so_by_silence() -> None:
    rule = a_rule(cancelled_by=(), moved_by=(), reminders=())
    step = next(
        each for each in describe(a_practice(rule)) if each.title.startswith("What is owed")
    )
    assert [sentence[:14] for sentence in step.passages[0].sentences] == [
        "The caseworker",
        "It is done wit",
        "If it is misse",
    ]


@pytest.mark.parametrize("pack", PolicyPacks.load().packs.values(), ids=lambda pack: pack.id)
def test_every_step_criterion_and_length_of_a_shipped_pack_is_told(pack: Pack) -> None:
    chapters = {chapter.title: chapter.passages for chapter in describe(pack)}
    assert [each.heading for each in chapters["What is owed, by whom and by when"]] == [
        rule.title for rule in pack.steps.values()
    ]
    assert len(chapters["Whom the agency registers"]) == len(pack.criteria)
    assert len(chapters["Other lengths of time"]) == len(pack.periods)
    assert all(each.source for each in chapters["What is owed, by whom and by when"])


@pytest.mark.parametrize("pack", PolicyPacks.load().packs.values(), ids=lambda pack: pack.id)
def test_pack_does_not_differ_from_itself(pack: Pack) -> None:
    assert differences(pack, pack) == ()


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (  # for every risk alike
            {"within": Limit.parse("24 hours")},
            ["Due within 24 hours instead of within 48 hours: shorter by 1 day."],
        ),
        (  # at one risk only
            {"within": HIGH},
            [
                "Due within 24 hours instead of within 48 hours when the risk is high: shorter by 1 day."
            ],
        ),
        (  # in another unit: by the weekend, what is two working days is two to four days
            {"within": Limit.parse("2 working days")},
            [
                "Due within 2 working days instead of within 48 hours: longer by up to 2 days, or the same, "
                "by the day it starts."
            ],
        ),
        (
            {"within": Limit.parse("as agreed")},
            ["Due by the date agreed with those concerned instead of within 48 hours."],
        ),
        (
            {"anchors": ("asked", "case.reopened"), "met_by": ("seen",)},
            [
                "It is counted from “case reopened” too.",
                "It is done with “seen” too.",
                "It is done with “done” no longer.",
            ],
        ),
        ({"cancelled_by": ()}, ["It is dropped with “dropped” no longer."]),
        ({"moved_by": ()}, ["It is reckoned anew with “changed” no longer."]),
        (
            {"reminders": (Reminder.parse("half"),)},
            [
                "Reminders come at half of the time instead of at half of the time and 4 hours before."
            ],
        ),
        (
            {"reminders": ()},
            ["Reminders come never instead of at half of the time and 4 hours before."],
        ),
        (
            {"opens": Limit.parse("2 weeks")},
            ["It may be done from 2 weeks after the start instead of from the start."],
        ),
        (
            {"responsible": Role.SUPERVISOR},
            ["The supervisor owes it instead of the caseworker."],
        ),
        (
            {"pause_limit": Limit.parse("1 months")},
            ["It may be paused for 1 month at most instead of never."],
        ),
        (
            {"unless": ("died",)},
            ["Grounds of closure after which it is not owed: died."],
        ),
        ({"title": "Call"}, ["Called so instead of “visit”."]),
    ],
)
def test_change_of_a_step_is_said(changes: dict, sentences: list[str]) -> None:
    (found,) = said(a_practice(), a_practice(a_rule(**changes))).values()
    assert found == sentences


def test_change_of_a_ladder_is_said_once_for_every_duty() -> None:
    ladder = (Rung(Role.MANAGER, Limit.parse("2 hours")),)
    before = a_practice(a_rule(), a_rule("call"))
    after = a_practice(a_rule(ladder=ladder), a_rule("call", ladder=ladder))
    assert said(before, after) == {
        "Ladders: Every duty": [
            "If it is missed, these are told until somebody acknowledges it: the manager 2 hours later.",
            "Formerly: the supervisor at once, the manager 24 hours later and the agency head 72 hours later.",
        ]
    }
    only = a_practice(a_rule(ladder=ladder), a_rule("call"))
    assert list(said(before, only)) == ["Ladders: visit"]


def test_duties_that_come_and_go_are_said() -> None:
    found = said(a_practice(a_rule()), a_practice(a_rule("call", title="A call")))
    assert found["Steps: visit"] == ["Nobody owes this any more."]
    assert found["Steps: A call"][0] == "New duty."


def test_change_of_criteria_rhythms_and_periods_is_said() -> None:
    after = a_practice(
        criteria={
            "neglect": Criterion("neglect", "Neglect", Risk.HIGH, "ours"),
            "alone": Criterion("alone", "Alone", Risk.IMMINENT, "ours"),
        },
        periods={"settling": Limit.parse("2 weeks"), "rest": Limit.parse("1 days")},
        rhythms={"follow-up": {**RHYTHM, Risk.HIGH: Limit.parse("1 days")}},
    )
    assert said(a_practice(), after) == {
        "Criteria: Neglect": ["The risk presumed is high instead of medium."],
        "Criteria: Alone": ["New reason to register; the risk presumed is imminent."],
        "Rhythms: Follow-up": [
            "Every 1 day instead of every 2 weeks when the risk is high: more often."
        ],
        "Periods: Settling": ["2 weeks instead of 4 weeks: shorter by 14 days."],
        "Periods: Rest": ["New: 1 day."],
    }
    back = said(after, a_practice())
    assert back["Criteria: Alone"] == ["No longer a reason to register."]
    assert back["Periods: Rest"] == ["No longer named."]
    assert back["Rhythms: Follow-up"] == [
        "Every 2 weeks instead of every 1 day when the risk is high: less often."
    ]
    without = a_practice(rhythms={})
    assert said(a_practice(), without) == {"Rhythms: Follow-up": ["No longer named."]}
    assert list(said(without, a_practice())) == ["Rhythms: Follow-up"]


def test_change_of_calendar_says_what_becomes_of_limits_that_stand() -> None:
    rule = a_rule(within=Limit.parse("1 working days"))
    friday = WorkCalendar("Asia/Amman", frozenset({4, 5}), frozenset(), "test")
    found = said(a_practice(rule), a_practice(rule, calendar=friday))
    assert found["Calendar: Calendar"] == [
        "Times of day are those of Asia/Amman instead of Europe/Berlin.",
        "The weekend is Friday and Saturday instead of Saturday and Sunday.",
    ]
    assert found["Steps: visit"] == [
        "Due still within 1 working day: shorter by up to 1 day or longer by up to 2 days, "
        "by the day it starts."
    ]


def test_six_day_week_and_holidays_are_said() -> None:
    six = replace(a_calendar(), weekend=frozenset({6}), version="newer")
    none = replace(a_calendar(), weekend=frozenset())
    found = said(a_practice(calendar=none), a_practice(calendar=six))
    assert found["Calendar: Calendar"] == [
        "The weekend is Sunday instead of no day.",
        "The dates come from newer instead of test.",
    ]
    england = PolicyPacks.load().latest("working-days").calendar
    told = said(a_practice(), a_practice(calendar=england))["Calendar: Calendar"]
    assert told[1] == (
        "Now about 9 days a year are public holidays or closed; formerly no public holidays are counted."
    )


def test_names_are_read_out_as_people_say_them() -> None:
    assert fact("closure.passed-to-stand-in") == "closure passed to stand-in"
    assert fact("follow-up.continued") == "follow-up continued"
    assert fact("look-back.recorded") == "look-back recorded"
    assert fact("re-assessment.done-again") == "re-assessment done again"
    assert (listed([]), listed(["a"]), listed(["a", "b", "c"])) == ("", "a", "a, b and c")


def test_change_of_a_figure_is_said() -> None:
    before = a_practice(figures={"caseload-warning": 25, "old": 1})
    after = a_practice(figures={"caseload-warning": 20, "new": 2})
    assert said(before, after) == {
        "Figures: Caseload warning": ["20 instead of 25."],
        "Figures: Old": ["No longer named."],
        "Figures: New": ["New: 2."],
    }
