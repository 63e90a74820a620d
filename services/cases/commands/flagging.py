"""Serious harm to a child, or a death, said at once for learning. Source: practice.md, section 3."""

from datetime import date, datetime
from uuid import UUID

from contracts.events.cases import SeriousIncidentFlagged
from domain import incidents
from domain.case import Case
from domain.disclosure import Action
from domain.incidents import Flagged, IncidentKind
from domain.vocabulary import Section
from infrastructure.ids import new_id
from infrastructure.unit_of_work import UnitOfWork
from services.cases.commands import happening
from services.cases.commands.audited import audited
from services.cases.schemas.engagement import IncidentBody, IncidentView
from services.cases.store import cases, facts, narratives

KIND = "serious-incident"


@audited("flag-serious-incident", Section.ASSESSMENT)
async def flag_incident(uow: UnitOfWork, ref: str, body: IncidentBody) -> IncidentView:
    """What happened is sealed; that it happened, and whether abuse is suspected, is said."""
    case = await cases.load(uow, ref, uow.viewer, to=Action.RECORD)
    incidents.flag(case, body.occurred_at, uow.now)
    incident_id = new_id()
    told = body.model_dump(mode="json")
    await narratives.add(uow, case, Section.ASSESSMENT, KIND, str(incident_id), new_id(), told)
    said = Flagged(body.kind, body.abuse_or_neglect_suspected)
    await _say(uow, case, incident_id, said, body.occurred_at)
    return IncidentView(
        incident_id=str(incident_id),
        kind=body.kind,
        abuse_or_neglect_suspected=body.abuse_or_neglect_suspected,
        occurred_at=body.occurred_at,
        recorded_at=uow.now,
        recorded_by=uow.viewer.staff_id,
    )


async def flag_death(uow: UnitOfWork, case: Case, died_on: date, suspected: bool) -> None:
    """With the request to close, not with its approval; a death that was flagged before is not said twice."""
    said = Flagged(IncidentKind.DEATH, suspected)
    before = [
        Flagged(IncidentKind(each.codes["kind"]), each.codes["suspected"])
        for each in await facts.named(uow, case, incidents.FACT)
    ]
    if incidents.is_news(before, said):
        zone = uow.packs.get(case.policy).calendar.zone
        died_at = incidents.died_at(died_on, zone, uow.now)
        await _say(uow, case, new_id(), said, died_at)


async def _say(
    uow: UnitOfWork, case: Case, incident_id: UUID, said: Flagged, occurred_at: datetime
) -> None:
    event = SeriousIncidentFlagged(
        case_ref=case.ref,
        at=occurred_at,
        incident_id=incident_id,
        kind=said.kind.value,
        suspected=said.suspected,
    )
    await happening.happened(uow, case, event, Section.ASSESSMENT, at=occurred_at)
