"""Limits the size of bodies: 64 KiB, or what the route's form needs."""

import json
from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain.decision import Sentence
from shared.http.body_size import Unbounded, largest_body
from shared.http.language import language_of, said

LARGEST_BODY = 64 * 1024
KIB = 1024


def limit_of(route: APIRoute) -> int:
    """Give the most bytes of a body for a route, in whole KiB; a form without an end gets the least."""
    form = route.body_field and route.body_field.field_info.annotation
    try:
        largest = largest_body(form) if form else 0
    except Unbounded:
        return LARGEST_BODY
    return max(LARGEST_BODY, -(-largest // KIB) * KIB)


class BodyLimit:
    """Answer 413 before anything of a too large body is parsed."""

    def __init__(self, app: ASGIApp, routes: Iterable[APIRoute] = ()) -> None:
        self._app = app
        self._routes = list(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = self._limit(scope) if _may_be_large(scope) else LARGEST_BODY
        if _announced(scope) > largest:
            await _refuse(scope, send, largest)
            return
        messages, size = await _read(receive, largest)
        if size > largest:
            await _refuse(scope, send, largest)
            return
        if messages[-1]["type"] == "http.disconnect":
            return  # the client has gone, or was too slow: half a request is none
        await self._app(scope, _again(messages, receive), send)

    def _limit(self, scope: Scope) -> int:
        return next((limit_of(route) for route in self._routes if _is_for(route, scope)), LARGEST_BODY)


def _is_for(route: APIRoute, scope: Scope) -> bool:
    return route.matches(scope)[0] is Match.FULL


async def _read(receive: Receive, largest: int) -> tuple[list[Message], int]:
    messages: list[Message] = []
    size = 0
    while size <= largest:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    return messages, size


def _may_be_large(scope: Scope) -> bool:
    """Spare most requests the search for their route: what comes in chunks announces no length."""
    return _announced(scope) > LARGEST_BODY or b"transfer-encoding" in dict(scope["headers"])


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replay() -> Message:
        return next(waiting, None) or await receive()

    return replay


async def _refuse(scope: Scope, send: Send, largest: int) -> None:
    accepted = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    language = language_of(accepted)
    body = {
        "type": "urn:oppna-sesam:problem:too-large",
        "title": "too-large",
        "status": 413,
        "rule": "too-large",
        "detail": said(_too_large(largest), language),
        "largest": largest,
    }
    written = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(written)).encode()),
        (b"content-language", language.encode()),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": written})


def _too_large(largest: int) -> Sentence:
    return Sentence(
        f"Innehållet är för stort. Högst {largest // KIB} KiB.",
        f"The body is too large. At most {largest // KIB} KiB.",
    )
