"""A record erased for good: asked for by one, decided by another; then its key is destroyed everywhere.

Source: design.md, People and access. Dates, duties and the audit trail remain.
"""

from dataclasses import replace

from contracts.events.cases import CaseArchived, CaseErased
from domain import erasing as rules
from domain.case import Case
from domain.disclosure import Action
from domain.erasing import Erasure
from domain.vocabulary import CaseStatus, Section
from infrastructure import dropped_deadlines
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening, transferring
from services.cases.commands.audited import audited
from services.cases.schemas.retention import ErasureBody, ErasureRefusalBody, ErasureView
from services.cases.store import cases, erasures


@audited("request-erasure", Section.REFERENCE)
async def request_erasure(uow: UnitOfWork, ref: str, body: ErasureBody) -> ErasureView:
    case = await cases.load(uow, ref, uow.viewer, to=Action.ASK_ERASURE)
    asked = Erasure(new_id(), ref, body.basis, uow.viewer.staff_id, uow.now)
    asked = rules.request(case, asked, await erasures.pending_on(uow, case))
    await erasures.add(uow, asked)
    codes = {"erasure_id": str(asked.id), "basis": asked.basis.value}
    await happening.happened(uow, case, "erasure.requested", Section.REFERENCE, codes=codes)
    return ErasureView.of(asked)


@audited("approve-erasure", Section.REFERENCE)
async def approve_erasure(uow: UnitOfWork, ref: str) -> ErasureView:
    """By somebody else: whoever holds no key any more can read nothing, here or in a copy."""
    before = await cases.load_to(uow, ref, uow.viewer, Action.DECIDE_ERASURE)
    pending = await erasures.pending_on(uow, before)
    case, decided = rules.approve(before, pending, uow.viewer.staff_id, uow.now)
    await transferring.end_with_case(uow, before)
    await cases.save(uow, case)
    await erasures.save(uow, decided)
    if before.status is not CaseStatus.ARCHIVED:
        # Whoever follows the case hears that it has come to its end, by whatever way.
        archived = CaseArchived(case_ref=ref, at=uow.now)
        await happening.happened(uow, case, archived, Section.REFERENCE)
    said = CaseErased(case_ref=ref, at=uow.now, basis=decided.basis.value)
    await happening.happened(uow, case, said, Section.REFERENCE)
    await dropped_deadlines.drop_all(uow, ref, because="case.erased")
    await erasures.destroy(uow, case)
    await _erase_joined(uow, case, decided)
    return ErasureView.of(decided)


async def _erase_joined(uow: UnitOfWork, case: Case, decided: Erasure) -> None:
    """The same child is told of in every intake that joined the case."""
    for intake in await cases.joined_to(uow, case):
        gone = replace(intake, erased_at=case.erased_at)
        await cases.save(uow, gone)
        said = CaseErased(case_ref=gone.ref, at=uow.now, basis=decided.basis.value)
        await happening.happened(uow, gone, said, Section.REFERENCE)
        await erasures.destroy(uow, gone)
        uow.audit("approve-erasure", gone.ref, Section.REFERENCE)


@audited("refuse-erasure", Section.REFERENCE)
async def refuse_erasure(uow: UnitOfWork, ref: str, body: ErasureRefusalBody) -> ErasureView:
    """The record stays; the reason is a code."""
    case = await cases.load_to(uow, ref, uow.viewer, Action.DECIDE_ERASURE)
    pending = await erasures.pending_on(uow, case)
    decided = rules.refuse(pending, uow.viewer.staff_id, body.reason, uow.now)
    await erasures.save(uow, decided)
    codes = {"erasure_id": str(decided.id), "reason": body.reason}
    await happening.happened(uow, case, "erasure.refused", Section.REFERENCE, codes=codes)
    return ErasureView.of(decided)
