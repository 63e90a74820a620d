"""Who looks after a case and over it, changed; and a duty taken up by somebody."""

from uuid import UUID

from contracts.events.cases import CaseAssigned
from domain import case as rules
from domain.deadlines import Deadline
from domain.disclosure import Action
from domain.vocabulary import CaseStatus, Section
from infrastructure import deadlines
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.commands.practice import people_for
from services.cases.schemas.deadlines import DeadlineView
from services.cases.schemas.registration import AssignmentAnswer, AssignmentBody
from services.cases.store import cases


@audited("assign-case", Section.REFERENCE)
async def assign_case(uow: UnitOfWork, ref: str, body: AssignmentBody) -> AssignmentAnswer:
    before = await cases.load(uow, ref, uow.viewer, to=Action.ASSIGN)
    rules.demand_status(before, *rules.IN_WORK, CaseStatus.CLOSED)  # a look back may still be owed
    team_id = body.team_id or before.team_id
    people, _ = await people_for(
        uow, before.agency_id, body.caseworker_id, body.supervisor_id, team_id
    )
    case = rules.assign(before, people.caseworker_id, people.supervisor_id, team_id)
    await cases.save(uow, case)
    agencies = (case.agency_id, case.agency_id)
    await deadlines.hand_over(uow, ref, case.people, agencies, before.people)
    said = CaseAssigned(
        case_ref=ref,
        at=uow.now,
        agency_id=case.agency_id,
        team_id=case.team_id,
        caseworker_id=people.caseworker_id,
        supervisor_id=people.supervisor_id,
    )
    await happening.happened(uow, case, said, Section.REFERENCE)
    return AssignmentAnswer(
        case_ref=ref,
        caseworker_id=people.caseworker_id,
        supervisor_id=people.supervisor_id,
        team_id=case.team_id,
    )


async def acknowledge_deadline(uow: UnitOfWork, deadline_id: UUID) -> DeadlineView:
    """Stops the ladder of a duty; undone when the viewer has no part in the case (raises Hidden)."""
    deadline = await deadlines.acknowledge(uow, deadline_id, by=uow.viewer.staff_id)
    return await _acknowledged(uow, deadline.case_ref, deadline)


@audited("acknowledge-deadline", Section.DEADLINES)
async def _acknowledged(uow: UnitOfWork, ref: str, deadline: Deadline) -> DeadlineView:
    case = await cases.load(uow, ref, uow.viewer, to=Action.ACKNOWLEDGE, lock=False)
    return happening.views(uow, case, [deadline])[0]
