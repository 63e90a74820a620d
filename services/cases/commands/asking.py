"""Open questions that somebody owes an answer, and the answers. Source: practice.md, step 3."""

from collections.abc import Sequence
from uuid import UUID

from contracts.events.cases import OpenQuestionAnswered, OpenQuestionAsked
from domain import open_questions
from domain.case import Case
from domain.disclosure import Action
from domain.errors import Malformed
from domain.open_questions import OpenQuestion
from domain.vocabulary import Role, Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.questions import (
    AnswerBody,
    QuestionAnswer,
    QuestionAsked,
    QuestionBody,
)
from services.cases.store import cases, directory, narratives, questions, testimonies

Asked = tuple[QuestionBody, str]  # with the field of the request in which it stands, or none


@audited("ask-open-question", Section.ASSESSMENT)
async def ask_question(uow: UnitOfWork, ref: str, body: QuestionBody) -> QuestionAsked:
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    (asked,) = await ask(uow, case, [(body, "")])
    return QuestionAsked(
        question_id=str(asked.id),
        responsible_id=asked.responsible_id,
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("answer-open-question", Section.ASSESSMENT)
async def answer_question(
    uow: UnitOfWork, ref: str, question_id: UUID, body: AnswerBody
) -> QuestionAnswer:
    """By whoever owes it or looks after the case; a statement with its source, to be verified later."""
    case = await questions.for_bearer(uow, ref, question_id, to=Action.ANSWER_QUESTION)
    question = await questions.one(uow, case, question_id)
    answered = open_questions.answer(case, question, uow.viewer.staff_id, uow.now)
    await questions.save_answer(uow, answered)
    told_id, told = new_id(), body.model_dump(mode="json")
    kind = testimonies.ANSWER
    await narratives.add(uow, case, Section.ASSESSMENT, kind, str(question_id), told_id, told)
    said = OpenQuestionAnswered(case_ref=ref, at=uow.now, question_id=question_id)
    await happening.happened(uow, case, said, Section.ASSESSMENT, subject=_subject(question))
    return QuestionAnswer(
        question_id=str(question_id),
        statement_id=str(testimonies.statement_id(told_id)),
        answered_at=uow.now,
    )


async def ask(uow: UnitOfWork, case: Case, asked: Sequence[Asked]) -> list[OpenQuestion]:
    """On the record, each with a duty of whoever owes it; raises Malformed with the field that is wrong."""
    if not asked:
        return []
    found = [
        open_questions.ask(case, _question(uow, case, body), uow.now, f"{field}due")
        for body, field in asked
    ]
    await _demand_staff(uow, case, asked)
    await questions.add(uow, case, found)
    for question, (body, _) in zip(found, asked, strict=True):
        told = {"question": body.question}
        await narratives.add(
            uow, case, Section.ASSESSMENT, questions.QUESTION, str(question.id), question.id, told
        )
        await _say(uow, case, question)
    return found


async def _say(uow: UnitOfWork, case: Case, question: OpenQuestion) -> None:
    """The pack's limit counts unless a date was agreed; then the date does."""
    people = {Role.CASEWORKER: question.responsible_id}
    said = OpenQuestionAsked(
        case_ref=case.ref,
        at=uow.now,
        question_id=question.id,
        responsible_id=question.responsible_id,
        asked_by=question.asked_by,
    )
    subject, section = _subject(question), Section.ASSESSMENT
    by_pack = question.due_at is None
    await happening.happened(
        uow, case, said, section, subject=subject, counts=by_pack, people=people
    )
    if not by_pack:
        await happening.happened(
            uow,
            case,
            "open-question.dated",
            section,
            subject=subject,
            agreed_due=question.due_at,
            people=people,
        )


async def _demand_staff(uow: UnitOfWork, case: Case, asked: Sequence[Asked]) -> None:
    """Whoever is named and known is active in the case's agency; somebody unknown may be new."""
    named = {
        body.responsible_id: f"{field}responsible_id"
        for body, field in asked
        if body.responsible_id is not None
    }
    known = (await directory.ask(uow, case.agency_id, sorted(named))).members if named else {}
    for staff_id, member in known.items():
        if not member.active or member.agency_id != case.agency_id:
            raise await _unfit(uow, case, named[staff_id])


async def _unfit(uow: UnitOfWork, case: Case, field: str) -> Malformed:
    """Says who may be named, to colleagues: who works elsewhere is told to nobody else."""
    is_colleague = uow.viewer.agency_id == case.agency_id
    allowed = await directory.at_work(uow, case.agency_id) if is_colleague else None
    return Malformed("This is nobody active in the agency.", field=field, allowed=allowed)


def _question(uow: UnitOfWork, case: Case, body: QuestionBody) -> OpenQuestion:
    return OpenQuestion(
        id=new_id(),
        responsible_id=body.responsible_id or case.caseworker_id or uow.viewer.staff_id,
        asked_at=uow.now,
        asked_by=uow.viewer.staff_id,
        due_at=body.due,
    )


def _subject(question: OpenQuestion) -> happening.Subject:
    return (SubjectType.ACTION, str(question.id))
