"""Open questions, and what comparing sources has made of statements. Load the case with its viewer before."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from domain.case import Case
from domain.disclosure import Action
from domain.errors import Missing
from domain.open_questions import OpenQuestion
from domain.verification import Turn, Verification
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import cases
from services.cases.store.implementation_tables import open_questions, statement_verifications

QUESTION, VERIFICATION = "open-question", "statement-verification"  # kinds of narratives


async def add(uow: UnitOfWork, case: Case, asked: Sequence[OpenQuestion]) -> None:
    rows = [
        {
            "id": each.id,
            "case_ref": case.ref,
            "place": place,
            "responsible_id": each.responsible_id,
            "due_at": each.due_at,
            "asked_at": each.asked_at,
            "asked_by": each.asked_by,
        }
        for place, each in enumerate(asked)
    ]
    await uow.connection.execute(insert(open_questions), rows)


async def one(uow: UnitOfWork, case: Case, question_id: UUID) -> OpenQuestion:
    """Raises Missing."""
    query = select(open_questions).where(
        open_questions.c.case_ref == case.ref, open_questions.c.id == question_id
    )
    row = (await uow.connection.execute(query)).first()
    if row is None:
        raise Missing
    return _question(row)


async def for_bearer(
    uow: UnitOfWork, ref: str, question_id: UUID, *, to: Action | None = None, lock: bool = True
) -> Case:
    """The case for whoever looks after it, or owes this one answer now; raises Missing, Hidden."""
    owed = await deadlines.open_for(uow, ref)
    named = frozenset(
        each.responsible.person_id
        for each in owed
        if each.subject_id == str(question_id) and each.responsible.person_id
    )
    return await cases.load_through(
        uow,
        ref,
        uow.viewer,
        standing=lambda case: replace(case.custody, named=named),
        to=to,
        lock=lock,
    )


async def all_of(uow: UnitOfWork, case: Case) -> list[OpenQuestion]:
    """In the order in which they were asked."""
    query = (
        select(open_questions)
        .where(open_questions.c.case_ref == case.ref)
        .order_by(open_questions.c.asked_at, open_questions.c.place, open_questions.c.id)
    )
    return [_question(row) for row in await uow.connection.execute(query)]


async def save_answer(uow: UnitOfWork, answered: OpenQuestion) -> None:
    await uow.connection.execute(
        update(open_questions)
        .where(open_questions.c.id == answered.id)
        .values(answered_at=answered.answered_at, answered_by=answered.answered_by)
    )


async def add_turn(uow: UnitOfWork, case: Case, turn: Turn) -> None:
    await uow.connection.execute(
        insert(statement_verifications).values(
            id=turn.id,
            case_ref=case.ref,
            statement_id=turn.statement_id,
            state=turn.state.value,
            recorded_at=turn.recorded_at,
            recorded_by=turn.recorded_by,
        )
    )


async def turns_of(uow: UnitOfWork, case: Case) -> dict[UUID, list[Turn]]:
    """By statement, in their order."""
    query = (
        select(statement_verifications)
        .where(statement_verifications.c.case_ref == case.ref)
        .order_by(statement_verifications.c.recorded_at, statement_verifications.c.id)
    )
    found: dict[UUID, list[Turn]] = {}
    for row in await uow.connection.execute(query):
        turn = Turn(
            row.id, row.statement_id, Verification(row.state), row.recorded_at, row.recorded_by
        )
        found.setdefault(row.statement_id, []).append(turn)
    return found


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(
        id=row.id,
        responsible_id=row.responsible_id,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        due_at=row.due_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
    )
