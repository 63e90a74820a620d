"""Saying on the bus what the clock has brought: once for ever, by an id that follows from what is said."""

import asyncio
import time
from typing import Any, Protocol

from pydantic.dataclasses import dataclass
from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError, FailureError, is_cancelled_exception

from workflows import patience

with workflow.unsafe.imports_passed_through():
    from uuid import UUID

    from opentelemetry.trace import SpanKind

    from contracts.envelope import Envelope
    from contracts.events import REGISTRY, Event
    from infrastructure.ids import derived_id
    from infrastructure.telemetry import continue_from, current_traceparent
    from workflows.measures import ANNOUNCED, REFUSED

SOURCE = "workflows"
# After a failure the bus counts as away for so long: waiting moments do not hold a task each.
_AWAY_SECONDS = 2.0


@dataclass(frozen=True)
class Saying:
    """An event to be announced; `subject` and `sequence` name it among those of its workflow."""

    event_id: str
    type: str
    event: dict[str, Any]
    subject: str
    sequence: int
    traceparent: str | None = None


def saying(
    event: Event, *named: str, subject: str, sequence: int, traceparent: str | None = None
) -> Saying:
    """The announcement whose id follows from `named`: said again, it is the same one."""
    return Saying(
        event_id=str(derived_id(*named)),
        type=event.type,
        event=event.model_dump(mode="json"),
        subject=subject,
        sequence=sequence,
        traceparent=traceparent,
    )


async def announce(said: Saying) -> None:
    """Returns when the bus has it. The server keeps the tries when the first one fails."""
    try:
        await workflow.execute_local_activity_method(Announcer.announce, said, **patience.FIRST_TRY)
    except FailureError as error:  # of a local activity: what it raised, as it is
        if is_cancelled_exception(error):
            raise
        await workflow.execute_activity_method(Announcer.announce, said, **patience.ANNOUNCEMENT)


class Publisher(Protocol):
    """The bus, as far as workflows need it."""

    async def publish(self, envelope: Envelope) -> None: ...


class Announcer:
    """The activity; it fails at once while the bus is known to be away."""

    def __init__(self, bus: Publisher) -> None:
        self._bus = bus
        self._away_until = float("-inf")

    @activity.defn(name="announce")
    async def announce(self, said: Saying) -> None:
        first_try = activity.info().is_local
        if first_try and time.monotonic() < self._away_until:
            raise ApplicationError("The bus is away.", type="BusAway")
        with continue_from(
            said.traceparent,
            f"announce {said.type}",
            SpanKind.PRODUCER,
            {"messaging.message.id": said.event_id},
        ):
            try:
                await self._bus.publish(_envelope(said))
            except asyncio.CancelledError:  # it took too long
                self._note_away(said)
                raise
            except Exception as error:
                self._note_away(said)
                # Only the kind of failure: Temporal keeps what is said here.
                raise ApplicationError(type(error).__name__, type="BusAway") from None
        ANNOUNCED.labels(said.type).inc()

    def _note_away(self, said: Saying) -> None:
        self._away_until = time.monotonic() + _AWAY_SECONDS
        REFUSED.labels(said.type).inc()


def _envelope(said: Saying) -> Envelope:
    event = REGISTRY[said.type].model_validate(said.event)
    return Envelope(
        id=UUID(said.event_id),
        type=said.type,
        source=SOURCE,
        subject=said.subject,
        time=event.happened_at,
        sequence=said.sequence,
        event=event,
        traceparent=current_traceparent() or said.traceparent,
    )
