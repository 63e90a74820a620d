"""No handler can stop a workflow: what one raises is noted and reported, and the watch goes on.

A plain exception in a handler would fail every task of its workflow from then on: its deadlines would
fall silent. Here it becomes a report; an update's caller is answered with a refusal.
"""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from workflows.journey import Journey


class Guard(Interceptor):
    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: ARG002  Temporal's name for it
    ) -> type[WorkflowInboundInterceptor]:
        return _GuardedWorkflow


class _GuardedWorkflow(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:
        try:
            await super().handle_signal(input)
        except Exception as error:
            _note(f"signal.{input.signal}", error)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        try:
            return await super().handle_update_handler(input)
        except ApplicationError:
            raise
        except Exception as error:
            _note(f"update.{input.update}", error)
            raise ApplicationError(
                "The update failed and was reported.", type="HandlerFailed", non_retryable=True
            ) from None


def _note(where: str, error: Exception) -> None:
    current = workflow.instance()
    if isinstance(current, Journey):
        current.note_failure(where, error)
    else:
        workflow.logger.error("workflow.failure: %s", where, exc_info=error)
