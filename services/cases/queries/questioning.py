"""Open questions with their answers, and statements with how far they are verified."""

from uuid import UUID

from domain import disclosure, reference, verification
from domain.case import Case
from domain.deadlines import Deadline
from domain.errors import Hidden
from domain.open_questions import OpenQuestion
from domain.verification import Turn
from domain.vocabulary import DeadlineState, Section
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.sections import case_seen
from services.cases.schemas.questions import (
    QuestionList,
    QuestionView,
    StatementList,
    StatementView,
    VerificationView,
)
from services.cases.store import narratives, questions, testimonies
from services.cases.store.narratives import Narrative
from services.cases.store.testimonies import Testimony

_READ_ONE = "read-open-question"


async def questions_of(uow: UnitOfWork, typed: str) -> QuestionList:
    """In the order in which they were asked; raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, "read-open-questions", Section.ASSESSMENT)
    key = await narratives.key_of(uow, case)
    kinds = (questions.QUESTION, testimonies.ANSWER)
    told = await narratives.all_of(uow, case, uow.viewer, key, kinds)
    words = {(each.kind, each.subject_id): each for each in told}
    duties = {
        each.subject_id: each
        for each in await deadlines.all_for(uow, case.ref)
        if each.state is not DeadlineState.CANCELLED
    }
    return QuestionList(
        items=[
            _question(
                each,
                words.get((questions.QUESTION, str(each.id))),
                words.get((testimonies.ANSWER, str(each.id))),
                duties.get(str(each.id)),
                uow,
            )
            for each in await questions.all_of(uow, case)
        ]
    )


async def one(uow: UnitOfWork, typed: str, question_id: UUID) -> QuestionView:
    """For those who see assessments, and for whoever owes the answer: of all the case she reads this question."""
    ref, section = reference.read(typed), Section.ASSESSMENT
    try:
        case = await questions.for_bearer(uow, ref, question_id, lock=False)
        duty = await _duty(uow, case, question_id)
        owes = (
            duty is not None
            and duty.state is DeadlineState.OPEN
            and duty.responsible.person_id == uow.viewer.staff_id
        )
        if not owes:
            disclosure.demand_sight(uow.viewer, case.custody, [section])
    except Hidden:
        uow.audit(_READ_ONE, ref, section, outcome="hidden")
        raise
    uow.audit(_READ_ONE, ref, section)
    question = await questions.one(uow, case, question_id)
    key, subject = await narratives.key_of(uow, case), str(question_id)
    asked = await narratives.about(uow, case, key, questions.QUESTION, subject)
    answers = await narratives.about(uow, case, key, testimonies.ANSWER, subject)
    return _question(question, asked[0], answers[0] if answers else None, duty, uow)


async def _duty(uow: UnitOfWork, case: Case, question_id: UUID) -> Deadline | None:
    """What stands of the duty to answer."""
    found = [
        each
        for each in await deadlines.all_for(uow, case.ref)
        if each.subject_id == str(question_id) and each.state is not DeadlineState.CANCELLED
    ]
    return found[0] if found else None


async def statements_of(uow: UnitOfWork, typed: str) -> StatementList:
    """In the order of their recording; raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, "read-statements", Section.ASSESSMENT)
    key = await narratives.key_of(uow, case)
    told = await narratives.all_of(uow, case, uow.viewer, key, (questions.VERIFICATION,))
    how = {each.id: each for each in told}
    turns = await questions.turns_of(uow, case)
    return StatementList(
        items=[
            _statement(each, turns.get(each.id, []), how)
            for each in await testimonies.all_of(uow, case, key)
        ]
    )


def _question(
    question: OpenQuestion,
    asked: Narrative | None,
    answer: Narrative | None,
    duty: Deadline | None,
    uow: UnitOfWork,
) -> QuestionView:
    """Who owes it is who bears its duty: it goes with the case when that is handed over."""
    said, answered = asked and asked.content, answer and answer.content
    return QuestionView(
        question_id=str(question.id),
        question=said["question"] if said else None,
        responsible_id=(duty and duty.responsible.person_id) or question.responsible_id,
        asked_at=question.asked_at,
        asked_by=question.asked_by,
        due_at=duty.due_at if duty else question.due_at,
        overdue=duty is not None and duty.is_overdue(uow.now),
        answered_at=question.answered_at,
        answered_by=question.answered_by,
        answer=answered["answer"] if answered else None,
        statement_id=str(testimonies.statement_id(answer.id)) if answer else None,
    )


def _statement(
    testimony: Testimony, turns: list[Turn], how: dict[UUID, Narrative]
) -> StatementView:
    first = VerificationView(
        state=testimony.first,
        recorded_at=testimony.recorded_at,
        recorded_by=testimony.recorded_by,
    )
    return StatementView(
        statement_id=str(testimony.id),
        text=testimony.text,
        source=testimony.source,
        state=verification.state(testimony.first, turns),
        recorded_at=testimony.recorded_at,
        recorded_by=testimony.recorded_by,
        history=[first, *(_turn(each, how[each.id]) for each in turns)],
    )


def _turn(turn: Turn, told: Narrative) -> VerificationView:
    words = told.content or {}
    return VerificationView(
        state=turn.state,
        recorded_at=turn.recorded_at,
        recorded_by=turn.recorded_by,
        how=words.get("how"),
    )
