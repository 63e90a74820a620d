"""What the bridge or the worker cannot put right: said on the bus once, logged and counted."""

import asyncio
import re
from dataclasses import dataclass
from uuid import UUID

import structlog

from contracts.envelope import Envelope
from contracts.events.timekeeping import WorkflowProblemReported
from domain.errors import Unavailable
from domain.vocabulary import CASE_REF_PATTERN
from infrastructure.clock import Clock
from workflows.announcements import SOURCE, Publisher
from workflows.measures import PROBLEMS

_ASK_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Complaints:
    bus: Publisher
    clock: Clock

    async def report(
        self, event_id: UUID, case_ref: str | None, workflow: str, key: str, problem: str
    ) -> None:
        """Said once by its id; without a case to name, the log and the counter must do."""
        PROBLEMS.labels(workflow, problem).inc()
        log.error("workflow.problem", case_ref=case_ref, key=key, code=problem)
        if case_ref is None or not re.match(CASE_REF_PATTERN, case_ref):
            return None
        event = WorkflowProblemReported(
            case_ref=case_ref,
            at=self.clock.now(),
            workflow=workflow,
            workflow_key=key,
            problem=problem,
        )
        envelope = Envelope(event_id, event.type, SOURCE, key, event.at, 1, event)
        while True:
            try:
                return await self.bus.publish(envelope)
            except Unavailable:
                await asyncio.sleep(_ASK_AGAIN_SECONDS)
