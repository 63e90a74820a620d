"""How each member of staff wants to be told, and when she works."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from contracts.events.agencies import WorkingHoursPublished
from domain.channels import Channel, Preferences
from domain.disclosure import Viewer
from domain.quiet_hours import Quiet, Span, span
from infrastructure import versions
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store import recipients
from services.notifications.store.tables import (
    AGENCIES,
    PREFERENCES,
    STAFF,
    WORKING_HOURS,
)

_P, _W, _S, _A = PREFERENCES.c, WORKING_HOURS.c, STAFF.c, AGENCIES.c


@dataclass(frozen=True, slots=True)
class Wishes:
    """Preferences with the working hours and the zone that they are to be read in."""

    preferences: Preferences
    spans: tuple[Span, ...]
    zone: str


async def load(uow: UnitOfWork, staff_id: str, viewer: Viewer) -> Preferences:
    """Without any on record: by e-mail, at once. Raises Hidden."""
    recipients.demand(uow, staff_id, viewer)
    query = select(PREFERENCES).where(_P.staff_id == staff_id)
    row: Any = (await uow.connection.execute(query)).mappings().first()
    return _preferences(row) if row else Preferences()


async def save(uow: UnitOfWork, staff_id: str, wished: Preferences, viewer: Viewer) -> None:
    """By oneself or an administrator; raises Hidden."""
    recipients.demand(uow, staff_id, viewer)
    row = {
        "staff_id": staff_id,
        "channels": {
            name: [each.value for each in order] for name, order in wished.channels.items()
        },
        "quiet": wished.quiet.value,
        "quiet_from": wished.quiet_from,
        "quiet_until": wished.quiet_until,
        "digest_hour": wished.digest_hour,
        "zone": wished.zone,
        "acknowledge_by_link": wished.acknowledge_by_link,
        "set_at": uow.now,
        "set_by": viewer.staff_id,
    }
    await uow.connection.execute(
        insert(PREFERENCES).values(row).on_conflict_do_update(index_elements=["staff_id"], set_=row)
    )


async def version(uow: UnitOfWork, staff_id: str, *, lock: bool = False) -> int:
    """To have said nothing is an answer too, and has a version."""
    query = select(PREFERENCES).where(_P.staff_id == staff_id)
    found = await uow.connection.execute(query.with_for_update() if lock else query)
    row = found.mappings().first()
    return versions.of_content(dict(row) if row else staff_id)


async def wishes(uow: UnitOfWork, told: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Wishes]:
    """By staff id and the agency that is told; her own zone first, then that of her hours, then the agency's."""
    staff_ids, agency_ids = ({each[at] for each in told} for at in (0, 1))
    wished = await _by_id(uow, select(PREFERENCES).where(_P.staff_id.in_(staff_ids)))
    hours = await _by_id(uow, select(WORKING_HOURS).where(_W.staff_id.in_(staff_ids)))
    query = select(_A.agency_id, _A.zone).where(_A.agency_id.in_(agency_ids))
    zones = {row.agency_id: row.zone for row in await uow.connection.execute(query)}
    return {
        (staff_id, agency_id): _wishes(
            wished.get(staff_id), hours.get(staff_id), zones.get(agency_id)
        )
        for staff_id, agency_id in told
    }


async def save_hours(uow: UnitOfWork, event: WorkingHoursPublished) -> None:
    row = {
        "staff_id": event.staff_id,
        "zone": event.zone,
        "spans": list(event.spans),
        "as_of": event.at,
    }
    new = insert(WORKING_HOURS).values(row)
    await uow.connection.execute(
        new.on_conflict_do_update(
            index_elements=["staff_id"], set_=row, where=_W.as_of <= new.excluded.as_of
        )
    )


def zone_of_recipient() -> Any:
    """As SQL, beside PREFERENCES, WORKING_HOURS and AGENCIES."""
    return func.coalesce(_P.zone, _W.zone, _A.zone, "UTC")


async def _by_id(uow: UnitOfWork, query: Any) -> dict[str, Any]:
    return {row["staff_id"]: row for row in (await uow.connection.execute(query)).mappings()}


def _wishes(wished: Any, hours: Any, agency_zone: str | None) -> Wishes:
    preferences = _preferences(wished) if wished else Preferences()
    spans = tuple(each for text in (hours["spans"] if hours else ()) if (each := span(text)))
    own = preferences.zone or (hours["zone"] if hours else None)
    return Wishes(preferences, spans, own or agency_zone or "UTC")


def _preferences(row: Any) -> Preferences:
    return Preferences(
        channels={
            name: tuple(Channel(each) for each in order) for name, order in row["channels"].items()
        },
        quiet=Quiet(row["quiet"]),
        quiet_from=row["quiet_from"],
        quiet_until=row["quiet_until"],
        digest_hour=row["digest_hour"],
        acknowledge_by_link=row["acknowledge_by_link"],
        zone=row["zone"],
    )
