"""What changed between two versions of a plan, each in a sentence."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan_differences import (
    ActionText,
    Change,
    Difference,
    FollowUpText,
    Part,
    PlanText,
    differences,
    rhythm_told,
)

BERLIN = "Europe/Berlin"
DUE, LATER = datetime(2026, 4, 16, 8, tzinfo=UTC), datetime(2026, 5, 16, 8, tzinfo=UTC)
MEETING = ActionText("Meeting with the school", "caseworker", DUE, ("Help with school",))
TALKS = ActionText("Talks", "caseworker", DUE, ("Support after the separation",))
VISITS = FollowUpText("child", "home-visit", ("every 2 weeks until 2026-05-16", "every month"))
CALLS = FollowUpText("school", "call")
PLAN = PlanText(
    version=1,
    goal={"specific": "Noor feels well", "time_bound": "2026-09-16"},
    measures=("Monthly talk",),
    actions=(MEETING, TALKS),
    follow_ups=(VISITS, CALLS),
    unmet_needs=("support-group in north",),
    strengths=("Her school",),
    agreed_with=("child",),
)


def sentences(**changes: object) -> list[str]:
    found = differences(PLAN, replace(PLAN, version=2, **changes), BERLIN)
    return [each.sentence for each in found]


def test_same_plan_has_no_differences() -> None:
    assert differences(PLAN, replace(PLAN, version=2), BERLIN) == ()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"goal": {"specific": "Noor is safe", "time_bound": "2026-09-16"}},
            ["The goal's “specific” is “Noor is safe” instead of “Noor feels well”."],
        ),
        (
            {"goal": {"specific": "Noor feels well"}},
            ["The goal's “time bound” is “” instead of “2026-09-16”."],
        ),
        (
            {"goal": dict(PLAN.goal, relevant="She asks for it")},
            ["The goal's “relevant” is “She asks for it” instead of “”."],
        ),
        (
            {"actions": (MEETING, ActionText("Letter", "mother", LATER, TALKS.answers))},
            [
                "The action “Talks” is dropped; it was due 2026-04-16 10:00.",
                "The action “Letter” is new: mother, due 2026-05-16 10:00.",
            ],
        ),
        (
            {"follow_ups": (VISITS, FollowUpText("mother", "call"))},
            [
                "Follow-up with school (call) is dropped.",
                "Follow-up with mother (call) is new: as the policy pack says.",
            ],
        ),
        (
            {"measures": ("Marks",)},
            ["The measure “Monthly talk” is dropped.", "The measure “Marks” is new."],
        ),
        (
            {"actions": (replace(MEETING, due=LATER, responsible="school"), TALKS)},
            [
                "The action “Meeting with the school” changes: responsible school instead of caseworker; "
                "due 2026-05-16 10:00 instead of 2026-04-16 10:00."
            ],
        ),
        (
            {"actions": (replace(MEETING, title="Round table"), TALKS)},
            [
                "The action “Meeting with the school” changes: "
                "title Round table instead of Meeting with the school."
            ],
        ),
        (
            {"actions": (MEETING,)},
            [
                "What is answered: “Support after the separation” is dropped.",
                "The action “Talks” is dropped; it was due 2026-04-16 10:00.",
            ],
        ),
        (
            {"actions": (MEETING, TALKS, ActionText("Letter", "mother", LATER, ("Debts",)))},
            [
                "What is answered: “Debts” is new.",
                "The action “Letter” is new: mother, due 2026-05-16 10:00.",
            ],
        ),
        (
            {"follow_ups": (replace(VISITS, rhythm=("every week",)), CALLS)},
            [
                "Follow-up with child changes: rhythm every week instead of "
                "every 2 weeks until 2026-05-16, then every month."
            ],
        ),
        (
            {"follow_ups": (VISITS, replace(CALLS, method="meeting"))},
            ["Follow-up with school changes: method meeting instead of call."],
        ),
        (
            {"follow_ups": (VISITS,)},
            ["Follow-up with school (call) is dropped."],
        ),
        (
            {"follow_ups": (VISITS, CALLS, FollowUpText("provider", "provider-check"))},
            ["Follow-up with provider (provider check) is new: as the policy pack says."],
        ),
        ({"unmet_needs": ()}, ["The unmet need “support-group in north” is dropped."]),
        ({"strengths": ("Her school", "Her mother")}, ["The strength “Her mother” is new."]),
        ({"agreed_with": ("child", "mother")}, ["Agreement of “mother” is new."]),
    ],
)
def test_change_is_told_in_a_sentence(changes, told) -> None:
    assert sentences(**changes) == told


TEXT = {"text": "Monthly talk"}
VISIT = {"method": "home-visit", "rhythm": "every week"}
MET = {
    "title": "Meeting with the school",
    "responsible": "caseworker",
    "due": "2026-04-16 10:00",
    "answers": "Help with school",
}


@pytest.mark.parametrize(
    ("before", "after", "part", "change", "what", "was", "becomes"),
    [
        ({"goal": {"specific": "A"}}, {"goal": {"specific": "B"}}, Part.GOAL, Change.CHANGED,
         "specific", {"specific": "A"}, {"specific": "B"}),
        ({"measures": ("Monthly talk",)}, {}, Part.MEASURE, Change.DROPPED, "Monthly talk", TEXT, {}),
        ({}, {"measures": ("Monthly talk",)}, Part.MEASURE, Change.ADDED, "Monthly talk", {}, TEXT),
        ({}, {"unmet_needs": ("x",)}, Part.UNMET_NEED, Change.ADDED, "x", {}, {"text": "x"}),
        ({}, {"strengths": ("x",)}, Part.STRENGTH, Change.ADDED, "x", {}, {"text": "x"}),
        ({}, {"agreed_with": ("x",)}, Part.AGREED_WITH, Change.ADDED, "x", {}, {"text": "x"}),
        ({"follow_ups": (FollowUpText("child", "home-visit", ("every week",)),)}, {},
         Part.FOLLOW_UP, Change.DROPPED, "child", VISIT, {}),
        ({}, {"follow_ups": (FollowUpText("child", "home-visit", ("every week",)),)},
         Part.FOLLOW_UP, Change.ADDED, "child", {}, VISIT),
        ({"follow_ups": (CALLS,)}, {"follow_ups": (replace(CALLS, method="meeting"),)},
         Part.FOLLOW_UP, Change.CHANGED, "school", {"method": "call"}, {"method": "meeting"}),
        ({"actions": (replace(MEETING, answers=()),)}, {}, Part.ACTION, Change.DROPPED,
         MEETING.title, MET | {"answers": ""}, {}),
        ({}, {"actions": (replace(MEETING, answers=()),)}, Part.ACTION, Change.ADDED,
         MEETING.title, {}, MET | {"answers": ""}),
    ],
)  # fmt: skip
def test_difference_has_its_structure(before, after, part, change, what, was, becomes) -> None:
    empty = PlanText(1, {}, (), (), ())
    (found,) = differences(replace(empty, **before), replace(empty, version=2, **after), BERLIN)
    assert (found.part, found.change, found.what) == (part, change, what)
    assert (dict(found.before), dict(found.after)) == (was, becomes)


def test_what_is_answered_is_told_apart_from_the_action_that_answers_it() -> None:
    one = PlanText(1, {}, (), (MEETING,), ())
    need, action = differences(replace(one, actions=()), one, BERLIN)
    assert (need.part, need.change, need.what) == (Part.NEED, Change.ADDED, "Help with school")
    assert (action.part, dict(action.after)) == (Part.ACTION, MET)
    several = replace(MEETING, answers=("B", "A"))
    found = differences(replace(one, actions=()), replace(one, actions=(several,)), BERLIN)
    assert found[-1].after["answers"] == "A, B"


def test_difference_holds_only_what_differs() -> None:
    (found,) = differences(
        PLAN, replace(PLAN, actions=(replace(MEETING, due=LATER), TALKS)), BERLIN
    )
    assert (found.part, found.change, found.what) == (
        Part.ACTION,
        Change.CHANGED,
        "Meeting with the school",
    )
    assert (dict(found.before), dict(found.after)) == (
        {"due": "2026-04-16 10:00"},
        {"due": "2026-05-16 10:00"},
    )


DONE_AT = datetime(2026, 4, 10, 22, 30, tzinfo=UTC)  # the next day in Berlin


def test_completed_action_that_is_left_out_is_told_as_done_and_so_is_what_it_answered() -> None:
    done = replace(MEETING, done_at=DONE_AT)
    one = PlanText(1, {}, (), (done,), ())
    need, action = differences(one, replace(one, version=2, actions=()), BERLIN)
    assert need == Difference(
        Part.NEED, Change.DONE, "Help with school", {"text": "Help with school"}, {},
        "What is answered: “Help with school” by an action that is done.",
    )  # fmt: skip
    assert action == Difference(
        Part.ACTION, Change.DONE, MEETING.title, MET | {"done": "2026-04-11 00:30"}, {},
        "The action “Meeting with the school” is done, since 2026-04-11 00:30.",
    )  # fmt: skip


def test_completed_action_is_not_taken_for_one_that_has_another_name_now() -> None:
    one = PlanText(1, {}, (), (replace(MEETING, done_at=DONE_AT), TALKS), ())
    two = replace(one, version=2, actions=(replace(MEETING, title="Round table"), TALKS))
    found = [(each.change, each.what) for each in differences(one, two, BERLIN)]
    assert found == [(Change.DONE, MEETING.title), (Change.ADDED, "Round table")]
    assert differences(one, replace(one, version=2), BERLIN) == ()
    dropped = differences(one, replace(one, version=2, actions=one.actions[:1]), BERLIN)
    assert [(each.part, each.change, each.what) for each in dropped] == [
        (Part.NEED, Change.DROPPED, "Support after the separation"),
        (Part.ACTION, Change.DROPPED, "Talks"),
    ]


def test_unmet_need_that_goes_unsaid_is_met_or_still_unmet_as_its_own_record_says() -> None:
    one = PlanText(1, {}, (), (), (), unmet_needs=("group in north", "bus in north", "home"))
    two = replace(one, version=2, unmet_needs=("home",))
    noted = {"home": None, "group in north": None, "bus in north": DONE_AT, "food": None}
    assert differences(one, two, BERLIN, noted) == (
        Difference(
            Part.UNMET_NEED, Change.STILL_UNMET, "group in north",
            {"text": "group in north"}, {"text": "group in north"},
            "The unmet need “group in north” is not said again and is still unmet.",
        ),
        Difference(
            Part.UNMET_NEED, Change.MET, "bus in north",
            {"text": "bus in north"}, {"met": "2026-04-11 00:30"},
            "The unmet need “bus in north” has been met, on 2026-04-11 00:30.",
        ),
    )  # fmt: skip
    found = differences(two, one, BERLIN, noted)
    assert [(each.change, each.what) for each in found] == [
        (Change.ADDED, "group in north"),
        (Change.ADDED, "bus in north"),
    ]


def test_unmet_need_without_a_record_is_dropped_behind_those_that_have_one() -> None:
    one = PlanText(1, {}, (), (), (), unmet_needs=("bus in north", "home"))
    found = differences(one, replace(one, unmet_needs=()), BERLIN, {"home": None})
    assert [(each.change, each.what) for each in found] == [
        (Change.STILL_UNMET, "home"),
        (Change.DROPPED, "bus in north"),
    ]


def test_changes_are_named_as_programs_read_them() -> None:
    assert {str(each) for each in Change} == {
        "added", "dropped", "changed", "done", "met", "still-unmet",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("every", "until", "told"),
    [
        ("1 months", None, "every month"),
        ("1 weeks", None, "every week"),
        ("1 day", None, "every day"),
        ("1 hours", "2026-05-16", "every hour until 2026-05-16"),
        ("2 weeks", "2026-05-16", "every 2 weeks until 2026-05-16"),
        ("10 days", None, "every 10 days"),
    ],
)
def test_rhythm_is_told_as_people_say_it(every: str, until: str | None, told: str) -> None:
    assert rhythm_told(every, until) == told


TITLES = st.lists(st.sampled_from(["A", "a", "B", "C"]), max_size=4)


@given(TITLES, TITLES)
def test_what_is_dropped_one_way_is_added_the_other(before: list[str], after: list[str]) -> None:
    one = replace(PLAN, actions=tuple(replace(TALKS, title=each) for each in before))
    two = replace(PLAN, actions=tuple(replace(TALKS, title=each) for each in after))

    def counted(was: PlanText, becomes: PlanText, change: Change) -> int:
        found = differences(was, becomes, BERLIN)
        return sum(each.part is Part.ACTION and each.change is change for each in found)

    assert counted(one, two, Change.DROPPED) == counted(two, one, Change.ADDED)
    assert counted(one, one, Change.CHANGED) == 0
