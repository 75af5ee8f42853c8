"""Puts a service's routes together: every route in the policy table, every error as problem+json."""

from typing import Any

from fastapi import FastAPI, Response
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST

from shared.auth.tokens import Verifier
from shared.http.limits import BodyLimit
from shared.http.line import RequestLine
from shared.http.problems import add_problems
from shared.http.rates import Rates
from shared.sealed import Hashes
from shared.service.definition import ServiceDefinition
from shared.service.metrics import as_text
from shared.service.readiness import Readiness

OWN_TRACES: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own would tell whole paths to whatever a process sets up; `RequestLine` names the route alone."""


def actions_of(assembled: ServiceDefinition) -> list[str]:
    """Name every route as the policy table does: service and function name."""
    routes = [route for router in assembled.routers for route in router.routes]
    return sorted(f"{assembled.name}.{route.name}" for route in routes if isinstance(route, APIRoute))


def application(
    assembled: ServiceDefinition,
    verifier: Verifier,
    readiness: Readiness,
    *,
    rates: Rates,
    hashes: Hashes,
    lifespan: Any = None,
) -> FastAPI:
    """Raises LookupError for a route without a line in the policy table."""
    missing = [name for name in actions_of(assembled) if name not in assembled.policy]
    if missing:
        raise LookupError(f"no line in the policy table for {', '.join(missing)}")
    routes = [route for router in (*assembled.routers, *assembled.webhooks) for route in router.routes]
    app = FastAPI(
        title=f"Öppna Sesam: {assembled.name}",
        version="1",
        routes=routes,  # as they are: `include_router` would make each a second time, at the first request
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=OWN_TRACES,
    )
    app.state.service = assembled.name
    app.state.policy = assembled.policy
    app.state.verifier = verifier
    app.state.rates = rates
    app.state.hashes = hashes
    app.state.note_refused = assembled.note_refused
    readiness.sources.figures = assembled.figures
    _add_health(app, readiness)
    add_problems(app)
    app.add_middleware(BodyLimit, routes=[route for route in routes if isinstance(route, APIRoute)])
    app.add_middleware(RequestLine)
    return app


def _add_health(app: FastAPI, readiness: Readiness) -> None:
    @app.get("/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/ready", include_in_schema=False)
    async def ready(response: Response) -> dict[str, Any]:
        missing = await readiness.missing()
        response.status_code = 503 if missing else 200
        return {"ready": not missing, "missing": missing}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(await as_text(readiness.sources), media_type=CONTENT_TYPE_LATEST)
