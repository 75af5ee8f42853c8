"""One log line per request, and the trace that it belongs to."""

import re
import secrets
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TRACEPARENT = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
QUIET = ("/live", "/ready", "/metrics")

log = structlog.get_logger()


class RequestLine:
    """Names the route, never the path: a path may hold what somebody typed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        scope["traceparent"] = trace_of(dict(scope["headers"]).get(b"traceparent"))
        status = 500

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            if scope["path"] not in QUIET:
                _write(scope, status, (time.perf_counter() - began) * 1000)


def trace_of(given: bytes | None) -> str:
    """Go on with the caller's trace, or begin one (W3C trace context)."""
    if given and TRACEPARENT.match(given):
        return given.decode()
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def _write(scope: Scope, status: int, milliseconds: float) -> None:
    route = getattr(scope.get("route"), "name", None)
    trace_id = scope["traceparent"].split("-")[1]
    log.info("request", route=route, status=status, milliseconds=round(milliseconds, 1), trace_id=trace_id)
