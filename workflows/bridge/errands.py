"""From records of the bus to errands: what each workflow is to be told, in the order of the bus."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from contracts.envelope import Envelope
from infrastructure.telemetry import continue_from, current_traceparent
from workflows.bridge_table import Address, told_by
from workflows.facts import FactSignal


@dataclass
class Errand:
    """All that one workflow is told at once; `starts` when one of the facts may start it."""

    address: Address
    facts: list[FactSignal] = field(default_factory=list)
    starts: bool = False


def errands(envelopes: Iterable[Envelope]) -> list[Errand]:
    """One errand a workflow: several facts of one command cost it one task."""
    found: dict[str, Errand] = {}
    for envelope in envelopes:
        told = told_by(envelope.event)
        if not told:
            continue
        fact = _fact(envelope)
        for address, starts in told:
            errand = found.setdefault(address.workflow_id, Errand(address))
            errand.facts.append(fact)
            errand.starts = errand.starts or starts
    return list(found.values())


def _fact(envelope: Envelope) -> FactSignal:
    with continue_from(envelope.traceparent, f"bridge {envelope.type}"):
        traceparent = current_traceparent() or envelope.traceparent
    return FactSignal(
        event_id=str(envelope.id),
        type=envelope.type,
        event=envelope.event.model_dump(mode="json"),
        traceparent=traceparent,
    )


def is_mail(errand: Errand) -> bool:
    return errand.address.kind == "mailbox"
