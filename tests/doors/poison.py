"""Messages that nobody should have sent: broken, from the future, or poison for the handler."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.messaging.envelope import LARGEST_BODY
from tests.doors.bus import POISON

HEADERS: tuple[dict[str, Any], ...] = (
    {"traceparent": "not-a-trace"},
    {"traceparent": 7},
    {"traceparent": ["00"]},
    {"traceparent": {"deep": {"deeper": True}}},
    {"x-death": "never"},
    {"cloudEvents:specversion": "9.9"},
)


@dataclass(frozen=True)
class Bad:
    """A body, its properties, and how often a handler is to try it."""

    kind: str
    body: bytes
    properties: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1


def broken(good: bytes, number: int) -> Iterator[Bad]:
    """No JSON, or JSON of another shape; `number` makes each body another message."""
    unique = str(number).encode()
    yield Bad("empty", b"", {"message_id": f"empty-{number}"})
    yield Bad("cut", good[: len(good) // 2] + unique)
    yield Bad("no JSON", b"hello " + unique)
    yield Bad("a number", unique)
    yield Bad("a list", b"[" + unique + b"]")
    yield Bad("a text", b'"' + unique + b'"')
    yield Bad("an empty object", b"{}", {"message_id": f"bare-{number}"})
    yield Bad("no UTF-8", b'{"x":"\xff\xfe' + unique + b'"}')
    yield Bad("UTF-16", (good.decode() + unique.decode()).encode("utf-16"))
    yield Bad("zipped", gzip.compress(good + unique), {"content_encoding": "gzip"})
    yield Bad("deep", b'{"a":' * 2000 + unique)
    yield Bad("two objects", good + good + unique)
    yield Bad("an injected field", good + b',"x":' + unique)
    yield Bad("a NUL", good[:-1] + b"\x00" + unique)
    yield Bad("XML", b"<order>" + unique + b"</order>", {"content_type": "application/xml"})


def misshapen(good: bytes, number: int) -> Iterator[Bad]:
    """The right JSON with one field wrong or gone, one field at a time."""
    said = json.loads(good)
    needed = sorted(said)
    name = needed[number % len(needed)]
    gone = {key: value for key, value in said.items() if key != name} | {"more": number}
    yield Bad(f"{name} is an object", json.dumps({**said, name: {"no": number}}).encode())
    yield Bad(f"{name} is a list", json.dumps({**said, name: [[{"no": number}]]}).encode())
    yield Bad(f"without {name}", json.dumps(gone).encode())


def of_the_future(good: bytes, topic: str, number: int) -> Iterator[Bad]:
    """Another version's message, or another topic's, in our queue."""
    service, _, rest = topic.partition(".")
    for kind in (f"{topic[:-1]}2", f"{topic[:-1]}99", f"{service}.tomorrow.v1", f"unknown.{rest}", "x", "v2"):
        yield Bad(f"type {kind}", good, {"type": kind, "message_id": f"future-{kind}-{number}"})


def poison(good: bytes, number: int) -> Iterator[Bad]:
    """Well formed, and the handler fails on it every time."""
    for which, headers in enumerate((None, *HEADERS)):
        named = {"message_id": f"{POISON}-{which}-{number}", "headers": headers}
        yield Bad(f"poison with headers {headers}", good, named, attempts=4)


def too_large(good: bytes) -> Bad:
    """Larger than a document of the database may be."""
    return Bad("too large", good + b" " * (LARGEST_BODY * 17), {"message_id": "too-large"})
