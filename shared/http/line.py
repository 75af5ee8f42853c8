"""Writes one log line and one trace span for each request."""

import time

import structlog
from opentelemetry.trace import Span, SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import tracing
from shared.tracing import TRACING

QUIET = ("/live", "/ready", "/metrics")

log = structlog.get_logger()


class RequestLine:
    """Names the route, never the path: a path may hold what somebody typed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")
        with TRACING.span("request", kind=SpanKind.SERVER, parent=given) as span:
            scope["traceparent"] = tracing.traceparent()
            await self._traced(span, scope, receive, send)

    async def _traced(self, span: Span, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 500

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            _write(span, scope, status, (time.perf_counter() - began) * 1000)


def _write(span: Span, scope: Scope, status: int, milliseconds: float) -> None:
    route = getattr(scope.get("route"), "name", None)
    span.update_name(route or "no route")
    tracing.note(span, status=status)
    log.info(
        "request",
        route=route,
        status=status,
        milliseconds=round(milliseconds, 1),
        trace_id=tracing.trace_id(),
    )
