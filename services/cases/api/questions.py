"""Open questions and the verification of statements over HTTP."""

from uuid import UUID

from infrastructure.http import Router, Uow
from services.cases.commands import asking, verifying
from services.cases.queries import questioning
from services.cases.schemas.questions import (
    AnswerBody,
    QuestionAnswer,
    QuestionAsked,
    QuestionBody,
    QuestionList,
    QuestionView,
    StatementList,
    VerificationBody,
    VerificationView,
)

router = Router(tags=["assessment"])


@router.post("/cases/{ref}/questions", status_code=201)
async def ask_open_question(uow: Uow, ref: str, body: QuestionBody) -> QuestionAsked:
    """Something still to be found out, with somebody who owes the answer."""
    return await asking.ask_question(uow, ref, body)


@router.get("/cases/{ref}/questions", response_model_exclude_none=True)
async def list_open_questions(uow: Uow, ref: str) -> QuestionList:
    """Those answered included, with their answers."""
    return await questioning.questions_of(uow, ref)


@router.get("/cases/{ref}/questions/{question_id}", response_model_exclude_none=True)
async def read_open_question(uow: Uow, ref: str, question_id: UUID) -> QuestionView:
    """Also for a colleague who owes the answer and sees nothing else of the case."""
    return await questioning.one(uow, ref, question_id)


@router.post("/cases/{ref}/questions/{question_id}/answer", status_code=201)
async def answer_open_question(
    uow: Uow, ref: str, question_id: UUID, body: AnswerBody
) -> QuestionAnswer:
    """Meets the duty; the answer is a statement with its source."""
    return await asking.answer_question(uow, ref, question_id, body)


@router.get("/cases/{ref}/statements", response_model_exclude_none=True)
async def list_statements(uow: Uow, ref: str) -> StatementList:
    """What people said, with its source, how far it is verified, and how that changed."""
    return await questioning.statements_of(uow, ref)


@router.post("/cases/{ref}/statements/{statement_id}/verification", status_code=201)
async def verify_statement(
    uow: Uow, ref: str, statement_id: UUID, body: VerificationBody
) -> VerificationView:
    """What comparing sources has shown; the state before stays on the record."""
    return await verifying.verify_statement(uow, ref, statement_id, body)
