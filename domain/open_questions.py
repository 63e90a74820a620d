"""What is still to be found out, and by whom: an unknown that somebody owes an answer.

Source: practice.md, step 3 (unknowns are listed: "needs finding out").
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.case import Case, demand_in_work
from domain.errors import Refusal
from domain.recording import demand_future


class QuestionAnswered(Refusal):
    """This question has been answered."""

    code = "question-answered"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """`due_at` None: as the policy pack says. Instants are UTC; its words are sealed elsewhere."""

    id: UUID
    responsible_id: str
    asked_at: datetime
    asked_by: str
    due_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


def ask(case: Case, question: OpenQuestion, now: datetime, field: str = "due") -> OpenQuestion:
    """Raises DueInPast, StepOutOfOrder."""
    demand_in_work(case)
    if question.due_at is not None:
        demand_future(question.due_at, now, field)
    return question


def answer(case: Case, question: OpenQuestion, by: str, now: datetime) -> OpenQuestion:
    """Raises QuestionAnswered, StepOutOfOrder."""
    demand_in_work(case)
    if question.answered_at is not None:
        raise QuestionAnswered
    return replace(question, answered_at=now, answered_by=by)
