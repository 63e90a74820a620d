"""The way to Temporal: sealed payloads, sealed failures, traces that go on through workflows."""

from dataclasses import replace

from temporalio.client import Client
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.service import RPCError

from domain.errors import Unavailable
from infrastructure.key_ring import KeyRing, SealError
from infrastructure.payload_codec import SealingCodec
from infrastructure.settings import Settings
from infrastructure.telemetry import tracer


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic and dataclasses inside, sealed outside; raises SealError without payload keys."""
    try:
        ring = KeyRing.parse(settings.payload_keys.get_secret_value())
    except SealError as wrong:
        raise SealError(f"THROUGHLINE_PAYLOAD_KEYS: {wrong}") from None
    return replace(
        pydantic_data_converter,
        payload_codec=SealingCodec(ring),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings, metrics_address: str = "") -> Client:
    """A client for workers and the bridge; raises Unavailable while Temporal is away.

    `metrics_address` (host:port) makes the SDK's own metrics readable for Prometheus there.
    """
    try:
        return await Client.connect(
            settings.temporal_address,
            namespace=settings.temporal_namespace,
            data_converter=data_converter(settings),
            interceptors=[TracingInterceptor(tracer())],
            runtime=runtime_with_metrics(metrics_address) if metrics_address else None,
        )
    except (RuntimeError, RPCError) as failure:
        raise Unavailable("Temporal did not answer.") from failure


def runtime_with_metrics(address: str) -> Runtime:
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))
