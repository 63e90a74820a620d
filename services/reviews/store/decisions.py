"""Decisions as rows: what was decided, whose it is, and whether it was carried out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, insert, select, update

from domain.decisions import Taken, Undertaking, demand_bearer
from domain.disclosure import Viewer
from domain.errors import Hidden, Missing
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.unit_of_work import UnitOfWork
from services.reviews.store import known_cases, sealed
from services.reviews.store.known_cases import KnownCase
from services.reviews.store.meeting_tables import DECISIONS

_FIELDS = (
    "id", "case_ref", "owner_id", "owner_agency_id", "due", "due_at", "taken_at", "carried_out_at",
    "carried_out_by",
)  # fmt: skip


async def add(uow: UnitOfWork, case_ref: str, taken: Iterable[Taken]) -> None:
    rows = []
    seal = None
    for place, each in enumerate(taken, start=1):
        seal = seal or await sealed.for_writing(uow, case_ref)
        rows.append(
            {
                "taken_in": each.taken_in,
                "chair_id": each.chair_id,
                "place": place,
                "text": seal.close_text(sealed.of_decision(each.taken_in, place), each.text),
                "owner": each.undertaking.owner.value,
                **{name: getattr(each.undertaking, name) for name in _FIELDS},
            }
        )
    if rows:
        await uow.connection.execute(insert(DECISIONS), rows)


async def of(uow: UnitOfWork, taken_in: UUID) -> tuple[Taken, ...]:
    """Those of a review or meeting, in order; load that with its viewer before."""
    query = select(DECISIONS).where(DECISIONS.c.taken_in == taken_in).order_by(DECISIONS.c.place)
    return await _taken(uow, list((await uow.connection.execute(query)).mappings()))


async def owed_by(
    uow: UnitOfWork, viewer: Viewer, cursor: str | None, limit: int
) -> tuple[tuple[Taken, ...], str | None]:
    """What the viewer in person has to carry out, earliest first."""
    query = (
        select(DECISIONS)
        .where(DECISIONS.c.owner_id == viewer.staff_id, DECISIONS.c.carried_out_at.is_(None))
        .where(DECISIONS.c.owner_agency_id == viewer.agency_id)
    )
    by = [DECISIONS.c.due, DECISIONS.c.id]
    rows, following = await paging.page(uow, query, by, cursor, limit)
    return await _taken(uow, rows), following


async def load(uow: UnitOfWork, decision_id: UUID, viewer: Viewer) -> tuple[Taken, KnownCase]:
    """Locked with its case, for whoever may say that it is done. Raises Missing, or Hidden (answers alike)."""
    one = DECISIONS.c.id == decision_id
    ref = (await uow.connection.execute(select(DECISIONS.c.case_ref).where(one))).scalar()
    known = await known_cases.find(uow, ref) if ref else None
    if known is None:
        raise Missing
    query = select(DECISIONS).where(one).with_for_update()
    row = (await uow.connection.execute(query)).mappings().one()
    [taken] = await _taken(uow, [row])
    try:
        demand_bearer(taken.undertaking, viewer, known.custody(), taken.chair_id)
    except Hidden:
        uow.audit("decision.read", known.case_ref, outcome="hidden")
        raise
    return taken, known


async def save(uow: UnitOfWork, undertaking: Undertaking) -> None:
    await uow.connection.execute(
        update(DECISIONS)
        .where(DECISIONS.c.id == undertaking.id)
        .values(
            carried_out_at=undertaking.carried_out_at, carried_out_by=undertaking.carried_out_by
        )
    )


async def hand_over(
    uow: UnitOfWork,
    case_ref: str,
    agencies: tuple[str, str],
    bearers: Mapping[Role, str],
    former: Mapping[Role, str],
) -> None:
    """What the case's own agency still has to carry out is for whoever has those places now, as its duties are.

    Within the agency what a decision lays on somebody else by name stays with her.
    """
    before, after = agencies
    owed = (
        update(DECISIONS)
        .where(DECISIONS.c.case_ref == case_ref, DECISIONS.c.owner_agency_id == before)
        .where(DECISIONS.c.carried_out_at.is_(None))
    )
    if before != after:
        elsewhere = [Role.PROVIDER.value, *(role.value for role in bearers)]
        others = owed.where(DECISIONS.c.owner.not_in(elsewhere))
        await uow.connection.execute(others.values(owner_agency_id=after, owner_id=None))
    for role, person in bearers.items():
        named = case((DECISIONS.c.owner_id.is_not(None), person), else_=None)
        place = owed.where(DECISIONS.c.owner == role.value)
        if before == after:
            place = place.where(DECISIONS.c.owner_id == former.get(role))
        await uow.connection.execute(place.values(owner_agency_id=after, owner_id=named))


async def _taken(uow: UnitOfWork, rows: Sequence[Any]) -> tuple[Taken, ...]:
    seals = {ref: await sealed.for_reading(uow, ref) for ref in {row["case_ref"] for row in rows}}
    return tuple(
        Taken(
            Undertaking(owner=Role(row["owner"]), **{name: row[name] for name in _FIELDS}),
            seals[row["case_ref"]].open(
                sealed.of_decision(row["taken_in"], row["place"]), row["text"]
            )
            or "",
            row["taken_in"],
            row["chair_id"],
        )
        for row in rows
    )
