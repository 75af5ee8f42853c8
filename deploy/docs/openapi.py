"""The OpenAPI 3.1 documents, docs/openapi/<service>.json: one for each service's doors."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute
from joserfc.jwk import KeySet

from deploy.topology import assembled
from shared.application import application
from shared.assembled import Assembled
from shared.auth.policy import POLICY
from shared.auth.tokens import Verifier
from shared.clock import SystemClock
from shared.http.problems import MEDIA_TYPE
from shared.readiness import Readiness

Tree = dict[str, Any]

PROBLEM: Tree = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457), with a stable code and a sentence by Accept-Language.",
    "required": ["type", "title", "status", "rule", "detail"],
    "properties": {
        "type": {"type": "string", "description": "urn:oppna-sesam:problem:<rule>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "rule": {"type": "string", "description": "The stable code."},
        "detail": {"type": "string", "description": "A sentence for people, in Swedish or English."},
        "reasons": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Every reason of a refusal.",
        },
        "fields": {"type": "array", "items": {"type": "object"}, "description": "Every field that is wrong."},
    },
}
BEARER: Tree = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A short-lived access token (RFC 9068).",
}


def openapi(service: str) -> str:
    """Write one service's document as JSON."""
    return json.dumps(document(service), indent=2, ensure_ascii=False) + "\n"


def document(service: str) -> Tree:
    """Give the document as plain values, with what the policy table and the doors demand beside it."""
    whole = assembled(service)
    verifier = Verifier(_no_keys, issuer="", audience="", clock=SystemClock())
    app = application(whole, verifier, Readiness())
    told: Tree = app.openapi()
    told["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    components = told.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": BEARER}
    for route, operation in _operations(whole, told):
        _tell_doors_demands(operation, route, action=f"{service}.{route.name}")
    return told


def _operations(whole: Assembled, told: Tree) -> Iterator[tuple[APIRoute, Tree]]:
    for router in whole.routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in sorted(route.methods or ()):
                    yield route, told["paths"][route.path_format][method.lower()]


def _tell_doors_demands(operation: Tree, route: APIRoute, *, action: str) -> None:
    rule = POLICY[action]
    operation["operationId"] = route.name
    operation["security"] = [{"bearer": []}]
    operation["x-policy"] = {"roles": sorted(rule.roles), "area": rule.area, "units": rule.units}
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "idempotency-key":
            parameter["required"] = True
    for status, response in operation["responses"].items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


async def _no_keys() -> KeySet:
    raise LookupError("nobody signs in while documents are written")
