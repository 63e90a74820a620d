"""Asking for closure, and deciding on it by somebody else. Source: practice.md, step 7."""

from contracts.events.cases import (
    CaseClosed,
    ClosureDeclined,
    ClosurePassedToStandIn,
    ClosureRequested,
)
from contracts.events.timekeeping import ClosureStandInDue
from domain import closure, engagement, joining
from domain.case import Case, Closure
from domain.closure_grounds import Grounds
from domain.disclosure import Action
from domain.errors import Missing
from domain.vocabulary import Ground, Section, SubjectType
from infrastructure import deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import flagging, happening, transferring
from services.cases.commands.audited import audited
from services.cases.schemas.closure import (
    ApprovalAnswer,
    ClosureRequestAnswer,
    ClosureRequestBody,
    DeclineBody,
    NoteBody,
    StatusAnswer,
)
from services.cases.store import cases, facts, narratives


@audited("request-closure", Section.CLOSURE)
async def request_closure(
    uow: UnitOfWork, ref: str, body: ClosureRequestBody
) -> ClosureRequestAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    said, pack = await _grounds(uow, before, body), uow.packs.get(before.policy)
    case = closure.request(before, said, uow.viewer.staff_id, new_id(), pack, uow.now)
    asked = closure.of(case)
    await cases.save(uow, case)
    told = body.model_dump(mode="json", exclude_none=True)
    await narratives.add(
        uow, case, Section.CLOSURE, "closure-request", str(asked.id), new_id(), told
    )
    if said.ground is Ground.DIED and said.died_on is not None:
        await flagging.flag_death(uow, case, said.died_on, bool(said.suspected))
    event = ClosureRequested(
        case_ref=ref,
        at=uow.now,
        closure_id=asked.id,
        ground=body.ground,
        requested_by=uow.viewer.staff_id,
        approver_id=case.supervisor_id or "",
    )
    await happening.happened(uow, case, event, Section.CLOSURE, subject=_subject(asked))
    # A supervisor who asks cannot decide, and nobody is to wait for it.
    if uow.viewer.staff_id == case.supervisor_id:
        await _pass_on(uow, case)
    return ClosureRequestAnswer(
        closure_id=str(asked.id),
        status=case.status,
        approver_id=case.supervisor_id or "",
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("approve-closure", Section.CLOSURE)
async def approve_closure(uow: UnitOfWork, ref: str, body: NoteBody) -> ApprovalAnswer:
    """The hard gate: the case closes here and nowhere else."""
    before = await cases.load(uow, ref, uow.viewer)
    case = closure.approve(before, uow.viewer, uow.now)
    joining.demand_looks_made(await deadlines.open_for(uow, ref), closure.of(case).ground)
    ended = closure.of(case)
    await cases.save(uow, case)
    told = {"note": body.note}
    await narratives.add(
        uow, case, Section.CLOSURE, "closure-approval", str(ended.id), new_id(), told
    )
    said = CaseClosed(
        case_ref=ref,
        at=uow.now,
        closure_id=ended.id,
        ground=ended.ground or Ground.GOALS_ACHIEVED,
        approved_by=uow.viewer.staff_id,
    )
    # About the whole case: every duty ends; what follows is about this closure.
    await happening.happened(
        uow, case, said, Section.REFERENCE, subject=(SubjectType.CASE, str(ended.id))
    )
    await _owe_archive_alone(uow, case, ended)
    await transferring.end_with_case(uow, case)
    return ApprovalAnswer(
        closure_id=str(ended.id),
        status=case.status,
        closed_at=uow.now,
        deadlines=await happening.open_deadlines(uow, case),
    )


@audited("decline-closure", Section.CLOSURE)
async def decline_closure(uow: UnitOfWork, ref: str, body: DeclineBody) -> StatusAnswer:
    before = await cases.load(uow, ref, uow.viewer)
    case, declined = closure.decline(before, uow.viewer)
    await cases.save_closure(uow, ref, declined)
    await cases.save(uow, case)
    told = {"reason": body.reason, "note": body.note}
    await narratives.add(
        uow, case, Section.CLOSURE, "closure-refusal", str(declined.id), new_id(), told
    )
    said = ClosureDeclined(case_ref=ref, at=uow.now, closure_id=declined.id, reason=body.reason)
    await happening.happened(uow, case, said, Section.CLOSURE, subject=_subject(declined))
    return StatusAnswer(
        case_ref=ref,
        status=case.status,
        closure_id=str(declined.id),
        deadlines=await happening.open_deadlines(uow, case),
    )


async def pass_to_stand_in(uow: UnitOfWork, event: ClosureStandInDue) -> None:
    """The clock says the supervisor has not decided in time; the record says whether that is so."""
    try:
        case = await cases.load_by_closure(uow, event.closure_id, uow.viewer)
    except Missing:
        return  # declined or lost since: there is nothing left to decide
    standing = await deadlines.open_for(uow, case.ref)
    now = max(uow.now, event.at)
    if any(each.subject_id == str(event.closure_id) and each.due_at <= now for each in standing):
        await _pass_on(uow, case)


async def _pass_on(uow: UnitOfWork, before: Case) -> None:
    case = closure.pass_to_stand_in(before, uow.now)
    if case is None:
        return
    asked = closure.of(case)
    await cases.save(uow, case)
    said = ClosurePassedToStandIn(case_ref=case.ref, at=uow.now, closure_id=asked.id)
    await happening.happened(uow, case, said, Section.CLOSURE, subject=_subject(asked))
    uow.audit("pass-closure-to-stand-in", case.ref, Section.CLOSURE)


async def _owe_archive_alone(uow: UnitOfWork, case: Case, ended: Closure) -> None:
    """Nobody looks back with a child who has died; the file is archived all the same."""
    if closure.has_died(case):
        await happening.happened(
            uow, case, "look-back.not-owed", Section.CLOSURE, subject=_subject(ended)
        )


async def _grounds(uow: UnitOfWork, case: Case, body: ClosureRequestBody) -> Grounds:
    """What is said now, with what the record holds of attempts and transfers."""
    attempts = await facts.named_since_return(uow, case, engagement.FACT)
    answers = [
        found
        for name in ("transfer.accepted", "transfer.declined", "transfer.withdrawn")
        for found in await facts.named_since_return(uow, case, name)
    ]
    parts = body.transition_plan.model_dump() if body.transition_plan else {}
    return Grounds(
        ground=body.ground,
        discussed_with_child=body.discussed_with_child,
        discussed_with_family=body.discussed_with_family,
        not_discussed_because=body.not_discussed_because,
        how_to_come_back=body.how_to_come_back,
        engagement=tuple(each.at for each in attempts),
        transfer_answered=bool(answers),
        no_transfer_because=body.no_transfer_because,
        came_of_age_on=body.came_of_age_on,
        transition_plan=frozenset(part for part, words in parts.items() if words),
        died_on=body.died_on,
        suspected=body.abuse_or_neglect_suspected,
    )


def _subject(asked: Closure) -> tuple[SubjectType, str]:
    return SubjectType.CLOSURE, str(asked.id)
