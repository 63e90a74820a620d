"""What this service knows of cases, from events: whose they are and whether they are open."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Custody
from domain.vocabulary import Risk
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store.tables import CASES


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as far as its reviews need it."""

    case_ref: str
    agency_id: str
    team_id: str | None
    caseworker_id: str | None
    supervisor_id: str | None
    policy: str
    risk: Risk
    is_open: bool = True
    reviews_before: int = 0  # when it was last reopened

    @property
    def team(self) -> tuple[str, ...]:
        """Those who work on it day by day."""
        return tuple(each for each in (self.caseworker_id, self.supervisor_id) if each)

    def custody(self, chair_id: str | None = None) -> Custody:
        return Custody(
            self.agency_id,
            self.team_id,
            self.caseworker_id,
            self.supervisor_id,
            reviewers=frozenset({chair_id} if chair_id else ()),
        )


def known_case(row: Any) -> KnownCase:
    return KnownCase(
        case_ref=row["case_ref"],
        agency_id=row["agency_id"],
        team_id=row["team_id"],
        caseworker_id=row["caseworker_id"],
        supervisor_id=row["supervisor_id"],
        policy=row["policy"],
        risk=Risk(row["risk"]),
        is_open=row["is_open"],
        reviews_before=row["reviews_before"],
    )


async def find(uow: UnitOfWork, case_ref: str) -> KnownCase | None:
    """For the platform itself; locked until the transaction ends."""
    query = select(CASES).where(CASES.c.case_ref == case_ref).with_for_update()
    row = (await uow.connection.execute(query)).mappings().first()
    return known_case(row) if row else None


async def save(uow: UnitOfWork, case: KnownCase) -> None:
    row = {
        "case_ref": case.case_ref,
        "agency_id": case.agency_id,
        "team_id": case.team_id,
        "caseworker_id": case.caseworker_id,
        "supervisor_id": case.supervisor_id,
        "policy": case.policy,
        "risk": case.risk.value,
        "is_open": case.is_open,
    }
    await uow.connection.execute(
        insert(CASES).values(row).on_conflict_do_update(index_elements=["case_ref"], set_=row)
    )


async def change(uow: UnitOfWork, case_ref: str, **changes: Any) -> None:
    await uow.connection.execute(
        update(CASES).where(CASES.c.case_ref == case_ref).values(**changes)
    )
