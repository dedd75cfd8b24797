"""Sends one trace with OpenTelemetry's exporter of Python to argv[1]; prints its id and the exporter's version."""

import sys
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

provider = TracerProvider(
    resource=Resource.create({"service.name": "python", "deployment.environment.name": "test"})
)
exporter = OTLPSpanExporter(endpoint=sys.argv[1], compression=Compression.Gzip)
provider.add_span_processor(BatchSpanProcessor(exporter))
tracer = provider.get_tracer("shop", "2.0.0")
with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER) as root:
    with tracer.start_as_current_span(
        "charge ünïcode",
        kind=SpanKind.CLIENT,
        attributes={"http.route": "/charge", "count": 3, "ratio": 0.25, "ok": True, "tags": ["a", "b"]},
    ) as child:
        child.add_event("retry", {"attempt": 2})
        child.set_status(Status(StatusCode.ERROR, "declined"))
trace_id = root.get_span_context().trace_id
provider.shutdown()
print(f"{trace_id:032x} {version('opentelemetry-exporter-otlp-proto-http')}")
