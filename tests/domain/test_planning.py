"""What a case plan must say before it is agreed."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.case import StepOutOfOrder
from domain.consent import ConsentMissing, Needed
from domain.follow_up import Track
from domain.planning import (
    FAMILY,
    Action,
    ActionKind,
    ActionOver,
    ActionState,
    Agreement,
    AnswersNothing,
    Goal,
    GoalNotSmart,
    NotAgreed,
    PlanEmpty,
    agree,
    complete,
    found_in,
    start,
    unanswered,
    untouched,
)
from domain.recording import DueInPast, OccurredInFuture
from domain.vocabulary import Bearer, CaseStatus, Method, Person
from tests.domain.case_builders import NOW, a_case, words_of
from tests.domain.test_consent import a_consent

TODAY, LATER = date(2026, 3, 2), NOW + timedelta(days=30)
GOAL = Goal(
    {"specific": "a", "measurable": "b", "achievable": "c", "relevant": "d"},
    date(2026, 9, 2),
    ("fewer signs of anxiety",),
)
TRACK = Track(UUID(int=9), Person.CHILD, Method.HOME_VISIT, NOW, LATER)
AGREED = Agreement(frozenset({Person.CHILD, Person.MOTHER}))
CHILD_AND_FAMILY = ("child", "family", "father", "guardian", "mother")
FATHER = Needed(Person.MOTHER, "contact-father")


def an_action(**changes) -> Action:
    action = Action(UUID(int=1), ActionKind.PLANNED, Bearer.CASEWORKER, LATER, ("need-1",))
    return replace(action, **changes)


def agreed(case=None, goal=GOAL, actions=None, tracks=(TRACK,), agreement=AGREED):
    given = [an_action()] if actions is None else actions
    return agree(case or a_case(CaseStatus.PLANNING), goal, given, tracks, agreement, NOW, TODAY)


def test_agreed_plan_makes_the_case_active_and_counts_its_versions() -> None:
    assert agreed() == a_case(CaseStatus.ACTIVE, plan_version=1)
    assert agreed(agreed()) == a_case(CaseStatus.ACTIVE, plan_version=2)


@pytest.mark.parametrize("part", ["specific", "measurable", "achievable", "relevant"])
def test_each_part_of_the_goal_is_told(part) -> None:
    others = {name: said for name, said in GOAL.parts.items() if name != part}
    for parts in (others, {**others, part: "  "}):
        with pytest.raises(GoalNotSmart) as refused:
            agreed(goal=replace(GOAL, parts=parts))
        assert words_of(refused) == (f"Say what makes the goal {part}.", f"goal.{part}", None)


def test_goal_is_bound_to_a_day_to_come_and_says_what_will_show_it() -> None:
    with pytest.raises(GoalNotSmart) as refused:
        agreed(goal=replace(GOAL, time_bound=TODAY))
    assert words_of(refused) == ("The goal's date is still to come.", "goal.time_bound", None)
    with pytest.raises(GoalNotSmart) as refused:
        agreed(goal=replace(GOAL, measures=(" ",)))
    said = "Say what will show that the goal is reached."
    assert words_of(refused) == (said, "goal.measures", None)


@pytest.mark.parametrize(
    "answers",
    [
        (),  # to no need at all
        ("need-3",),  # the assessment found two
        ("need-1", "wish-1"),
    ],
)
def test_action_answers_what_the_assessment_found(answers) -> None:
    with pytest.raises(AnswersNothing) as refused:
        agreed(actions=[an_action(), an_action(answers=answers)])
    assert refused.value.field == "actions.1.answers"
    assert refused.value.allowed == ("need-1", "need-2", "risk-1")


def test_one_action_may_answer_all_that_was_found() -> None:
    every = ("need-1", "need-2", "risk-1", "cause-1")
    assert found_in(a_case(causes=1)) == every
    assert agreed(a_case(CaseStatus.PLANNING, causes=1), actions=[an_action(answers=every)])


def test_needs_that_no_action_answers_are_seen() -> None:
    assert unanswered(a_case(), [an_action()]) == ("need-2", "risk-1")


def test_cause_that_no_action_addresses_is_untouched() -> None:
    case = a_case(causes=2)
    assert untouched(case, [an_action()]) == ("cause-1", "cause-2")
    assert untouched(case, [replace(an_action(), answers=("cause-2",))]) == ("cause-1",)


def test_dates_of_a_plan_are_still_to_come() -> None:
    with pytest.raises(DueInPast) as refused:
        agreed(actions=[an_action(due_at=NOW)])
    assert refused.value.field == "actions.0.due"
    with pytest.raises(DueInPast) as refused:
        agreed(tracks=[TRACK, replace(TRACK, next_due=NOW)])
    assert refused.value.field == "follow_ups.1.first_due"


def test_plan_has_actions_and_follow_ups() -> None:
    with pytest.raises(PlanEmpty) as refused:
        agreed(actions=[])
    assert words_of(refused) == ("A plan has at least one action.", "actions", None)
    with pytest.raises(PlanEmpty) as refused:
        agreed(tracks=())
    assert words_of(refused) == ("Say how child and family are followed up.", "follow_ups", None)


NOBODY = ("A plan is made with the child and the family.", "agreed_with", CHILD_AND_FAMILY)
WITHOUT_CHILD = ("Say why the child did not take part.", "child_not_included_because", None)


@pytest.mark.parametrize(
    ("agreement", "words"),
    [
        (Agreement(frozenset()), NOBODY),
        (Agreement(frozenset({Person.SCHOOL})), NOBODY),  # neither child nor family
        (Agreement(frozenset({Person.MOTHER})), WITHOUT_CHILD),
        (Agreement(frozenset({Person.MOTHER}), " "), WITHOUT_CHILD),
    ],
)
def test_plan_is_made_with_child_and_family(agreement, words) -> None:
    with pytest.raises(NotAgreed) as refused:
        agreed(agreement=agreement)
    assert words_of(refused) == words


@pytest.mark.parametrize("person", [Person.CHILD, *sorted(FAMILY)])
def test_agreement_of_one_of_them_is_enough(person: Person) -> None:
    assert agreed(agreement=Agreement(frozenset({person}), "She is two.")).plan_version == 1


def test_child_may_be_left_out_for_a_reason() -> None:
    assert agreed(agreement=Agreement(frozenset({Person.MOTHER}), "She is two.")).plan_version


@pytest.mark.parametrize("status", [CaseStatus.REGISTERED, CaseStatus.ASSESSING, CaseStatus.CLOSED])
def test_plan_comes_after_the_assessment_and_before_the_end(status) -> None:
    with pytest.raises(StepOutOfOrder):
        agreed(a_case(status))


def test_action_is_neither_started_nor_completed_without_its_consents() -> None:
    blocked = an_action(consents_needed=(FATHER,))
    with pytest.raises(ConsentMissing):
        start(blocked, [], NOW)
    with pytest.raises(ConsentMissing):
        complete(blocked, [a_consent(withdrawn_at=NOW)], NOW, NOW)
    begun = start(blocked, [a_consent()], NOW)
    assert begun == replace(blocked, state=ActionState.STARTED, started_at=NOW)
    done = complete(begun, [a_consent()], NOW, LATER)
    assert done == replace(begun, state=ActionState.COMPLETED, done_at=NOW)


def test_action_was_not_done_in_the_future() -> None:
    with pytest.raises(OccurredInFuture) as refused:
        complete(an_action(), [], LATER, NOW)
    assert refused.value.field == "done_at"


@pytest.mark.parametrize("state", [ActionState.COMPLETED, ActionState.REPLACED])
def test_action_that_is_over_is_not_done_again(state) -> None:
    with pytest.raises(ActionOver):
        complete(an_action(state=state), [], NOW, NOW)


def test_action_is_started_once() -> None:
    begun = start(an_action(), (), NOW)
    with pytest.raises(ActionOver) as refused:
        start(begun, (), NOW)
    assert str(refused.value) == "This action has been started already, or is over."
