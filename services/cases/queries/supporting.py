"""Support given on a case, in the order in which it happened."""

from domain.vocabulary import Section
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.sections import case_seen
from services.cases.schemas.support import SupportList, SupportView
from services.cases.store import narratives, supports
from services.cases.store.supports import RecordedSupport


async def of_case(uow: UnitOfWork, typed: str) -> SupportList:
    """Raises Missing, and Hidden alike."""
    case = await case_seen(uow, typed, "read-support", Section.CONTACTS)
    key = await narratives.key_of(uow, case)
    told = await narratives.all_of(uow, case, uow.viewer, key, (supports.TOLD,))
    words = {each.id: each.content or {} for each in told}
    return SupportList(
        items=[_view(each, words[each.support.id]) for each in await supports.all_of(uow, case)]
    )


def _view(recorded: RecordedSupport, words: dict[str, str]) -> SupportView:
    support = recorded.support
    return SupportView(
        support_id=str(support.id),
        kind=support.kind,
        occurred_at=support.occurred_at,
        with_whom=list(support.with_whom),
        where_to=words.get("where_to"),
        toward_whom=words.get("toward_whom"),
        agency_id=support.agency_id,
        action_id=str(support.action_id) if support.action_id else None,
        referral_id=str(support.referral_id) if support.referral_id else None,
        note=words.get("note"),
        recorded_at=recorded.recorded_at,
        recorded_by=recorded.recorded_by,
    )
