"""The viewer's own cases and her team's, page by page."""

from domain import disclosure
from domain.vocabulary import CaseStatus
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries.reading import item
from services.cases.schemas.views import CaseList
from services.cases.store import cases


async def own(
    uow: UnitOfWork, status: CaseStatus | None, cursor: str | None, limit: int
) -> CaseList:
    """Newest first; the list itself is audited under the viewer's agency."""
    found, following = await cases.page(uow, uow.viewer, status, cursor, limit)
    uow.audit("list-cases", uow.viewer.agency_id)
    items = [item(each, disclosure.visible_sections(uow.viewer, each.custody)) for each in found]
    # What she is not told by a case's status, she does not learn by asking for it either.
    told = [each for each in items if status is None or each.status == status]
    return CaseList(items=told, next_cursor=following)
