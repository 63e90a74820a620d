"""Attempts to reach child and family, on record one by one. Source: practice.md, step 7 (serious engagement)."""

from domain import engagement
from domain.case import IN_WORK, demand_status
from domain.disclosure import Action
from domain.vocabulary import CaseStatus, Section
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.engagement import ATTEMPT, AttemptBody, AttemptView
from services.cases.store import cases, narratives


@audited("record-engagement-attempt", Section.CONTACTS)
async def record_attempt(uow: UnitOfWork, ref: str, body: AttemptBody) -> AttemptView:
    """The note is sealed; that somebody tried, when and how, stands in the chronology."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    demand_status(case, *IN_WORK, CaseStatus.CLOSED)  # a look back may need them too
    engagement.demand_made(body.at, case.registered_at, uow.now)
    at = body.at
    attempt_id, by = new_id(), body.by or uow.viewer.staff_id
    told = {"at": at.isoformat(), "method": body.method.value, "by": by, "note": body.note}
    await narratives.add(uow, case, Section.CONTACTS, ATTEMPT, str(attempt_id), attempt_id, told)
    codes = {"attempt_id": str(attempt_id), "method": body.method.value, "by": by}
    await happening.happened(uow, case, engagement.FACT, Section.CONTACTS, at=at, codes=codes)
    return AttemptView(
        attempt_id=str(attempt_id),
        at=at,
        method=body.method,
        by=by,
        recorded_at=uow.now,
        recorded_by=uow.viewer.staff_id,
        note=body.note,
    )
