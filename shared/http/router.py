"""A router whose every route asks the policy table, whether its function mentions it or not."""

from typing import Any

from fastapi import APIRouter, Depends

from shared.http.asking import asking

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The Idempotency-Key or If-Match is missing or malformed"},
    401: {"description": "Not signed in"},
    403: {"description": "Not permitted"},
    404: {"description": "Not found"},
    412: {"description": "Changed by somebody else since it was read"},
    413: {"description": "Larger than 64 KiB"},
    422: {"description": "Refused by a rule, or a field is wrong"},
}


class Router(APIRouter):
    """The routes of one noun of a service."""

    def __init__(self, service: str, **options: Any) -> None:
        self.service = service
        super().__init__(dependencies=[Depends(asking)], responses=PROBLEMS, **options)
