"""Questions that somebody owes an answer, and statements whose verification changes."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.case import StepOutOfOrder
from domain.open_questions import OpenQuestion, QuestionAnswered, answer, ask
from domain.recording import DueInPast
from domain.verification import Turn, Verification, VerificationUnchanged, at_first, change, state
from domain.vocabulary import CaseStatus
from tests.domain.case_builders import NOW, a_case

DAY = timedelta(hours=24)
QUESTION = OpenQuestion(UUID(int=1), "amal-h", NOW, "amal-h")


def test_question_is_asked_with_a_date_still_to_come_or_none() -> None:
    assert ask(a_case(), QUESTION, NOW) == QUESTION
    dated = replace(QUESTION, due_at=NOW + DAY)
    assert ask(a_case(CaseStatus.ASSESSING), dated, NOW) == dated
    with pytest.raises(DueInPast) as refused:
        ask(a_case(), replace(QUESTION, due_at=NOW), NOW, "open_questions.0.due")
    assert refused.value.field == "open_questions.0.due"
    with pytest.raises(DueInPast) as refused:
        ask(a_case(), replace(QUESTION, due_at=NOW), NOW)
    assert refused.value.field == "due"


def test_question_is_answered_once() -> None:
    answered = answer(a_case(), QUESTION, "sofia-k", NOW + DAY)
    assert (answered.answered_by, answered.answered_at) == ("sofia-k", NOW + DAY)
    with pytest.raises(QuestionAnswered):
        answer(a_case(), answered, "amal-h", NOW + DAY)


def test_questions_of_a_closed_case_are_neither_asked_nor_answered() -> None:
    closed = a_case(CaseStatus.CLOSED)
    with pytest.raises(StepOutOfOrder):
        ask(closed, QUESTION, NOW)
    with pytest.raises(StepOutOfOrder):
        answer(closed, QUESTION, "amal-h", NOW)


def a_turn(to: Verification) -> Turn:
    return Turn(UUID(int=2), UUID(int=1), to, NOW, "amal-h")


def test_statement_begins_verified_or_not_and_stands_as_it_was_last_found() -> None:
    assert at_first(True) is Verification.VERIFIED
    assert at_first(False) is Verification.UNVERIFIED
    turns = [a_turn(Verification.VERIFIED), a_turn(Verification.CONTRADICTED)]
    assert state(Verification.UNVERIFIED, []) is Verification.UNVERIFIED
    assert state(Verification.UNVERIFIED, turns) is Verification.CONTRADICTED


def test_verification_is_changed_only_to_another_state() -> None:
    assert change(Verification.VERIFIED, Verification.UNVERIFIED) is Verification.UNVERIFIED
    with pytest.raises(VerificationUnchanged):
        change(Verification.VERIFIED, Verification.VERIFIED)
