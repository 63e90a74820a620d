"""The directory's own tables: the only SQL about agencies, teams, staff, offers and pathways.

A member of staff's name is sealed under a key of that person's own; titles of agencies and offers are public.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Select,
    Table,
    Text,
    delete,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from domain.directory import Offer
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure.spine import NAMING, spine_tables
from infrastructure.unit_of_work import UnitOfWork

Found = RowMapping
metadata = MetaData(naming_convention=NAMING)
spine = spine_tables(metadata)

agencies = Table(
    "agencies",
    metadata,
    Column("agency_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("policy", Text, nullable=False),
)
teams = Table(
    "teams",
    metadata,
    Column("agency_id", Text, ForeignKey("agencies.agency_id"), primary_key=True),
    Column("team_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
)
staff = Table(
    "staff",
    metadata,
    Column("staff_id", Text, primary_key=True),
    Column("agency_id", Text, ForeignKey("agencies.agency_id"), nullable=False, index=True),
    Column("sealed_name", LargeBinary, nullable=False),
    Column("team_id", Text, nullable=True),
    Column("roles", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False),
)
offers = Table(
    "offers",
    metadata,
    Column("offer_id", Text, primary_key=True),
    Column("agency_id", Text, ForeignKey("agencies.agency_id"), nullable=False, index=True),
    Column("need", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("title", Text, nullable=False),
)
pathways = Table(
    "pathways",
    metadata,
    Column("need", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("offers", ARRAY(Text), nullable=False),
    Column("providers", ARRAY(Text), nullable=False),
    # Events of one pathway keep one key, whoever changes it, so that they stay in order.
    Column("published_by", Text, nullable=False),
)
Row = Mapping[str, Any]
STAFF_NAME = "staff.name"  # what a sealed name is bound to


def demand_administrator(uow: UnitOfWork) -> None:
    """Raises Hidden: who does not keep the directory finds no such address."""
    if not uow.viewer.has(Role.ADMINISTRATOR):
        uow.audit("change-directory", uow.viewer.agency_id, outcome="hidden")
        raise Hidden


def demand_staff_sight(uow: UnitOfWork, agency_id: str) -> None:
    """Raises Hidden for anybody but colleagues and administrators."""
    if uow.viewer.agency_id != agency_id and not uow.viewer.has(Role.ADMINISTRATOR):
        uow.audit("read-staff", agency_id, outcome="hidden")
        raise Hidden


async def agency(uow: UnitOfWork, agency_id: str, *, lock: bool = False) -> RowMapping | None:
    return await _one(uow, select(agencies).where(agencies.c.agency_id == agency_id), lock)


async def need_agency(uow: UnitOfWork, agency_id: str, *, lock: bool = False) -> RowMapping:
    """Raises Missing. Locked, everything below the agency changes one at a time."""
    found = await agency(uow, agency_id, lock=lock)
    if found is None:
        raise Missing
    return found


async def agencies_after(uow: UnitOfWork, cursor: str, limit: int) -> Sequence[RowMapping]:
    query = select(agencies).where(agencies.c.agency_id > cursor)
    return await _all(uow, query.order_by(agencies.c.agency_id).limit(limit))


async def teams_of(uow: UnitOfWork, agency_ids: Collection[str]) -> Sequence[RowMapping]:
    query = select(teams).where(teams.c.agency_id.in_(agency_ids))
    return await _all(uow, query.order_by(teams.c.agency_id, teams.c.team_id))


async def teams_in_use(uow: UnitOfWork, agency_id: str) -> set[str]:
    query = select(staff.c.team_id).where(
        staff.c.agency_id == agency_id, staff.c.active, staff.c.team_id.is_not(None)
    )
    return set((await uow.connection.execute(query)).scalars())


async def save_agency(uow: UnitOfWork, row: Row) -> None:
    await _put(uow, agencies, row)


async def save_teams(uow: UnitOfWork, agency_id: str, rows: Sequence[Row]) -> None:
    """Exactly these; the caller has shown that nobody works in one that is dropped."""
    kept = [row["team_id"] for row in rows]
    await uow.connection.execute(
        delete(teams).where(teams.c.agency_id == agency_id, teams.c.team_id.not_in(kept))
    )
    for row in rows:
        await _put(uow, teams, {"agency_id": agency_id, **row})


async def member(uow: UnitOfWork, staff_id: str) -> RowMapping | None:
    return await _one(uow, select(staff).where(staff.c.staff_id == staff_id), lock=True)


async def staff_of(uow: UnitOfWork, agency_id: str) -> Sequence[RowMapping]:
    """Names as they are sealed. Raises Hidden."""
    demand_staff_sight(uow, agency_id)
    query = select(staff).where(staff.c.agency_id == agency_id).order_by(staff.c.staff_id)
    return await _all(uow, query)


async def save_member(uow: UnitOfWork, row: Row) -> None:
    await _put(uow, staff, row)


async def offer(uow: UnitOfWork, offer_id: str) -> RowMapping | None:
    return await _one(uow, select(offers).where(offers.c.offer_id == offer_id), lock=True)


async def offers_where(
    uow: UnitOfWork,
    *,
    agency_id: str | None = None,
    need: str | None = None,
    area: str | None = None,
) -> Sequence[RowMapping]:
    query = select(offers).order_by(offers.c.offer_id)
    for column, wanted in (
        (offers.c.agency_id, agency_id),
        (offers.c.need, need),
        (offers.c.area, area),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return await _all(uow, query)


async def offers_for(uow: UnitOfWork, need: str) -> list[Offer]:
    """Locked, so that none changes its need while a pathway is laid."""
    query = select(offers).where(offers.c.need == need).order_by(offers.c.offer_id)
    rows = await _all(uow, query.with_for_update())
    return [Offer(**{key: row[key] for key in Offer.__dataclass_fields__}) for row in rows]


async def save_offer(uow: UnitOfWork, row: Row) -> None:
    await _put(uow, offers, row)


async def pathway(uow: UnitOfWork, need: str, area: str) -> RowMapping | None:
    query = select(pathways).where(pathways.c.need == need, pathways.c.area == area)
    return await _one(uow, query, lock=True)


async def pathways_where(
    uow: UnitOfWork, *, need: str | None = None, offer_id: str | None = None
) -> Sequence[RowMapping]:
    query = select(pathways).order_by(pathways.c.need, pathways.c.area)
    if need is not None:
        query = query.where(pathways.c.need == need)
    if offer_id is not None:
        query = query.where(pathways.c.offers.contains([offer_id]))
    return await _all(uow, query)


async def save_pathway(uow: UnitOfWork, row: Row) -> None:
    await _put(uow, pathways, row)


async def _one(uow: UnitOfWork, query: Select[Any], lock: bool) -> RowMapping | None:
    found = query.with_for_update() if lock else query
    row: RowMapping | None = (await uow.connection.execute(found)).mappings().first()
    return row


async def _all(uow: UnitOfWork, query: Select[Any]) -> Sequence[RowMapping]:
    rows: Sequence[RowMapping] = (await uow.connection.execute(query)).mappings().all()
    return rows


async def _put(uow: UnitOfWork, table: Table, row: Row) -> None:
    key = [column.name for column in table.primary_key]
    changed = {name: each for name, each in row.items() if name not in key}
    put = insert(table).values(**row).on_conflict_do_update(index_elements=key, set_=changed)
    await uow.connection.execute(put)
