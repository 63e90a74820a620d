"""Digests as rows: one a recipient and local day; whoever is due is found by one question over all recipients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text

from domain.digest import Backlog, LastDigest
from domain.notifying import Delivery, Notification
from infrastructure.unit_of_work import UnitOfWork
from services.notifications.store.notifications import COLUMNS, from_row

# Several copies of the service share the work: each takes recipients that no other has just taken.
_CANDIDATES = text("""
WITH candidate AS (
    SELECT wished.staff_id, coalesce(wished.zone, hours.zone, agency.zone, 'UTC') AS zone, false AS away
    FROM preferences AS wished
    LEFT JOIN staff_known AS staff ON staff.staff_id = wished.staff_id
    LEFT JOIN working_hours AS hours ON hours.staff_id = wished.staff_id
    LEFT JOIN agencies_known AS agency ON agency.agency_id = staff.agency_id
    WHERE wished.digest_hour IS NOT NULL
      AND extract(hour FROM CAST(:now AS timestamptz)
          AT TIME ZONE coalesce(wished.zone, hours.zone, agency.zone, 'UTC')) >= wished.digest_hour
      AND wished.considered_on IS DISTINCT FROM (CAST(:now AS timestamptz)
          AT TIME ZONE coalesce(wished.zone, hours.zone, agency.zone, 'UTC'))::date
      AND NOT EXISTS (SELECT FROM absences AS away WHERE away.staff_id = wished.staff_id
          AND away.from_at <= :now AND away.until_at > :now)
    ORDER BY wished.staff_id LIMIT :most
    FOR UPDATE OF wished SKIP LOCKED
), considered AS (
    UPDATE preferences
    SET considered_on = (CAST(:now AS timestamptz) AT TIME ZONE candidate.zone)::date
    FROM candidate WHERE preferences.staff_id = candidate.staff_id
)
""")
_RETURNED = text("""
WITH back AS (
    SELECT absence_id, absences.staff_id, absences.agency_id FROM absences
    WHERE NOT welcomed AND until_at <= :now
      AND NOT EXISTS (SELECT FROM absences AS away WHERE away.staff_id = absences.staff_id
          AND away.from_at <= :now AND away.until_at > :now)
    ORDER BY until_at LIMIT :most
    FOR UPDATE SKIP LOCKED
), welcomed AS (
    UPDATE absences SET welcomed = true FROM back WHERE absences.absence_id = back.absence_id
), candidate AS (
    SELECT DISTINCT ON (back.staff_id) back.staff_id,
        coalesce(wished.zone, hours.zone, agency.zone, 'UTC') AS zone, true AS away
    FROM back
    LEFT JOIN preferences AS wished ON wished.staff_id = back.staff_id
    LEFT JOIN working_hours AS hours ON hours.staff_id = back.staff_id
    LEFT JOIN agencies_known AS agency ON agency.agency_id = back.agency_id
    WHERE wished.digest_hour IS NULL
)
""")
_BACKLOGS = """
SELECT candidate.staff_id, candidate.zone, candidate.away,
    (CAST(:now AS timestamptz) AT TIME ZONE candidate.zone)::date AS day,
    backlog.fresh, backlog.open, backlog.overdue,
    latest.day AS last_day, latest.overdue AS last_overdue, latest.spacing AS last_spacing
FROM candidate
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'digest') AS fresh, count(*) AS open,
        count(*) FILTER (WHERE due_at <= :now) AS overdue
    FROM notifications
    WHERE staff_id = candidate.staff_id AND acknowledged_at IS NULL AND settled_at IS NULL
) AS backlog
LEFT JOIN LATERAL (
    SELECT day, overdue, spacing FROM digests
    WHERE staff_id = candidate.staff_id ORDER BY day DESC LIMIT 1
) AS latest ON true
"""
_DUE = text(_CANDIDATES.text + _BACKLOGS)
_BACK = text(_RETURNED.text + _BACKLOGS)
_KEEP = text("""
INSERT INTO digests (staff_id, day, zone, fresh, open, overdue, spacing, away, made_at, state)
SELECT staff_id, day, zone, fresh, open, overdue, spacing, away, :now, 'waiting'
FROM unnest(CAST(:staff_ids AS text[]), CAST(:days AS date[]), CAST(:zones AS text[]),
    CAST(:fresh AS int[]), CAST(:open AS int[]), CAST(:overdue AS int[]), CAST(:spacings AS int[]),
    CAST(:away AS bool[])) AS made (staff_id, day, zone, fresh, open, overdue, spacing, away)
ON CONFLICT DO NOTHING
""")
_TAKE = text("""
WITH free AS (
    SELECT staff_id, day FROM digests
    WHERE state = 'waiting' AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY made_at LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE digests SET leased_until = clock_timestamp() + interval '60 seconds', attempts = attempts + 1
FROM free WHERE digests.staff_id = free.staff_id AND digests.day = free.day
RETURNING digests.staff_id, digests.day, zone, fresh, open, overdue, away, attempts
""")
_END = text("""
UPDATE digests SET state = ended.state, given_up_because = ended.because, ended_at = :now,
    leased_until = NULL
FROM unnest(CAST(:staff_ids AS text[]), CAST(:days AS date[]), CAST(:states AS text[]),
    CAST(:becauses AS text[])) AS ended (staff_id, day, state, because)
WHERE digests.staff_id = ended.staff_id AND digests.day = ended.day
""")
_COUNTED = text(f"""
UPDATE notifications SET state = :state, channel = 'digest', ended_at = :now,
    attempts = attempts + 1, given_up_because = :because
WHERE state = 'digest' AND staff_id = ANY(:staff_ids)
RETURNING {", ".join(each.name for each in COLUMNS)}
""")  # noqa: S608 - names of our own columns


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose hour has come, or who is back; `last` is the digest before this one."""

    staff_id: str
    zone: str
    day: date
    away: bool
    backlog: Backlog
    last: LastDigest | None


@dataclass(frozen=True, slots=True)
class Digest:
    """One that waits to be sent."""

    staff_id: str
    day: date
    zone: str
    backlog: Backlog
    away: bool
    attempts: int


async def due(uow: UnitOfWork, most: int) -> list[Candidate]:
    """Those whose hour has come today and who were not considered yet; they count as considered now."""
    return await _candidates(uow, _DUE, most)


async def returned(uow: UnitOfWork, most: int) -> list[Candidate]:
    """Those who are back from an absence and wish for no daily digest; they count as welcomed now."""
    return await _candidates(uow, _BACK, most)


async def keep(uow: UnitOfWork, made: Sequence[tuple[Candidate, int]]) -> None:
    """With the days until an unchanged backlog is counted again."""
    await uow.connection.execute(
        _KEEP,
        {
            "now": uow.now,
            "staff_ids": [each.staff_id for each, _ in made],
            "days": [each.day for each, _ in made],
            "zones": [each.zone for each, _ in made],
            "fresh": [each.backlog.fresh for each, _ in made],
            "open": [each.backlog.open for each, _ in made],
            "overdue": [each.backlog.overdue for each, _ in made],
            "away": [each.away for each, _ in made],
            "spacings": [spacing for _, spacing in made],
        },
    )


async def take(uow: UnitOfWork, most: int) -> list[Digest]:
    """Those that wait, each for one sender at a time: a lease of wall time stands on them."""
    rows = await uow.connection.execute(_TAKE, {"most": most})
    return [
        Digest(
            row.staff_id,
            row.day,
            row.zone,
            Backlog(row.fresh, row.open, row.overdue),
            row.away,
            row.attempts,
        )
        for row in rows
    ]


async def end(
    uow: UnitOfWork, ended: Sequence[tuple[Digest, Delivery, str | None]]
) -> list[Notification]:
    """What became of them, and the notifications that were told by them."""
    await uow.connection.execute(
        _END,
        {
            "now": uow.now,
            "staff_ids": [each.staff_id for each, _, _ in ended],
            "days": [each.day for each, _, _ in ended],
            "states": [state.value for _, state, _ in ended],
            "becauses": [because for _, _, because in ended],
        },
    )
    told: list[Notification] = []
    for state, because in {(state, because) for _, state, because in ended}:
        if state is Delivery.WAITING:
            continue
        which = [each.staff_id for each, was, why in ended if (was, why) == (state, because)]
        facts = {"now": uow.now, "state": state.value, "because": because, "staff_ids": which}
        rows = (await uow.connection.execute(_COUNTED, facts)).mappings()
        told += [from_row(row) for row in rows]
    return told


async def _candidates(uow: UnitOfWork, question: Any, most: int) -> list[Candidate]:
    rows = await uow.connection.execute(question, {"now": uow.now, "most": most})
    return [
        Candidate(
            row.staff_id,
            row.zone,
            row.day,
            row.away,
            Backlog(row.fresh, row.open, row.overdue),
            _last(row.last_day, row.last_overdue, row.last_spacing),
        )
        for row in rows
    ]


def _last(day: date | None, overdue: int, spacing: int) -> LastDigest | None:
    return LastDigest(day, overdue, spacing) if day is not None else None
