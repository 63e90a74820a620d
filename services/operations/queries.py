"""What operations look at: the overdue list with its counts, and the watchdog's findings."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from domain.errors import Hidden
from domain.vocabulary import Role
from infrastructure import paging
from infrastructure.clock import Clock, wall_now
from infrastructure.unit_of_work import UnitOfWork
from services.operations import store
from services.operations.schemas import CountRow, Counts, DutyPage, DutyRow, Finding, Findings
from services.operations.store import Filters, Found

MAY_LOOK = (
    Role.OPERATIONS, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD,
)  # fmt: skip
# Wall time that events and timers may take before silence is a finding; not a figure of the practice.
GRACE = timedelta(seconds=15)
_Part = tuple[list[Finding], str | None]


def demand_looker(uow: UnitOfWork) -> None:
    """Raises Hidden for anybody who does not watch over steps."""
    if not uow.viewer.has(*MAY_LOOK):
        raise Hidden


async def overdue(uow: UnitOfWork, filters: Filters, cursor: str | None, limit: int) -> DutyPage:
    demand_looker(uow)
    return _page(uow, *await store.overdue(uow, filters, cursor, limit))


async def open_duties(
    uow: UnitOfWork, case_ref: str | None, cursor: str | None, limit: int
) -> DutyPage:
    demand_looker(uow)
    return _page(uow, *await store.open_duties(uow, case_ref, cursor, limit))


async def counts(uow: UnitOfWork, filters: Filters) -> Counts:
    """Counted by the same condition as the list, so that the two are always equal."""
    demand_looker(uow)
    rows = await store.overdue_counts(uow, filters)
    return Counts(
        open=await store.open_count(uow),
        overdue=sum(row.overdue for row in rows),
        by_agency_and_step=[
            CountRow(
                agency_id=row.agency_id,
                step=row.step,
                overdue=row.overdue,
                earliest_due_at=row.earliest,
            )
            for row in rows
        ],
        as_of=uow.now,
    )


async def watchdog(uow: UnitOfWork, clock: Clock, cursor: str | None, limit: int) -> Findings:
    """Cases without an open deadline, deadlines nobody announced, workflows that reported a problem."""
    demand_looker(uow)
    wall_limit = wall_now() - GRACE
    parts = (
        partial(_idle, uow, wall_limit),
        partial(_silent, uow, clock.case_at(wall_limit)),
        partial(_reported, uow),
    )
    items, following = await _one_after_another(parts, cursor, limit)
    return Findings(items=items, next_cursor=following, as_of=uow.now)


async def _idle(uow: UnitOfWork, heard_before: datetime, cursor: str | None, limit: int) -> _Part:
    rows, following = await store.cases_without_deadline(uow, heard_before, cursor, limit)
    kind = "case-without-deadline"
    return [_finding(kind, row, row["case_ref"], row["since"]) for row in rows], following


async def _silent(uow: UnitOfWork, due_before: datetime, cursor: str | None, limit: int) -> _Part:
    rows, following = await store.unannounced(uow, due_before, cursor, limit)
    kind = "deadline-unannounced"
    return [_finding(kind, row, row["step"], row["due_at"]) for row in rows], following


async def _reported(uow: UnitOfWork, cursor: str | None, limit: int) -> _Part:
    rows, following = await store.reported_problems(uow, cursor, limit)
    return [
        _finding(row["kind"], row, row["subject"], row["at"], row["code"]) for row in rows
    ], following


async def _one_after_another(
    parts: Sequence[Callable[[str | None, int], Awaitable[_Part]]], cursor: str | None, limit: int
) -> _Part:
    """The lists as one: a cursor says in which of them the page ended, and where in that."""
    at, inner = (
        paging.read(cursor, [paging.number, paging.words]) if cursor is not None else (0, "")
    )
    found: list[Finding] = []
    for place in range(max(at, 0), len(parts)):
        if len(found) == limit:
            return found, paging.written([place, ""])
        items, following = await parts[place](inner or None, limit - len(found))
        found, inner = found + items, ""
        if following is not None:
            return found, paging.written([place, following])
    return found, None


_SENTENCES = {
    "case-without-deadline": "The case is active and nobody owes it a step: give it one or close it.",
    "deadline-unannounced": "Past due and not announced: see whether worker, bridge and its service run; "
    "`throughline restate` rebuilds a lost workflow from the records.",
    "workflow-problem": "A workflow reported {code}: its deadlines go on; look into the worker's log.",
    "notification-given-up": "A message could not be delivered ({code}): tell the person another way.",
}


def _finding(kind: str, row: Found, subject: str, since: datetime, code: str = "") -> Finding:
    return Finding(
        kind=kind,
        case_ref=row["case_ref"],
        subject=subject,
        since=since,
        sentence=_SENTENCES[kind].format(code=code),
    )


def _page(uow: UnitOfWork, rows: Sequence[Found], following: str | None) -> DutyPage:
    return DutyPage(
        items=[_duty(row, uow.now) for row in rows], next_cursor=following, as_of=uow.now
    )


def _duty(row: Found, now: datetime) -> DutyRow:
    late = max(int((now - row["due_at"]).total_seconds()), 0)
    return DutyRow.model_validate({**row, "late_seconds": late})
