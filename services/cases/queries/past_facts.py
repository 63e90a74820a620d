"""Past facts for operations: codes and instants of every case, to try a policy pack on."""

from collections.abc import Mapping
from typing import Any

from contracts.past_facts import FactLine, FactPage
from domain.errors import Hidden
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.granted_lines import CHANGES, granted_line
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store import past_facts as store


async def past_facts(uow: UnitOfWork, cursor: str | None, limit: int) -> FactPage:
    """In the order of recording, time granted among them; raises Hidden for all but operations."""
    if not uow.viewer.has(Role.OPERATIONS, Role.ADMINISTRATOR):
        raise Hidden
    [after] = paging.read(cursor, [paging.number]) if cursor is not None else [0]
    rows = await store.past_facts(uow, after, limit)
    uow.audit("export-facts", uow.viewer.agency_id)
    page = rows[:limit]
    granted: dict[int, list[FactLine]] = {}
    for row in await store.granted(uow, page, CHANGES):
        granted.setdefault(row["place"], []).append(granted_line(row, "cases"))
    lines = [line for row in page for line in (_line(row), *granted.get(row["place"], ()))]
    following = paging.written([page[-1]["place"]]) if len(rows) > limit else None
    return FactPage(items=lines, next_cursor=following)


def _line(row: Mapping[Any, Any]) -> FactLine:
    return FactLine(
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
