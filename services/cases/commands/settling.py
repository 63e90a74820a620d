"""Goals on record as achieved, and gains that did not hold. Source: practice.md, step 7."""

from contracts.events.cases import GainsLost, GoalsAchieved
from domain import closure
from domain.disclosure import Action
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, measuring
from services.cases.commands.audited import audited
from services.cases.schemas.closure import NoteBody, ReasonBody, SettlingAnswer, StatusAnswer
from services.cases.store import cases, narratives


@audited("record-goals-achieved", Section.CLOSURE)
async def achieve_goals(uow: UnitOfWork, ref: str, body: NoteBody) -> SettlingAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    closure_id = new_id()
    case = closure.settle(before, closure_id, uow.packs.get(before.policy), uow.now)
    settled_at = (case.closure and case.closure.settled_at) or uow.now
    await cases.save(uow, case)
    told = {"note": body.note}
    await narratives.add(
        uow, case, Section.CLOSURE, "goals-achieved", str(closure_id), new_id(), told
    )
    said = GoalsAchieved(case_ref=ref, at=uow.now, closure_id=closure_id, settled_at=settled_at)
    subject = (SubjectType.CLOSURE, str(closure_id))
    await happening.happened(uow, case, said, Section.CLOSURE, subject=subject)
    return SettlingAnswer(
        closure_id=str(closure_id),
        settled_at=settled_at,
        measures_not_reached=await measuring.not_reached(uow, case),
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("record-gains-lost", Section.CLOSURE)
async def lose_gains(uow: UnitOfWork, ref: str, body: ReasonBody) -> StatusAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    case, lost = closure.lose_gains(before)
    await cases.save_closure(uow, ref, lost)
    await cases.save(uow, case)
    told = {"reason": body.reason}
    await narratives.add(uow, case, Section.CLOSURE, "gains-lost", str(lost.id), new_id(), told)
    said = GainsLost(case_ref=ref, at=uow.now, closure_id=lost.id)
    subject = (SubjectType.CLOSURE, str(lost.id))
    await happening.happened(uow, case, said, Section.CLOSURE, subject=subject)
    return StatusAnswer(
        case_ref=ref,
        status=case.status,
        closure_id=str(lost.id),
        deadlines=await happening.open_deadlines(uow, case),
    )
