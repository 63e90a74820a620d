"""Past facts for operations: codes and instants of every case, to try a policy pack on."""

from contracts.past_facts import FactLine, FactPage
from domain.errors import Hidden
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import past_facts as store


async def past_facts(uow: UnitOfWork, cursor: str | None, limit: int) -> FactPage:
    """In the order of recording; raises Hidden for whoever does not operate the platform."""
    if not uow.viewer.has(Role.OPERATIONS, Role.ADMINISTRATOR):
        raise Hidden
    [after] = paging.read(cursor, [paging.number]) if cursor is not None else [0]
    rows = await store.past_facts(uow, after, limit)
    uow.audit("export-facts", uow.viewer.agency_id)
    lines = [
        FactLine(
            case=row["case_ref"],
            fact=row["name"],
            at=row["at"],
            risk=row["risk"],
            subject_type=row["subject_type"],
            subject_id="" if row["subject_id"] == row["case_ref"] else row["subject_id"],
            agreed_due=row["agreed_due"],
            rhythm=row["rhythm"],
            marks=(row["ground"],) if row["ground"] else (),
            policy=row["policy"],
            owner="cases",
            id=row["id"],
        )
        for row in rows[:limit]
    ]
    following = paging.written([rows[limit - 1]["place"]]) if len(rows) > limit else None
    return FactPage(items=lines, next_cursor=following)
