"""Open questions, their answers, and how far statements have been verified."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Discriminator, Tag

from domain.verification import Verification
from infrastructure.http import RequestBody
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.words import Code, Instant, Words


class QuestionBody(RequestBody):
    """Owed by the caseworker unless somebody else is named; without a date as the policy pack says."""

    question: Words
    responsible_id: Code | None = None
    due: Instant | None = None


def _form(given: Any) -> str:
    return "words" if isinstance(given, str) else "question"


# Plain words stand for a question that names nobody and no date.
QuestionGiven = Annotated[
    Annotated[Words, Tag("words")] | Annotated[QuestionBody, Tag("question")], Discriminator(_form)
]


class AnswerBody(RequestBody):
    """`source` is a code, as in statements; what nobody has compared stays unverified."""

    answer: Words
    source: Code
    verified: bool


class QuestionView(BaseModel):
    """`responsible_id` is who owes it now; words are None once the child's key is destroyed."""

    question_id: str
    question: str | None = None
    responsible_id: str
    asked_at: datetime
    asked_by: str
    due_at: datetime | None = None
    overdue: bool = False
    answered_at: datetime | None = None
    answered_by: str | None = None
    answer: str | None = None
    statement_id: str | None = None


class QuestionList(BaseModel):
    items: list[QuestionView]


class QuestionAsked(BaseModel):
    question_id: str
    responsible_id: str
    deadlines: list[DeadlineView]


class QuestionAnswer(BaseModel):
    """The answer is a statement like others, and may be verified later under its id."""

    question_id: str
    statement_id: str
    answered_at: datetime


class VerificationBody(RequestBody):
    """`how` it was found: which sources were compared."""

    state: Verification
    how: Words


class VerificationView(BaseModel):
    state: str
    recorded_at: datetime
    recorded_by: str
    how: str | None = None


class StatementView(BaseModel):
    """Something somebody said; `history` begins with the state in which it was recorded."""

    statement_id: str
    text: str
    source: str
    state: str
    recorded_at: datetime
    recorded_by: str
    history: list[VerificationView]


class StatementList(BaseModel):
    items: list[StatementView]
