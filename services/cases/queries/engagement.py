"""Attempts to reach a family and incidents flagged, for those who see these parts of a case."""

from domain import disclosure, engagement, incidents, reference
from domain.case import Case
from domain.erasing import ERASED
from domain.errors import Hidden
from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.engagement import (
    ATTEMPT,
    AttemptList,
    AttemptView,
    IncidentList,
    IncidentView,
)
from services.cases.store import cases, facts, narratives


async def attempts(uow: UnitOfWork, typed: str) -> AttemptList:
    """In the order of their recording, since the case last came back; raises Missing."""
    case = await _case(uow, typed, Section.CONTACTS, "list-engagement-attempts")
    key = await narratives.key_of(uow, case)
    told = await narratives.all_of(uow, case, uow.viewer, key)
    gone = {"note": ERASED} if key is None else {}
    words = {each.subject_id: each.content or gone for each in told if each.kind == ATTEMPT}
    pack = uow.packs.get(case.policy)
    made = await facts.named_since_return(uow, case, engagement.FACT)
    return AttemptList(
        needed=engagement.demanded(pack),
        enough=engagement.is_serious([each.at for each in made], pack),
        items=[
            AttemptView(
                attempt_id=each.codes["attempt_id"],
                at=each.at,
                method=each.codes["method"],
                by=each.codes["by"],
                recorded_at=each.recorded_at,
                recorded_by=each.recorded_by,
                note=words.get(each.codes["attempt_id"], {}).get("note"),
            )
            for each in made
        ],
    )


async def flagged(uow: UnitOfWork, typed: str) -> IncidentList:
    """In the order of their recording; raises Missing."""
    case = await _case(uow, typed, Section.ASSESSMENT, "list-serious-incidents")
    return IncidentList(
        items=[
            IncidentView(
                incident_id=each.codes["incident_id"],
                kind=each.codes["kind"],
                abuse_or_neglect_suspected=each.codes["suspected"],
                occurred_at=each.at,
                recorded_at=each.recorded_at,
                recorded_by=each.recorded_by,
            )
            for each in await facts.named(uow, case, incidents.FACT)
        ]
    )


async def _case(uow: UnitOfWork, typed: str, section: Section, action: str) -> Case:
    ref = reference.read(typed)
    try:
        case, _ = await cases.read(uow, ref, uow.viewer)
        disclosure.demand_sight(uow.viewer, case.custody, [section])
    except Hidden:
        uow.audit(action, ref, section, outcome="hidden")
        raise
    uow.audit(action, ref, section)
    return case
