"""Records what the doors really answer while tests run, for operations that have no example yet.

`.venv/bin/python -m pytest -n0 -p tests.docs.recorder tests/ordering` writes docs/examples/ordering.json.
What is kept already is left as it is; delete an entry to have it recorded again.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from tools.docs.examples import FOLDER, examples_of

LONGEST = 3_000
"""Of an example worth reading, in characters."""
FOUND: dict[str, dict[str, dict[str, Any]]] = {}
Handle = Callable[[httpx.ASGITransport, httpx.Request], Coroutine[Any, Any, httpx.Response]]


def pytest_configure() -> None:
    within = httpx.ASGITransport
    recorded = _recording(within.handle_async_request)
    pytest.MonkeyPatch().setattr(within, "handle_async_request", recorded)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Add what was found to the files."""
    FOLDER.mkdir(exist_ok=True)
    for service, found in FOUND.items():
        kept = dict(sorted({**found, **examples_of(service)}.items()))
        text = json.dumps(kept, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{service}.json").write_text(text)


def _recording(handle: Handle) -> Handle:
    async def recorded(transport: httpx.ASGITransport, request: httpx.Request) -> httpx.Response:
        scopes: list[Any] = []
        app = transport.app

        async def seen(scope: Any, receive: Any, send: Any) -> None:
            scopes.append(scope)
            await app(scope, receive, send)

        transport.app = seen
        try:
            answer = await handle(transport, request)
        finally:
            transport.app = app
        body = await answer.aread()
        if answer.is_success and scopes and "route" in scopes[0]:
            _keep(scopes[0], request.content, answer.headers, body)
        return answer

    return recorded


def _keep(scope: Any, asked: bytes, headers: httpx.Headers, answered: bytes) -> None:
    """Keep the fullest that is not too long to read."""
    service = getattr(scope["app"].state, "service", "")
    if not service or not scope["route"].include_in_schema:
        return
    example: dict[str, Any] = {}
    if asked and _is_json(asked):
        example["request"] = json.loads(asked)
    if "etag" in headers:
        example["etag"] = headers["etag"]
    if answered and headers.get("content-type", "").startswith("application/json"):
        example["answer"] = json.loads(answered)
    rivals = FOUND.setdefault(service, {})
    name = scope["route"].name
    if _worth(example) > _worth(rivals.get(name)):
        rivals[name] = example


def _worth(example: dict[str, Any] | None) -> int:
    if example is None:
        return -1_000_000
    length = len(json.dumps(example))
    return length if length <= LONGEST else -length


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
