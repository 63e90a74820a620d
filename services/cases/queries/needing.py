"""Needs that no service meets, as noted on a case."""

from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.sections import case_seen
from services.cases.schemas.needs import UnmetNeedList, UnmetNeedView
from services.cases.store import narratives, needs


async def of_case(uow: UnitOfWork, typed: str) -> UnmetNeedList:
    """In the order in which they were noted, those met since included; raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, "read-unmet-needs", Section.PLAN)
    key = await narratives.key_of(uow, case)
    told = await narratives.all_of(uow, case, uow.viewer, key, ("unmet-need",))
    notes = {each.subject_id: (each.content or {}).get("note") for each in told}
    return UnmetNeedList(
        items=[
            UnmetNeedView.of(each, notes.get(str(each.id)))
            for each in await needs.all_of(uow, case)
        ]
    )
