"""What tests of workflows share: a bus that remembers, facts as the services tell them, worlds to run in."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.worker import Worker, WorkflowRunner

from contracts.envelope import Envelope
from contracts.events import Event
from contracts.events.deadlines import (
    DeadlineAcknowledged,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoment,
    DeadlineSet,
)
from contracts.events.timekeeping import DeadlineMomentReached
from domain.deadlines import Deadline, Fact, consequences
from domain.errors import Unavailable
from domain.policy import Pack
from domain.vocabulary import Risk, Role
from infrastructure.ids import new_id
from infrastructure.policy_packs import PolicyPacks
from infrastructure.settings import Settings
from workflows.bridge.carrier import KEEPERS
from workflows.facts import Facts, FactSignal
from workflows.journey import Terms
from workflows.worker import new_worker

CASE = "TL-7K2M-9QXR-4"
TASK_QUEUE = "tests"


class RememberingBus:
    """Keeps what is published; `away` makes it refuse, as Kafka does when it is down."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.away = False
        self.refused = 0

    async def publish(self, envelope: Envelope) -> None:
        if self.away:
            self.refused += 1
            raise Unavailable("Kafka did not answer.")
        self.envelopes.append(envelope)

    @property
    def events(self) -> list[Event]:
        return [envelope.event for envelope in self.envelopes]

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def moments(self, deadline: Deadline) -> list[str]:
        """The moments announced of a deadline, in the order in which they were."""
        reached = self.of(DeadlineMomentReached)
        return [event.moment for event in reached if event.deadline_id == deadline.id]


class NoDeliveries:
    """Stands where deliveries would be made; tests of Delivery bring their own."""

    from temporalio import activity as _activity

    @_activity.defn(name="attempt-deliveries")
    async def attempt_all(self, batch: Any) -> Any:
        return {"waiting": [], "held": {}}

    @_activity.defn(name="abandon-deliveries")
    async def abandon_all(self, batch: Any) -> None: ...

    @_activity.defn(name="attempt-delivery")
    async def attempt(self, order: Any) -> None: ...

    @_activity.defn(name="abandon-delivery")
    async def abandon(self, order: Any) -> None: ...


@cache
def default_pack() -> Pack:
    return PolicyPacks.load("").get("default@1")


def a_deadline(
    step: str,
    anchored_at: datetime,
    *,
    subject_id: str = "",
    risk: Risk = Risk.UNKNOWN,
    agreed_due: datetime | None = None,
    pack: Pack | None = None,
) -> Deadline:
    """As the domain sets it when the step's first anchor happens."""
    pack = pack or default_pack()
    rule = pack.step(step)
    fact = Fact(
        id=new_id(),
        name=rule.anchors[0],
        at=anchored_at,
        case_ref=CASE,
        agency_id="agency-north",
        policy=pack.id,
        risk=risk,
        subject_type=rule.subject,
        subject_id=subject_id or CASE,
        agreed_due=agreed_due,
    )
    found = consequences(pack, rule.owner, [], fact).set
    return next(each for each in found if each.step == step)


def a_case_ref() -> str:
    """A reference that no other test has, so that they can share a server."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = "".join(secrets.choice(letters) for _ in range(9))
    return f"TL-{code[:4]}-{code[4:8]}-{code[8]}"


def _facts(deadline: Deadline, owner: str, at: datetime) -> dict[str, Any]:
    return {
        "case_ref": deadline.case_ref,
        "at": at,
        "deadline_id": deadline.id,
        "version": deadline.version,
        "owner": owner,
        "subject_type": deadline.subject_type,
        "subject_id": deadline.subject_id,
        "step": deadline.step,
        "agency_id": "agency-north",
        "responsible": deadline.responsible.role,
        "person_id": None,
        "due_at": deadline.due_at,
    }


def deadline_set(deadline: Deadline, *, restated: bool = False) -> DeadlineSet:
    return DeadlineSet(
        anchor=deadline.anchor,
        anchored_at=deadline.anchored_at,
        policy=deadline.policy,
        moments=tuple(DeadlineMoment(name=each.name, at=each.at) for each in deadline.moments),
        restated=restated,
        **_facts(deadline, "cases", deadline.anchored_at),
    )


def deadline_met(deadline: Deadline, at: datetime) -> DeadlineMet:
    return DeadlineMet(met_at=at, late=at > deadline.due_at, **_facts(deadline, "cases", at))


def deadline_cancelled(
    deadline: Deadline, at: datetime, successor: UUID | None = None
) -> DeadlineCancelled:
    return DeadlineCancelled(
        reason="case.closed", successor_id=successor, **_facts(deadline, "cases", at)
    )


def deadline_acknowledged(deadline: Deadline, at: datetime) -> DeadlineAcknowledged:
    return DeadlineAcknowledged(acknowledged_by="amal-h", **_facts(deadline, "cases", at))


def deadline_missed(deadline: Deadline) -> DeadlineMissed:
    return DeadlineMissed(
        moment="due",
        tell=(Role.SUPERVISOR,),
        rung=0,
        **_facts(deadline, "cases", deadline.due_at),
    )


def fact(event: Event, *, event_id: UUID | None = None) -> FactSignal:
    return FactSignal(
        event_id=str(event_id or new_id()),
        type=event.type,
        event=event.model_dump(mode="json"),
        traceparent=None,
    )


def facts(*events: Event) -> Facts:
    return Facts(tuple(fact(event) for event in events))


async def begin(
    client: Client,
    kind: str,
    key: str,
    *events: Event,
    terms: Terms | None = None,
    task_queue: str = TASK_QUEUE,
) -> WorkflowHandle[Any, Any]:
    """Starts a workflow of `kind` as the bridge does: with the facts that begin it."""
    workflow, state = KEEPERS[kind]
    return await client.start_workflow(
        workflow,
        state(key=key, case_ref=CASE, terms=terms or Terms()),
        id=f"{kind}/{key}",
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        start_signal="facts",
        start_signal_args=[facts(*events)],
        memo={"case_ref": CASE},
        result_type=state,
    )


async def tell(handle: WorkflowHandle[Any, Any], *events: Event) -> None:
    await handle.signal("facts", facts(*events))


async def state_of(handle: WorkflowHandle[Any, Any]) -> Any:
    kind = handle.id.partition("/")[0]
    return await handle.query("state", result_type=KEEPERS[kind][1])


async def eventually(true: Callable[[], Any], within: float = 20.0) -> None:
    """Waits for what is bound to come; the bound only ends a test that has failed."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  what is watched sends no event
            await asyncio.sleep(0.01)


def worker_on(
    client: Client,
    bus: RememberingBus,
    *,
    deliveries: Any = None,
    runner: WorkflowRunner | None = None,
    task_queue: str = TASK_QUEUE,
) -> Worker:
    settings = Settings(temporal_task_queue=task_queue)
    return new_worker(client, settings, bus, deliveries or NoDeliveries(), runner)


@asynccontextmanager
async def working(client: Client, bus: RememberingBus, **given: Any) -> AsyncIterator[None]:
    async with worker_on(client, bus, **given):
        yield


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
