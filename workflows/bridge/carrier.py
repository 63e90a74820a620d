"""Carries errands to Temporal: started or told, tried until the server has answered.

| kind | an ended workflow | because |
|---|---|---|
| keepers of deadlines | begins again | a case is reopened; a lost workflow is rebuilt from the records |
| mailboxes | begins again | it ends whenever it is empty; the service sends nothing twice |
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from opentelemetry.trace import SpanKind
from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import Client
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from infrastructure.telemetry import continue_from
from workflows.bridge.errands import Errand, is_mail
from workflows.case_lifecycle.messages import CaseState
from workflows.closure.messages import ClosureState
from workflows.delivery.messages import MailboxState, Order, Orders
from workflows.facts import Facts
from workflows.journey import Terms
from workflows.measures import ERRANDS
from workflows.periodic_review.messages import ReviewState
from workflows.referral_journey.messages import ReferralState

# Workflows by their names in Temporal, and what each begins with.
KEEPERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "case": ("CaseLifecycle", CaseState),
    "referral": ("ReferralJourney", ReferralState),
    "review": ("PeriodicReview", ReviewState),
    "closure": ("Closure", ClosureState),
}
MAILBOX = "Mailbox"
# Heeded where the server weighs priorities: a deadline does not queue behind mail.
_MAIL = Priority(priority_key=5)

_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0
_NEVER_BETTER = (RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE)

log = structlog.get_logger(__name__)


class CannotBeTold(Exception):
    """The server refuses what it is told, and will refuse it again; the text is a code."""


@dataclass(frozen=True, slots=True)
class Carrier:
    client: Client
    task_queue: str
    terms: Terms

    async def carry(self, errand: Errand) -> None:
        """Returns when the workflow has it, or has ended; raises CannotBeTold."""
        wait = _FIRST_WAIT
        while (outcome := await self._tried(errand)) is None:
            ERRANDS.labels(errand.address.kind, "waited").inc()
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        ERRANDS.labels(errand.address.kind, outcome).inc()
        if outcome == "dropped":
            log.info("errand.dropped", workflow_id=errand.address.workflow_id)

    async def _tried(self, errand: Errand) -> str | None:
        """The outcome, or None when it must be tried again."""
        try:
            with continue_from(errand.facts[0].traceparent, "tell workflow", SpanKind.CLIENT):
                return await self._tell(errand)
        except WorkflowAlreadyStartedError:
            return "known"
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND and not _is_namespace_missing(error):
                return "dropped"
            if error.status in _NEVER_BETTER:
                raise CannotBeTold(error.status.name.lower().replace("_", "-")) from None
            log.warning("temporal.away", code=error.status.name, key=errand.address.workflow_id)
            return None
        except RuntimeError:  # the SDK's word for a connection it could not make
            return None

    async def _tell(self, errand: Errand) -> str:
        if is_mail(errand):
            await self._post(errand)
            return "told"
        if errand.starts:
            await self._start_or_tell(errand)
            return "told"
        handle = self.client.get_workflow_handle(errand.address.workflow_id)
        await handle.signal("facts", Facts(tuple(errand.facts)))
        return "told"

    async def _start_or_tell(self, errand: Errand) -> None:
        address = errand.address
        workflow, state = KEEPERS[address.kind]
        await self.client.start_workflow(
            workflow,
            state(key=address.key, case_ref=address.case_ref, terms=self.terms),
            id=address.workflow_id,
            task_queue=self.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="facts",
            start_signal_args=[Facts(tuple(errand.facts))],
            memo={"case_ref": address.case_ref},
        )

    async def _post(self, errand: Errand) -> None:
        address = errand.address
        orders = [Order(fact.event["notification_id"], fact.traceparent) for fact in errand.facts]
        await self.client.start_workflow(
            MAILBOX,
            MailboxState(address.key, self.terms),
            id=address.workflow_id,
            task_queue=self.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="take",
            start_signal_args=[Orders(tuple(orders))],
            priority=_MAIL,
        )


def _is_namespace_missing(error: RPCError) -> bool:
    """A server that is just being set up: nothing is known there, and nothing may be dropped."""
    details = error.grpc_status.details
    return any(each.Is(NamespaceNotFoundFailure.DESCRIPTOR) for each in details)
