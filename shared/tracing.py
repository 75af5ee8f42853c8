"""Traces that continue from request to outbox, bus, handler and other services (W3C trace context)."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import orjson
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBasedTraceIdRatio
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from shared.logs import ALLOWED

TRACEPARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})\Z")
EXPORT_EVERY_MILLISECONDS = 500
NAME = "oppna-sesam"


class JsonLines(SpanExporter):
    """Adds ended spans to a file, one JSON object a line; several runs of a service share it."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = file

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._file.open("ab") as file:
            file.write(b"".join(orjson.dumps(_line(each)) + b"\n" for each in spans))
        return SpanExportResult.SUCCESS


class Tracing:
    """The way a process makes spans; until `set_up` they are made and go nowhere."""

    def __init__(self) -> None:
        self._use(TracerProvider(sampler=ParentBasedTraceIdRatio(0), shutdown_on_exit=False))

    def set_up(self, service: str, *, sample: float, folder: Path | None) -> None:
        """Name the service; `sample` is the part kept of the traces begun here, none without a folder."""
        sampler = ParentBasedTraceIdRatio(sample) if folder else ALWAYS_OFF
        provider = TracerProvider(resource=Resource({"service.name": service}), sampler=sampler)
        if folder:
            exporter = JsonLines(folder / f"{service}.jsonl")
            provider.add_span_processor(
                BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_EVERY_MILLISECONDS)
            )
        self._use(provider)

    def close(self) -> None:
        """Write out what has ended."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, *, kind: SpanKind, parent: str | None) -> Iterator[Span]:
        """Do what follows inside a span; a failure is named by its type alone."""
        began = self._tracer.start_span(name, context=_context(parent), kind=kind)
        with trace.use_span(began, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield began
            except BaseException as failure:
                began.set_status(Status(StatusCode.ERROR, type(failure).__name__))
                raise

    def _use(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer(NAME)


TRACING = Tracing()
"""A process has one, as it has one log."""


def traceparent() -> str | None:
    """Write the current span as other processes, and our own outbox, read it; None outside of any."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def trace_id() -> str | None:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def note(span: Span, **facts: str | float | None) -> None:
    """Note what the logs may say too, and nothing else."""
    span.set_attributes(
        {name: value for name, value in facts.items() if name in ALLOWED and value is not None}
    )


def _context(parent: str | None) -> Context:
    """Go on from a parent that came from outside, else from the span we are in, else begin a trace."""
    found = TRACEPARENT.match(parent) if parent else None
    if found is None:
        return trace.set_span_in_context(trace.get_current_span())
    context = SpanContext(
        int(found["trace"], 16),
        int(found["span"], 16),
        is_remote=True,
        trace_flags=TraceFlags(int(found["flags"], 16)),
    )
    return trace.set_span_in_context(NonRecordingSpan(context))


def _line(span: ReadableSpan) -> dict[str, object]:
    context, began, ended = span.get_span_context(), span.start_time or 0, span.end_time or 0
    if context is None:
        raise LookupError(span.name)
    return {
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "parent_id": f"{span.parent.span_id:016x}" if span.parent else None,
        "service": span.resource.attributes["service.name"],
        "name": span.name,
        "kind": span.kind.name.lower(),
        "began": began,
        "milliseconds": round((ended - began) / 1e6, 3),
        "failed": span.status.description,
        "attributes": dict(span.attributes or {}),
    }
