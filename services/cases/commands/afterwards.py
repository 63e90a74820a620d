"""After the closure: the look back, the archive, and a return. Source: practice.md, step 7."""

from contracts.events.cases import CaseArchived, CaseReopened, LookBackRecorded
from domain import closure, retention
from domain.case import ClosureState
from domain.disclosure import Action
from domain.planning import ActionKind
from domain.vocabulary import Section, SubjectType
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, retaining
from services.cases.commands.audited import audited
from services.cases.schemas.closure import (
    EarlierClosure,
    LookBackAnswer,
    LookBackBody,
    ReopeningAnswer,
    ReopeningBody,
    StatusAnswer,
)
from services.cases.store import cases, narratives, plans

ADVICE_REOPEN = "consider-reopening"


@audited("record-look-back", Section.CLOSURE)
async def record_look_back(uow: UnitOfWork, ref: str, body: LookBackBody) -> LookBackAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    case = closure.look_back(before, body.occurred_at, uow.now)
    closure_id = closure.of(case).id
    await cases.save(uow, case)
    told = body.model_dump(mode="json")
    await narratives.add(uow, case, Section.CLOSURE, "look-back", str(closure_id), new_id(), told)
    said = LookBackRecorded(
        case_ref=ref, at=uow.now, closure_id=closure_id, gains_hold=body.gains_hold
    )
    subject = (SubjectType.CLOSURE, str(closure_id))
    await happening.happened(uow, case, said, Section.CLOSURE, subject=subject, at=body.occurred_at)
    return LookBackAnswer(
        closure_id=str(closure_id),
        advice=None if body.gains_hold else ADVICE_REOPEN,
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("archive-case", Section.CLOSURE)
async def archive_case(uow: UnitOfWork, ref: str) -> StatusAnswer:
    """From now the file is kept for the pack's retention; then people decide, never the machine."""
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    erase_at = retention.ends_at(uow.now, uow.packs.get(before.policy))
    case = closure.archive(before, erase_at)
    closure_id = str(closure.of(case).id)
    await cases.save(uow, case)
    said = CaseArchived(case_ref=ref, at=uow.now)
    subject = (SubjectType.CLOSURE, closure_id)
    await happening.happened(uow, case, said, Section.REFERENCE, subject=subject)
    if erase_at is not None:
        await retaining.note_end(uow, case, erase_at)
    return StatusAnswer(
        case_ref=ref,
        status=case.status,
        erase_at=erase_at,
        closure_id=closure_id,
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("reopen-case", Section.CLOSURE)
async def reopen_case(uow: UnitOfWork, ref: str, body: ReopeningBody) -> ReopeningAnswer:
    """The same reference, the history intact; why it had been closed is shown at once."""
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    case = closure.reopen(before, body.risk)
    await cases.save(uow, case)
    # What was still to be done then is no plan for now, and nobody owes it any more.
    await plans.replace_plan(uow, case, tuple(ActionKind))
    told = {"reason": body.reason, "risk": body.risk.value}
    await narratives.add(uow, case, Section.CLOSURE, "reopening", ref, new_id(), told)
    said = CaseReopened(
        case_ref=ref,
        at=uow.now,
        agency_id=case.agency_id,
        risk=case.risk,
        policy=case.policy,
        times=case.times_reopened,
    )
    await happening.happened(uow, case, said, Section.REFERENCE)
    return ReopeningAnswer(
        case_ref=ref,
        status=case.status,
        times=case.times_reopened,
        earlier_closures=[
            EarlierClosure(ground=each.ground, closed_at=each.closed_at)
            for each in await cases.closures_of(uow, case)
            if each.state is ClosureState.CLOSED and each.ground and each.closed_at
        ],
        deadlines=await happening.open_deadlines(uow, case),
    )
