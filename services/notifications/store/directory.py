"""What this service knows from events: cases and their people, staff by role, agencies' time zones."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.disclosure import Custody
from domain.notifying import Member
from domain.vocabulary import Role
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.tables import AGENCIES, CASES, STAFF

_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class KnownCase:
    """Whose a case is, and which policy pack names its steps."""

    case_ref: str
    custody: Custody
    policy: str


async def case(uow: UnitOfWork, case_ref: str) -> KnownCase | None:
    query = select(CASES).where(CASES.c.case_ref == case_ref)
    row = (await uow.connection.execute(query)).mappings().first()
    if row is None:
        return None
    custody = Custody(row["agency_id"], row["team_id"], row["caseworker_id"], row["supervisor_id"])
    return KnownCase(case_ref, custody, row["policy"])


async def save_case(uow: UnitOfWork, known: KnownCase) -> None:
    row = {
        "case_ref": known.case_ref,
        "agency_id": known.custody.agency_id,
        "team_id": known.custody.team_id,
        "caseworker_id": known.custody.caseworker_id,
        "supervisor_id": known.custody.supervisor_id,
        "policy": known.policy,
    }
    await uow.connection.execute(
        insert(CASES).values(row).on_conflict_do_update(index_elements=["case_ref"], set_=row)
    )


async def change_case(uow: UnitOfWork, case_ref: str, **changes: Any) -> None:
    await uow.connection.execute(
        update(CASES).where(CASES.c.case_ref == case_ref).values(**changes)
    )


async def members(uow: UnitOfWork, agency_id: str, *named: str | None) -> list[Member]:
    """Everybody of an agency, and those named, whoever employs them."""
    known = [staff_id for staff_id in named if staff_id]
    query = select(STAFF).where(or_(STAFF.c.agency_id == agency_id, STAFF.c.staff_id.in_(known)))
    return [_member(row) for row in (await uow.connection.execute(query)).mappings()]


async def save_member(uow: UnitOfWork, member: Member, as_of: datetime) -> None:
    """The latest word counts; one agency's word that somebody left says nothing of another."""
    row = {
        "staff_id": member.staff_id,
        "agency_id": member.agency_id,
        "team_id": member.team_id,
        "roles": sorted(role.value for role in member.roles),
        "active": member.active,
        "as_of": as_of,
    }
    new = insert(STAFF).values(row)
    concerns = or_(STAFF.c.agency_id == new.excluded.agency_id, new.excluded.active)
    await uow.connection.execute(
        new.on_conflict_do_update(
            index_elements=["staff_id"],
            set_=row,
            where=(STAFF.c.as_of <= new.excluded.as_of) & concerns,
        )
    )


async def zone(uow: UnitOfWork, agency_id: str) -> str | None:
    query = select(AGENCIES.c.zone).where(AGENCIES.c.agency_id == agency_id)
    found: str | None = (await uow.connection.execute(query)).scalar()
    return found


async def save_agency(uow: UnitOfWork, agency_id: str, zone: str, as_of: datetime) -> None:
    row = {"agency_id": agency_id, "zone": zone, "as_of": as_of}
    new = insert(AGENCIES).values(row)
    await uow.connection.execute(
        new.on_conflict_do_update(
            index_elements=["agency_id"], set_=row, where=AGENCIES.c.as_of <= new.excluded.as_of
        )
    )


def _member(row: Any) -> Member:
    return Member(
        staff_id=row["staff_id"],
        agency_id=row["agency_id"],
        team_id=row["team_id"],
        roles=frozenset(_ROLES[role] for role in row["roles"] if role in _ROLES),
        active=row["active"],
    )
