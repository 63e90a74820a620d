"""What people decide about two cases that look alike. Never merged by machine. Source: practice.md, 2."""

from domain import disclosure, reference
from domain.case import Case
from domain.disclosure import Action
from domain.errors import Hidden
from domain.likeness import demand_two_cases
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, recognising
from services.cases.commands.audited import audited
from services.cases.schemas.likeness import LikelySameList, SameChildAnswer, SameChildBody
from services.cases.store import cases, likeness, narratives


@audited("decide-same-child", Section.IDENTITY)
async def decide_same_child(uow: UnitOfWork, ref: str, body: SameChildBody) -> SameChildAnswer:
    """By somebody who may record on the one case and sees whose the other is; the latest word holds."""
    other_ref = reference.read(body.other_ref)
    demand_two_cases(ref, other_ref)
    case = await cases.load(uow, ref, uow.viewer)
    _demand_say(uow, case)
    other = await cases.load(uow, other_ref, uow.viewer, lock=False)
    disclosure.demand_sight(uow.viewer, other.custody, [Section.IDENTITY])
    decision_id = await likeness.decide(uow, ref, other_ref, same=body.same)
    told = {"note": body.note}
    await narratives.add(
        uow, case, Section.IDENTITY, likeness.DECISION, other_ref, decision_id, told
    )
    codes = {"other_ref": other_ref, "same": body.same}
    await happening.happened(uow, case, "same-child.decided", Section.IDENTITY, codes=codes)
    return SameChildAnswer(
        case_ref=ref,
        other_ref=other_ref,
        same=body.same,
        decided_by=uow.viewer.staff_id,
        decided_at=uow.now,
    )


@audited("read-likely-same", Section.IDENTITY)
async def read_likely_same(uow: UnitOfWork, ref: str) -> LikelySameList:
    case = await cases.load(uow, ref, uow.viewer, lock=False)
    disclosure.demand_sight(uow.viewer, case.custody, [Section.IDENTITY])
    return await recognising.of(uow, case)


def _demand_say(uow: UnitOfWork, case: Case) -> None:
    """Until the child is registered, whoever may register it; then the case's own people."""
    needed = Action.REGISTER if case.custody.awaits_registration else Action.RECORD
    if not disclosure.may(uow.viewer, case.custody, needed):
        raise Hidden
