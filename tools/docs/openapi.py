"""Writes the OpenAPI 3.1 documents, docs/openapi/<service>.json, one for each service."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute, APIRouter
from joserfc.jwk import KeySet

from deploy.topology import assembled
from shared.auth.rule import Rule
from shared.auth.tokens import Verifier
from shared.clock import SystemClock
from shared.http.problems import MEDIA_TYPE
from shared.http.rates import Rates
from shared.sealed import Hashes
from shared.service.readiness import Readiness
from shared.service.web import application
from shared.settings import Settings
from tools.docs.examples import examples_of

Tree = dict[str, Any]
JSON = "application/json"

USED_UP = "All withdrawals of the line have been made. Ask the prescriber for a new prescription."
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
            "items": {
                "type": "object",
                "required": ["rule", "detail", "facts"],
                "properties": {
                    "rule": {"type": "string"},
                    "detail": {"type": "string"},
                    "facts": {"type": "object", "description": "The numbers and days that decided it."},
                },
            },
            "description": "Every reason of a refusal.",
        },
        "fields": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "string"}},
            "description": "Every field that is wrong.",
        },
    },
    "examples": [
        {
            "type": "urn:oppna-sesam:problem:line-used-up",
            "title": "line-used-up",
            "status": 422,
            "rule": "line-used-up",
            "detail": USED_UP,
            "reasons": [
                {
                    "rule": "line-used-up",
                    "detail": USED_UP,
                    "facts": {"line_id": "F2026-000042-0-1"},
                }
            ],
        }
    ],
}
ABOUT = """\
Errors are problem+json (RFC 9457) with a stable code in `rule` and a sentence in the language of
Accept-Language, `sv` or `en`. Every request that changes something carries an Idempotency-Key: the same key
again gets the first answer. A thing that was read has an ETag; sent back as If-Match it guards against
somebody else's change.
`x-policy` is the operation's line in the policy table.

Made from the code by `./sesam docs`; do not edit by hand."""
BEARER: Tree = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A short-lived access token (RFC 9068).",
}


ETAG: Tree = {
    "description": "The version that this answer tells; send it back as If-Match.",
    "schema": {"type": "string"},
}
RETRY_AFTER: Tree = {
    "description": "Seconds to wait before the next try.",
    "schema": {"type": "integer"},
    "example": 30,
}
COMES_AGAIN = ("429", "503")


def openapi(service: str) -> str:
    """Write one service's document as JSON."""
    return json.dumps(document(service), indent=2, ensure_ascii=False) + "\n"


def _server(service: str) -> Tree:
    """Name where the service answers in an embedded run with its usual ports."""
    return {
        "url": "{address}",
        "description": "Each service has its own address; `./sesam run` prints those of the embedded run.",
        "variables": {"address": {"default": Settings.model_fields[f"{service}_url"].default}},
    }


def document(service: str) -> Tree:
    """Give the document as plain values, with what the policy table and the doors demand beside it."""
    whole = assembled(service)
    verifier = Verifier(_no_keys, issuer="", audience="", clock=SystemClock())
    app = application(whole, verifier, Readiness(), rates=Rates(Settings()), hashes=Hashes(b""))
    told: Tree = app.openapi()
    told["info"]["description"] = ABOUT
    told["servers"] = [_server(service)]
    told["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    components = told.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": BEARER}
    for route, operation in _operations(whole.routers, told):
        _tell_doors_demands(operation, route, whole.policy[f"{service}.{route.name}"])
        _show(operation, examples_of(service).get(route.name, {}))
    for route, operation in _operations(whole.webhooks, told):
        operation["operationId"] = route.name
        operation["security"] = []
        _tell_problems(operation)
    return told


def _operations(routers: Iterable[APIRouter], told: Tree) -> Iterator[tuple[APIRoute, Tree]]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in sorted(route.methods or ()):
                    yield route, told["paths"][route.path_format][method.lower()]


def _tell_doors_demands(operation: Tree, route: APIRoute, rule: Rule) -> None:
    operation["operationId"] = route.name
    operation["security"] = [{"bearer": []}]
    operation["x-policy"] = {
        "roles": sorted(rule.roles),
        "in_an_area": rule.in_an_area,
        "units": rule.units,
    }
    _tell_headers(operation)
    _tell_problems(operation)


def _show(operation: Tree, example: Tree) -> None:
    """Put the recorded request and answer where a reader looks for them."""
    asked = operation.get("requestBody", {}).get("content", {}).get(JSON)
    answered = _successes(operation).get("content", {}).get(JSON)
    for media, name in ((asked, "request"), (answered, "answer")):
        if media is not None and name in example:
            media["example"] = example[name]
    if "etag" in example:
        _successes(operation)["headers"] = {"ETag": {**ETAG, "example": example["etag"]}}


def _successes(operation: Tree) -> Tree:
    found: Tree = next(each for status, each in operation["responses"].items() if status < "300")
    return found


def _tell_problems(operation: Tree) -> None:
    for status, response in operation["responses"].items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        if status in COMES_AGAIN:
            response["headers"] = {"Retry-After": RETRY_AFTER}


def _tell_headers(operation: Tree) -> None:
    """The key is demanded where it is taken; a version to match means something only there."""
    by_name = {each["name"]: each for each in operation.pop("parameters", [])}
    if "idempotency-key" in by_name:
        by_name["idempotency-key"]["required"] = True
    else:
        by_name.pop("if-match", None)
    for each in by_name.values():
        each["schema"] = _not_null(each["schema"])
    if by_name:
        operation["parameters"] = list(by_name.values())


def _not_null(schema: Tree) -> Tree:
    """A header or a parameter is there or not; it is never null."""
    kinds = [each for each in schema.get("anyOf", []) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**{name: each for name, each in schema.items() if name != "anyOf"}, **kinds[0]}


async def _no_keys() -> KeySet:
    raise LookupError("nobody signs in while documents are written")
