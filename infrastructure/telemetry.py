"""Traces that join request, outbox, bus, workflow and consumer, and the switch for logs and metrics."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from infrastructure.logs import configure_logs
from infrastructure.settings import Settings

_PROPAGATOR = TraceContextTextMapPropagator()
_WORDS_OF_EXCEPTIONS = ("exception.message", "exception.stacktrace")


def configure(settings: Settings, service: str | None = None) -> None:
    """Logs always; traces when a folder or a collector is named. Called once a process."""
    name = service or settings.service_name
    configure_logs(name, settings.log_level)
    exporter = _exporter(settings, name)
    if exporter is None:
        return
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(
        BatchSpanProcessor(WithoutWords(exporter), schedule_delay_millis=1000)
    )
    trace.set_tracer_provider(provider)


def flush() -> None:
    """Writes out what is still held; called when a process stops."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def tracer() -> trace.Tracer:
    return trace.get_tracer("throughline")


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span at work, or None when nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continue_from(
    traceparent: str | None,
    name: str,
    kind: SpanKind = SpanKind.CONSUMER,
    attributes: Mapping[str, AttributeValue] | None = None,
) -> Iterator[Span]:
    """A span that goes on from where an event or a request came from; a broken one starts anew."""
    parent = _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {})
    with tracer().start_as_current_span(
        name, context=parent, kind=kind, attributes=attributes
    ) as span:
        yield span


def _exporter(settings: Settings, service: str) -> SpanExporter | None:
    if settings.otlp_endpoint:
        # Imported here: requests and protobuf cost 15 MB that most processes need not hold.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
    if settings.traces_dir:
        return SpanFile(Path(settings.traces_dir) / f"{service}.jsonl")
    return None


class WithoutWords(SpanExporter):
    """Takes messages and stack traces out of spans: they may quote what was recorded of people."""

    def __init__(self, onward: SpanExporter) -> None:
        self._onward = onward

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._onward.export([_without_words(span) for span in spans])

    def shutdown(self) -> None:
        self._onward.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._onward.force_flush(timeout_millis)


class SpanFile(SpanExporter):
    """One JSON object a line, appended; readable with jq and by the demo."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        lines = "".join(json.dumps(_row(span), separators=(",", ":")) + "\n" for span in spans)
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(lines)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is held open between writes."""


def _without_words(span: ReadableSpan) -> ReadableSpan:
    if not span.events and not span.status.description:
        return span
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=[_quiet_event(event) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _quiet_event(event: Event) -> Event:
    kept = {
        key: value
        for key, value in (event.attributes or {}).items()
        if key not in _WORDS_OF_EXCEPTIONS
    }
    return Event(event.name, kept, event.timestamp)


def _row(span: ReadableSpan) -> dict[str, object]:
    context = span.get_span_context()
    return {
        "trace_id": format(context.trace_id, "032x") if context else None,
        "span_id": format(context.span_id, "016x") if context else None,
        "parent_id": format(span.parent.span_id, "016x") if span.parent else None,
        "service": span.resource.attributes.get("service.name"),
        "name": span.name,
        "kind": span.kind.name.lower(),
        "start": span.start_time,
        "end": span.end_time,
        "status": span.status.status_code.name.lower(),
        "attributes": dict(span.attributes or {}),
    }
