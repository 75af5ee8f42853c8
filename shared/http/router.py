"""A router that checks the policy table at every route."""

from collections.abc import Callable
from typing import Any, get_type_hints

from fastapi import APIRouter, Depends

from shared.http.asking import asking
from shared.http.pages import MORE, Paging
from shared.http.witness import WitnessedRoute

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body is no JSON, or the Idempotency-Key or If-Match is missing or malformed"},
    401: {"description": "Not signed in"},
    403: {"description": "Not permitted"},
    404: {"description": "Not found"},
    412: {"description": "Changed by somebody else since it was read"},
    413: {"description": "Larger than 64 KiB, or than the largest form; `largest` gives the bytes"},
    415: {"description": "The body is not sent as application/json"},
    422: {"description": "Refused by a rule, or a field is wrong"},
    429: {"description": "Too many requests; Retry-After says when to come again"},
    500: {"description": "A fault of ours; the same request under the same key may be tried again"},
    503: {"description": "Not now: the system is being updated; Retry-After says when to come again"},
}


def takes_pages(endpoint: Callable[..., Any]) -> bool:
    """Say whether a route's answer is a page of a list that may continue."""
    return any(each is Paging for each in get_type_hints(endpoint).values())


class Router(APIRouter):
    """The routes of one noun of a service."""

    def __init__(self, service: str, **options: Any) -> None:
        self.service = service
        super().__init__(
            dependencies=[Depends(asking)], responses=PROBLEMS, route_class=WitnessedRoute, **options
        )

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Let the documents say which answers have a next page."""
        if takes_pages(endpoint):
            responses = options.get("responses") or {}
            options["responses"] = {**responses, 200: {"headers": MORE, **responses.get(200, {})}}
        super().add_api_route(path, endpoint, **options)


class Webhook(APIRouter):
    """Routes for partners, who cannot sign in: each must know its own sealed address, or answer 404."""

    def __init__(self, service: str, **options: Any) -> None:
        self.service = service
        super().__init__(responses={status: PROBLEMS[status] for status in (404, 413, 422, 500)}, **options)
