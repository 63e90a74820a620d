"""Notices workflows whose tasks fail again and again, and says so once for each.

The server names them itself (TemporalReportedProblems, 1.29 and later). Their deadlines may be silent: the
record's owner still knows what is overdue, and operations shows it.
"""

import asyncio
import re

import structlog
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError

from infrastructure.bus import Bus
from infrastructure.clock import clock_from
from infrastructure.ids import derived_id
from workflows.bridge.complaints import Complaints
from workflows.process import Process

EVERY_SECONDS = 30.0
_STUCK = 'ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL'
_MOST = 200
_CODE = re.compile(r"[^a-z0-9._-]+")
_LONGEST_CODE, _LONGEST_KEY = 64, 64

log = structlog.get_logger(__name__)


async def watch(process: Process) -> None:
    """Until cancelled."""
    bus = Bus(process.settings)
    look = StuckWatch(await process.client(), Complaints(bus, clock_from(process.settings)))
    try:
        while True:
            await look.once()
            await asyncio.sleep(EVERY_SECONDS)
    finally:
        await bus.close()


class StuckWatch:
    def __init__(self, client: Client, complaints: Complaints) -> None:
        self._client = client
        self._complaints = complaints
        self._said: set[str] = set()

    async def once(self) -> None:
        """Reports what is newly stuck; a server without the attribute, or away, is logged."""
        try:
            found = [each async for each in self._client.list_workflows(_STUCK, limit=_MOST)]
        except RPCError as error:
            log.warning("stuck-watch.blind", code=error.status.name)
            return
        now_stuck = {f"{each.id} {each.run_id}" for each in found}
        self._said &= now_stuck  # one that went on and is stuck again is said again
        for each in found:
            if f"{each.id} {each.run_id}" not in self._said:
                await self._report(each)

    async def _report(self, stuck: WorkflowExecution) -> None:
        memo = await stuck.memo()
        kind, _, key = stuck.id.partition("/")
        problem = _CODE.sub("-", f"stuck.{_cause(stuck)}".lower())[:_LONGEST_CODE]
        await self._complaints.report(
            derived_id("stuck", stuck.id, stuck.run_id, problem),
            memo.get("case_ref"),
            kind,
            key[:_LONGEST_KEY],
            problem,
        )
        self._said.add(f"{stuck.id} {stuck.run_id}")


def _cause(stuck: WorkflowExecution) -> str:
    """The server's list such as category=WorkflowTaskFailed, cause=...UnhandledFailure."""
    found = stuck.search_attributes.get("TemporalReportedProblems", [])
    causes = [str(each).removeprefix("cause=") for each in found if "cause=" in str(each)]
    return causes[0].removeprefix("WorkflowTaskFailedCause") if causes else "workflow-task-failed"
