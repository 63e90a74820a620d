"""What operations look at: the overdue list with its counts, and the watchdog's findings."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain.errors import Hidden, Malformed
from domain.vocabulary import Role
from infrastructure.clock import Clock, wall_now
from infrastructure.unit_of_work import UnitOfWork
from services.operations import store
from services.operations.schemas import CountRow, Counts, DutyPage, DutyRow, Finding, Findings
from services.operations.store import Filters

MAY_LOOK = (
    Role.OPERATIONS, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.MANAGER, Role.AGENCY_HEAD,
)  # fmt: skip
# Wall time that events and timers may take before silence is a finding; not a figure of the practice.
GRACE = timedelta(seconds=15)
_MOST_FINDINGS = 500


def demand_looker(uow: UnitOfWork) -> None:
    """Raises Hidden for anybody who does not watch over steps."""
    if not uow.viewer.has(*MAY_LOOK):
        raise Hidden


async def overdue(uow: UnitOfWork, filters: Filters, cursor: str | None, limit: int) -> DutyPage:
    demand_looker(uow)
    rows = await store.overdue(uow, filters, _read_cursor(cursor), limit + 1)
    return _page(uow, rows, limit)


async def open_duties(
    uow: UnitOfWork, case_ref: str | None, cursor: str | None, limit: int
) -> DutyPage:
    demand_looker(uow)
    rows = await store.open_duties(uow, case_ref, _read_cursor(cursor), limit + 1)
    return _page(uow, rows, limit)


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


async def watchdog(uow: UnitOfWork, clock: Clock) -> Findings:
    """Cases without an open deadline, deadlines nobody announced, workflows that reported a problem."""
    demand_looker(uow)
    wall_limit = wall_now() - GRACE
    idle = await store.cases_without_deadline(uow, wall_limit, _MOST_FINDINGS)
    silent = await store.unannounced(uow, clock.case_at(wall_limit), _MOST_FINDINGS)
    reported = await store.reported_problems(uow, _MOST_FINDINGS)
    return Findings(
        items=[
            *(_finding("case-without-deadline", row, row.case_ref, row.since) for row in idle),
            *(_finding("deadline-unannounced", row, row.step, row.due_at) for row in silent),
            *(_finding(row.kind, row, row.subject, row.at, row.code) for row in reported),
        ],
        as_of=uow.now,
    )


_SENTENCES = {
    "case-without-deadline": "The case is active and nobody owes it a step: give it one or close it.",
    "deadline-unannounced": "Past due and not announced: see whether worker, bridge and its service run; "
    "`throughline restate` rebuilds a lost workflow from the records.",
    "workflow-problem": "A workflow reported {code}: its deadlines go on; look into the worker's log.",
    "notification-given-up": "A message could not be delivered ({code}): tell the person another way.",
}


def _finding(kind: str, row: Any, subject: str, since: datetime, code: str = "") -> Finding:
    return Finding(
        kind=kind,
        case_ref=row.case_ref,
        subject=subject,
        since=since,
        sentence=_SENTENCES[kind].format(code=code),
    )


def _page(uow: UnitOfWork, rows: list[Any], limit: int) -> DutyPage:
    shown = rows[:limit]
    more = len(rows) > limit
    return DutyPage(
        items=[_duty(row, uow.now) for row in shown],
        next=_cursor(shown[-1]) if more else None,
        as_of=uow.now,
    )


def _duty(row: Any, now: datetime) -> DutyRow:
    late = max(int((now - row.due_at).total_seconds()), 0)
    return DutyRow.model_validate({**row._mapping, "late_seconds": late})


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{row.due_at.isoformat()}|{row.deadline_id}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        at, identity = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        return datetime.fromisoformat(at), UUID(identity)
    except (ValueError, binascii.Error):
        raise Malformed(
            "This cursor is not one of ours: take it from `next`.", field="cursor"
        ) from None
