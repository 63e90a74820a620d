"""What the family is told of a duty, and what is none of theirs."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.deadlines import Deadline, Responsible
from domain.statement import (
    MEETINGS,
    PROMISED,
    TO_THE_HOUR,
    Outcome,
    Promise,
    left_after_death,
    promises,
)
from domain.vocabulary import DeadlineState, Role, SubjectType
from tests.domain.case_builders import NOW, PACK

DAY = timedelta(days=1)
REFERRAL = UUID(int=5)


def a_duty(step: str = "referral-answer", **changes) -> Deadline:
    fields = {
        "id": uuid4(),
        "case_ref": "TL-0000-0000-0",
        "subject_type": SubjectType.REFERRAL,
        "subject_id": str(REFERRAL),
        "step": step,
        "responsible": Responsible("harbour-help", Role.PROVIDER),
        "anchor": "referral.requested",
        "anchor_id": UUID(int=1),
        "anchored_at": NOW - DAY,
        "rule": "",
        "policy": PACK.id,
        "calendar": "",
        "due_at": NOW + DAY,
        "moments": (),
    }
    return Deadline(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, Outcome.OPEN),
        ({"due_at": NOW - DAY}, Outcome.OVERDUE),
        ({"state": DeadlineState.MET, "settled_at": NOW}, Outcome.KEPT),
        ({"state": DeadlineState.MET_LATE, "settled_at": NOW}, Outcome.KEPT_LATE),
        ({"state": DeadlineState.WAIVED, "settled_at": NOW}, Outcome.ENDED),
        ({"state": DeadlineState.CANCELLED, "settled_at": NOW}, Outcome.ENDED),
    ],
)
def test_promise_of_a_provider_names_it_and_says_what_became_of_it(changes, outcome) -> None:
    (told,) = promises([a_duty(**changes)], [], NOW)
    assert (told.role, told.agency_id, told.outcome) == ("provider", "harbour-help", outcome)


def test_those_who_mourn_are_told_what_was_done_and_what_answer_they_are_owed() -> None:
    met, late = DeadlineState.MET, DeadlineState.MET_LATE
    told = promises(
        [
            a_duty("plan-action", state=met, settled_at=NOW),
            a_duty("case-plan", state=late, settled_at=NOW),
            a_duty("follow-up"),
            a_duty("review", state=DeadlineState.CANCELLED, settled_at=NOW),
            a_duty("complaint-answer"),
            a_duty("question-answer", due_at=NOW - DAY),
        ],
        [],
        NOW,
    )
    assert {each.step for each in left_after_death(told)} == {
        "plan-action", "case-plan", "complaint-answer", "question-answer",
    }  # fmt: skip
    assert left_after_death(told[:1]) == told[:1]
    assert left_after_death([]) == []


def test_promise_is_told_with_its_bearer_and_its_dates() -> None:
    kept = a_duty("plan-action", state=DeadlineState.MET, settled_at=NOW)
    assert promises([kept], [], NOW) == [
        Promise(
            "plan-action",
            str(REFERRAL),
            "provider",
            "harbour-help",
            NOW + DAY,
            Outcome.KEPT,
            NOW,
            first_due=None,
        )
    ]


def test_duties_among_staff_and_those_withheld_or_moved_are_not_told() -> None:
    assert "referral-acknowledgement" not in PROMISED
    assert promises([a_duty("referral-acknowledgement")], [], NOW) == []
    assert promises([a_duty()], [REFERRAL], NOW) == []
    assert promises([a_duty(successor_id=uuid4())], [], NOW) == []


@pytest.mark.parametrize(
    "step",
    [
        "initial-assessment", "comprehensive-assessment", "case-plan", "plan-revision", "re-assessment",
        "urgent-action", "plan-action", "follow-up", "look-back", "complaint-answer", "question-answer",
        "referral-answer", "referral-first-service", "referral-appointment", "referral-rebooking", "referral-hold",
        "referral-confirmation", "referral-accompaniment", "review",
    ],
)  # fmt: skip
def test_what_is_promised_to_a_child_and_her_family_is_told(step) -> None:
    assert [each.step for each in promises([a_duty(step)], [], NOW)] == [step]


def test_an_appointment_is_told_to_the_hour_and_meetings_are_those_the_family_is_asked_to() -> None:
    assert {"referral-appointment"} == TO_THE_HOUR
    assert {"review", "planning"} == MEETINGS


def test_promises_are_told_by_their_dates() -> None:
    later, sooner = a_duty(due_at=NOW + 9 * DAY), a_duty("review")
    assert [each.step for each in promises([later, sooner], [], NOW)] == [
        "review",
        "referral-answer",
    ]


def test_first_help_gives_way_to_the_appointment_that_was_agreed() -> None:
    dropped = a_duty("referral-first-service", state=DeadlineState.CANCELLED, settled_at=NOW)
    appointment = a_duty("referral-appointment")
    other = a_duty("referral-appointment", subject_id=str(UUID(int=6)))
    assert [each.step for each in promises([dropped, appointment], [], NOW)] == [
        "referral-appointment"
    ]
    assert len(promises([dropped, other], [], NOW)) == 2
    assert len(promises([a_duty("referral-first-service"), appointment], [], NOW)) == 2
    ended = a_duty(state=DeadlineState.CANCELLED, settled_at=NOW)
    assert len(promises([ended, appointment], [], NOW)) == 2


def test_promise_set_anew_by_another_fact_is_told_once_as_it_stands() -> None:
    sooner = a_duty("follow-up", anchor="follow-up.quickened", anchored_at=NOW)
    dropped = a_duty("follow-up", state=DeadlineState.CANCELLED, settled_at=NOW)
    assert [each.outcome for each in promises([dropped, sooner], [], NOW)] == [Outcome.OPEN]
    for other in (
        {"subject_id": "another"},
        {"step": "plan-action"},
        {"anchored_at": NOW - DAY},
    ):
        told = promises([dropped, replace(sooner, **other)], [], NOW)
        assert Outcome.ENDED in [each.outcome for each in told]
    undated = replace(dropped, settled_at=None)
    assert len(promises([undated, sooner], [], NOW)) == 2
    kept = a_duty("follow-up", state=DeadlineState.MET, settled_at=NOW)
    assert len(promises([kept, sooner], [], NOW)) == 2


def test_promise_that_was_put_off_says_for_when_it_was_made() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    cancelled = {"state": DeadlineState.CANCELLED, "settled_at": NOW}
    made = a_duty(id=first, successor_id=second, due_at=NOW + DAY, **cancelled)
    again = a_duty(id=second, successor_id=third, due_at=NOW + 3 * DAY, **cancelled)
    (told,) = promises([made, again, a_duty(id=third, due_at=NOW + 9 * DAY)], [], NOW)
    assert (told.due_at, told.first_due) == (NOW + 9 * DAY, NOW + DAY)
    (sooner,) = promises([made, a_duty(id=second, due_at=NOW)], [], NOW)
    assert sooner.first_due is None
    (same,) = promises([made, a_duty(id=second, due_at=NOW + DAY)], [], NOW)
    assert same.first_due is None  # moved, and not put off
    (never,) = promises([a_duty()], [], NOW)
    assert never.first_due is None
