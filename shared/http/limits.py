"""Limits at the door: no body over 64 KiB is read."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 64 * 1024


class TooLarge(Exception):
    """More came than was announced or allowed."""


class BodyLimit:
    """Answer 413 before anything of a too large body is parsed."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _announced(scope) > self._largest:
            await _refuse(send)
            return
        messages, size = await self._read(receive)
        if size > self._largest:
            await _refuse(send)
            return
        if messages[-1]["type"] == "http.disconnect":
            return  # whoever asked has gone, or was too slow: half a request is none
        await self._app(scope, _again(messages, receive), send)

    async def _read(self, receive: Receive) -> tuple[list[Message], int]:
        messages: list[Message] = []
        size = 0
        while size <= self._largest:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                break
        return messages, size


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def _again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def replay() -> Message:
        return next(waiting, None) or await receive()

    return replay


async def _refuse(send: Send) -> None:
    body = (
        b'{"type":"urn:oppna-sesam:problem:too-large","title":"too-large","status":413,"rule":"too-large",'
        b'"detail":"The body is too large. At most 64 KiB."}'
    )
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
