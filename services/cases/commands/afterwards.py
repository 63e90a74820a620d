"""After the closure: the look back, the archive, and a return. Source: practice.md, step 7."""

from datetime import datetime

from contracts.events import Event
from contracts.events.cases import CaseArchived, CaseReopened, LookBackRecorded
from domain import closure, engagement, retention
from domain.case import Case, ClosureState
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
from services.cases.store import cases, facts, narratives, plans

ADVICE_REOPEN = "consider-reopening"
UNANSWERED = "look-back.unanswered"


@audited("record-look-back", Section.CLOSURE)
async def record_look_back(uow: UnitOfWork, ref: str, body: LookBackBody) -> LookBackAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    at = uow.now
    said: Event | str = UNANSWERED
    if body.someone_reached:
        case, at, said = _answered(before, body, uow.now)
    else:
        closure.demand_unheard(body.occurred_at, body.gains_hold, body.feedback)
        attempts = await facts.named_since_return(uow, before, engagement.FACT)
        pack = uow.packs.get(before.policy)
        case = closure.look_back_in_vain(before, [each.at for each in attempts], pack, uow.now)
    closure_id = str(closure.of(case).id)
    await cases.save(uow, case)
    told = body.model_dump(mode="json", exclude_none=True)
    await narratives.add(uow, case, Section.CLOSURE, "look-back", closure_id, new_id(), told)
    subject = (SubjectType.CLOSURE, closure_id)
    codes = None if body.someone_reached else {"closure_id": closure_id}
    await happening.happened(uow, case, said, Section.CLOSURE, subject=subject, at=at, codes=codes)
    return LookBackAnswer(
        closure_id=closure_id,
        advice=ADVICE_REOPEN if body.gains_hold is False else None,
        deadlines=await happening.open_deadlines(uow, case),
    )


def _answered(before: Case, body: LookBackBody, now: datetime) -> tuple[Case, datetime, Event]:
    """Somebody was there to ask: when, and what was said, is needed. Raises Malformed."""
    at, gains_hold = closure.demand_heard(body.occurred_at, body.gains_hold, body.feedback)
    case = closure.look_back(before, at, now)
    said = LookBackRecorded(
        case_ref=case.ref, at=now, closure_id=closure.of(case).id, gains_hold=gains_hold
    )
    return case, at, said


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
    case = closure.reopen(before, body.risk, body.death_recorded_in_error)
    await cases.save(uow, case)
    # What was still to be done then is no plan for now, and nobody owes it any more.
    await plans.replace_plan(uow, case, tuple(ActionKind))
    told: dict[str, object] = {"reason": body.reason, "risk": body.risk.value}
    if body.death_recorded_in_error:
        told["death_recorded_in_error"] = True
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
