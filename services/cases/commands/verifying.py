"""What comparing sources has made of a statement. Source: practice.md, step 3."""

from uuid import UUID

from domain import verification
from domain.case import demand_in_work
from domain.disclosure import Action
from domain.errors import Missing
from domain.verification import Turn
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.questions import VerificationBody, VerificationView
from services.cases.store import cases, narratives, questions, testimonies


@audited("verify-statement", Section.ASSESSMENT)
async def verify_statement(
    uow: UnitOfWork, ref: str, statement_id: UUID, body: VerificationBody
) -> VerificationView:
    """The state before stays on the record; raises Missing, VerificationUnchanged."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    demand_in_work(case)
    key = await narratives.key_of(uow, case)
    said = {each.id: each for each in await testimonies.all_of(uow, case, key)}
    if statement_id not in said:
        raise Missing
    turns = (await questions.turns_of(uow, case)).get(statement_id, [])
    before = verification.state(said[statement_id].first, turns)
    after = verification.change(before, body.state)
    turn = Turn(new_id(), statement_id, after, uow.now, uow.viewer.staff_id)
    await questions.add_turn(uow, case, turn)
    told = {"state": after.value, "how": body.how}
    await narratives.add(
        uow, case, Section.ASSESSMENT, questions.VERIFICATION, str(statement_id), turn.id, told
    )
    await happening.happened(
        uow,
        case,
        "statement.verification-changed",
        Section.ASSESSMENT,
        subject=(SubjectType.ACTION, str(statement_id)),
        codes={"before": before.value, "after": after.value},
    )
    return VerificationView(
        state=after, recorded_at=uow.now, recorded_by=turn.recorded_by, how=body.how
    )
