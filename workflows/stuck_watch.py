"""Notices workflows whose tasks fail again and again, and says so once for each.

Guarded handlers cannot cause it; a history that does not replay, or code that never yields, can. Their
deadlines fall silent, but the owner's record knows what is overdue. Servers before 1.30 do not list such
workflows, so the worker that fails them keeps count.
"""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.bridge.proto.workflow_activation import RemoveFromCache, WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.workflow import Info

from infrastructure.ids import derived_id
from workflows.complaints import Complaints

IN_A_ROW = 3
EVERY_SECONDS = 5.0
_LONGEST_KEY = 64
_FAILING = {
    RemoveFromCache.EvictionReason.NONDETERMINISM: "stuck.does-not-replay",
    RemoveFromCache.EvictionReason.LANG_FAIL: "stuck.task-fails",
    RemoveFromCache.EvictionReason.FATAL: "stuck.task-fails",
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A run whose tasks have failed IN_A_ROW times."""

    workflow_id: str
    run_id: str
    case_ref: str | None
    problem: str
    since: datetime


class StuckWatch:
    """Told by the runner, from its threads; reports from the event loop."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._stuck: deque[Stuck] = deque()
        self._lock = threading.Lock()

    def went_on(self, run_id: str) -> None:
        with self._lock:
            self._failures.pop(run_id, None)

    def failed(self, info: Info, problem: str, case_ref: str | None) -> None:
        with self._lock:
            self._failures[info.run_id] += 1
            if self._failures[info.run_id] == IN_A_ROW:
                self._stuck.append(
                    Stuck(info.workflow_id, info.run_id, case_ref, problem, info.start_time)
                )

    async def run(self, complaints: Complaints) -> None:
        """Until cancelled."""
        while True:
            while self._stuck:
                await _report(complaints, self._stuck.popleft())
            await asyncio.sleep(EVERY_SECONDS)


async def _report(complaints: Complaints, stuck: Stuck) -> None:
    kind, _, key = stuck.workflow_id.partition("/")
    await complaints.report(
        derived_id("stuck", stuck.workflow_id, stuck.run_id, stuck.problem),
        stuck.case_ref,
        kind,
        key[:_LONGEST_KEY],
        stuck.problem,
    )


class WatchedRunner(WorkflowRunner):
    """Runs workflows as the runner inside does, and tells the watch how their tasks end."""

    def __init__(self, inside: WorkflowRunner, watch: StuckWatch) -> None:
        self._inside = inside
        self._watch = watch

    def prepare_workflow(self, defn: Any) -> None:
        self._inside.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _WatchedInstance(self._inside.create_instance(det), det, self._watch)

    def set_worker_level_failure_exception_types(
        self, types: Sequence[type[BaseException]]
    ) -> None:
        self._inside.set_worker_level_failure_exception_types(types)


class _WatchedInstance(WorkflowInstance):
    def __init__(
        self, inside: WorkflowInstance, details: WorkflowInstanceDetails, watch: StuckWatch
    ) -> None:
        self._inside = inside
        self._details = details
        self._watch = watch

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        evicted = next((job for job in act.jobs if job.HasField("remove_from_cache")), None)
        completion = self._inside.activate(act)
        info = self._details.info
        if evicted is not None:
            problem = _FAILING.get(evicted.remove_from_cache.reason)
            if problem:
                self._watch.failed(info, problem, self._case_ref())
        elif completion.HasField("successful") and not act.is_replaying:
            self._watch.went_on(info.run_id)
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._inside.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._inside.get_external_store_context(command_info)

    def get_info(self) -> Info:
        return self._inside.get_info()

    def _case_ref(self) -> str | None:
        """Of the memo that every workflow of ours is started with; None rather than another failure."""
        with suppress(Exception):
            payload = self._details.info.raw_memo["case_ref"]
            found = self._details.payload_converter_factory().from_payloads([payload], [str])[0]
            return found if isinstance(found, str) else None
        return None
