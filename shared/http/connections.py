"""What one connection may cost before anybody has signed in: its headers, its time, and how many there are.

uvicorn bounds none of these with httptools: it keeps headers of any size, and waits for the rest of a
request for ever.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_CONNECTIONS = 512
"""Connections at one process; more are answered with 503. A gateway keeps some dozens."""
MOST_HEAD_BYTES = 32 * 1024
"""Request line and headers together; a token has 8 KiB at most."""
MOST_HEADERS = 100
MOST_FRAMING_BYTES = 256 * 1024
"""What comes with a body and is none of it: the sizes of its chunks, and what may follow the last one."""
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
KEPT_SECONDS = 5
"""An idle connection is closed after this; see KEPT_SECONDS of `shared.http_client`."""
WRITE_SECONDS = 30.0
"""So long an answer waits for somebody who does not read it."""
LINGER_SECONDS = 2.0

ANSWERS = {
    400: b"400 Bad Request",
    408: b"408 Request Timeout",
    431: b"431 Request Header Fields Too Large",
    503: b"503 Service Unavailable",
}


class TooMuch(Exception):
    """The headers are larger or more than allowed."""


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection with a limit to everything that the other side decides."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._timer: asyncio.TimerHandle | None = None
        """Runs while more of a request is awaited."""
        self._write_timer: asyncio.TimerHandle | None = None
        self._begun = self._in_head = self._in_body = False
        self._counted = self._read_of_head = 0
        self._refusal = 400

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(503)
        else:
            self._await_more(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self._stop_write_timer()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._timer is None:
            self._await_more(HEAD_SECONDS)
        in_head, in_body = self._in_head, self._in_body
        self._counted += len(data)
        super().data_received(data)
        # the first piece of either is at most as long as the loop reads at once, and is not counted
        if not (in_head and self._in_head) and not (in_body and self._in_body):
            self._counted = 0
        elif self._counted > (MOST_HEAD_BYTES if self._in_head else MOST_FRAMING_BYTES):
            self._refuse(431)

    def on_message_begin(self) -> None:
        self._in_head, self._in_body = True, False
        self._counted = self._read_of_head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_head(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._in_head, self._in_body, self._counted = False, True, 0
        super().on_headers_complete()
        self._begun = True
        self._await_more(BODY_SECONDS)

    def on_body(self, body: bytes) -> None:
        self._counted -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body = False
        self._rest()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_write_timer()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  the name and the words are uvicorn's
        self._refuse(self._refusal)

    def _count_head(self, size: int) -> None:
        self._read_of_head += size
        if self._read_of_head > MOST_HEAD_BYTES or len(self.headers) >= MOST_HEADERS:
            self._refusal = 431
            raise TooMuch

    def _await_more(self, seconds: float) -> None:
        self._rest()
        self._timer = self.loop.call_later(seconds, self._waited, seconds)

    def _waited(self, seconds: float) -> None:
        if self.flow.read_paused:  # we do not read at present: nobody is slow but us
            self._await_more(seconds)
        elif self._may_be_answered():
            self._refuse(408)
        else:
            self.transport.abort()

    def _may_be_answered(self) -> bool:
        """Tell whether 408 would be taken for the answer to what is awaited, and to nothing else."""
        if self._in_head:
            return not self._begun or self.cycle.response_complete
        return self._in_body and not self.cycle.response_started

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _refuse(self, status: int) -> None:
        """Answer, close, and do not wait long for somebody who does not read it."""
        self._rest()
        if not self.transport.is_closing():
            head = b"HTTP/1.1 %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % ANSWERS[status]
            self.transport.write(head)
            self.transport.close()
            self.loop.call_later(LINGER_SECONDS, self.transport.abort)
