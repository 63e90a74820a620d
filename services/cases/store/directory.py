"""Copies of what the agencies service says of agencies and staff: as new as its last event that came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from domain.vocabulary import Role
from infrastructure.readable import few
from infrastructure.unit_of_work import UnitOfWork
from services.cases.store.tables import agencies, agency_names, staff

_ASK = text("""
SELECT agency.zone, agency.policy, member.staff_id, member.agency_id, member.team_id, member.roles,
       member.active
FROM (SELECT CAST(:agency_id AS text) AS agency_id) AS asked
LEFT JOIN agencies AS agency USING (agency_id)
LEFT JOIN staff AS member ON member.staff_id = ANY(CAST(:staff_ids AS text[]))
""")


@dataclass(frozen=True, slots=True)
class Agency:
    """`policy` is a pack's name; a case is pinned to the version in force."""

    agency_id: str
    zone: str
    policy: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody employed."""

    staff_id: str
    agency_id: str
    team_id: str | None
    roles: frozenset[Role]
    active: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the copy knows of an agency and of the people named; nobody is made up."""

    agency: Agency | None
    members: dict[str, Member]


async def ask(uow: UnitOfWork, agency_id: str, staff_ids: Sequence[str] = ()) -> Known:
    asked = {"agency_id": agency_id, "staff_ids": list(staff_ids)}
    rows = (await uow.connection.execute(_ASK, asked)).all()
    first = rows[0]
    agency = Agency(agency_id, first.zone, first.policy) if first.zone else None
    members = {
        row.staff_id: Member(
            row.staff_id,
            row.agency_id,
            row.team_id,
            frozenset(Role(role) for role in row.roles),
            row.active,
        )
        for row in rows
        if row.staff_id
    }
    return Known(agency, members)


async def at_work(uow: UnitOfWork, agency_id: str, role: Role | None = None) -> list[str] | None:
    """Whom the copy knows to work there now, in this role or any, by id; None for too many to read."""
    query = select(staff.c.staff_id).where(staff.c.agency_id == agency_id, staff.c.active)
    if role is not None:
        query = query.where(staff.c.roles.contains([role.value]))
    return await few(uow, query.order_by(staff.c.staff_id))


async def agencies_known(uow: UnitOfWork) -> list[str] | None:
    """Every agency that the copy knows, by id; None where they are too many to read."""
    return await few(uow, select(agencies.c.agency_id).order_by(agencies.c.agency_id))


async def names_of(uow: UnitOfWork, agency_ids: Iterable[str]) -> dict[str, str]:
    """What these agencies are called; one whose name is not known is left out."""
    named = agency_names.c.agency_id.in_(sorted(set(agency_ids)))
    query = select(agency_names.c.agency_id, agency_names.c.name).where(named)
    return {row.agency_id: row.name for row in await uow.connection.execute(query)}


async def supervisor_for(uow: UnitOfWork, agency_id: str, team_id: str | None) -> str | None:
    """An active supervisor of the team, else of the agency; None when the copy knows nobody."""
    query = (
        select(staff.c.staff_id)
        .where(
            staff.c.agency_id == agency_id,
            staff.c.active,
            staff.c.roles.contains([Role.SUPERVISOR.value]),
        )
        .order_by(staff.c.team_id.is_distinct_from(team_id), staff.c.staff_id)
        .limit(1)
    )
    return (await uow.connection.execute(query)).scalar()


async def keep_agency(uow: UnitOfWork, agency: Agency) -> None:
    row = {"agency_id": agency.agency_id, "zone": agency.zone, "policy": agency.policy}
    await uow.connection.execute(
        insert(agencies).values(row).on_conflict_do_update(index_elements=["agency_id"], set_=row)
    )


async def keep_name(uow: UnitOfWork, agency_id: str, name: str, sequence: int) -> None:
    """`sequence` counts what was said of the agency: a name that was said earlier takes no later one's place."""
    row = {"agency_id": agency_id, "name": name, "sequence": sequence}
    kept = insert(agency_names).values(row)
    await uow.connection.execute(
        kept.on_conflict_do_update(
            index_elements=["agency_id"],
            set_=row,
            where=agency_names.c.sequence <= kept.excluded.sequence,
        )
    )


async def keep_member(uow: UnitOfWork, member: Member) -> None:
    row = {
        "staff_id": member.staff_id,
        "agency_id": member.agency_id,
        "team_id": member.team_id,
        "roles": sorted(member.roles),
        "active": member.active,
    }
    await uow.connection.execute(
        insert(staff).values(row).on_conflict_do_update(index_elements=["staff_id"], set_=row)
    )
