"""The AMQP client: its address, and frames that no sender can break the connection with (decision 0041)."""

import struct
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from aio_pika.connection import make_url
from aio_pika.message import decode_expiration
from pamqp import decode
from pamqp.commands import Basic
from pamqp.header import ContentHeader

HEARTBEAT_SECONDS = 10
"""Seconds; a dead connection is noticed after three heartbeats. The client's default takes three minutes."""
DEAD_LETTERS = "dead.letters"
"""The queue of messages that the broker stopped delivering, in each virtual host."""
IN_ORDER = ".in_order"
"""Ends the name of a queue that the broker gives to one consumer at a time (decision 0043)."""
UNREADABLE = "x-sesam-unreadable"
"""A header of our own: which properties could not be read. A message sent with it is only parked."""
REPLACED = "\N{REPLACEMENT CHARACTER}"
DELIVERY_MODES = (None, 1, 2)
READ = ContentHeader.unmarshal
TEXTS_OF = attrgetter(
    *(name for name in Basic.Properties.attributes() if Basic.Properties.amqp_type(name) == "shortstr")
)
FLAGS_AT = 12
"""A content header is class, weight, size of the body, then flags and properties (AMQP 0-9-1, 4.2.6.1)."""


def address(url: str) -> str:
    """Give the address with our heartbeat beside what its query says: TLS options, a heartbeat of its own."""
    given = make_url(url)
    return str(given if "heartbeat" in given.query else make_url(given, heartbeat=HEARTBEAT_SECONDS))


def read_what_anybody_sends() -> None:
    """Make the client hand over every message, also one whose properties cannot be read.

    Without this it closes the connection at such a frame; all deliveries of the connection come again,
    and after twenty times the broker dead-letters them all. The library has no setting for this.
    """
    decode.METHODS["shortstr"] = _short_text
    ContentHeader.unmarshal = _unmarshal  # type: ignore[assignment, method-assign]  # it takes the same two


def unreadable_in(headers: Mapping[str, Any]) -> str | None:
    """Name the properties of a message that could not be read; None when all could."""
    if UNREADABLE not in headers:
        return None
    named = str(headers[UNREADABLE]).split(", ")
    return ", ".join(name for name in Basic.Properties.attributes() if name in named) or "unknown"


def _short_text(value: bytes) -> tuple[int, str]:
    """Read a short text, such as a routing key; bytes that are not UTF-8 become the replacement character."""
    length = value[0]
    return length + 1, value[1 : length + 1].decode(errors="replace")


def _unmarshal(header: ContentHeader, data: bytes) -> None:
    try:
        READ(header, data)
        usable = not _is_doubtful(header.properties)
    except Exception:  # noqa: BLE001  the library may raise anything for others' bytes
        usable = False
    if not usable:
        header.class_id, header.weight, header.body_size = struct.unpack_from(">HHQ", data)
        header.properties = _readable(data[FLAGS_AT:])


def _is_doubtful(properties: Basic.Properties) -> bool:
    texts = "".join(filter(None, TEXTS_OF(properties)))
    odd = properties.delivery_mode not in DELIVERY_MODES or properties.expiration is not None
    return odd or REPLACED in texts


def _readable(data: bytes) -> Basic.Properties:
    """Read each property for itself; those that cannot be read stay empty, and a header names them."""
    properties, unreadable = Basic.Properties(), []
    consumed, flags = ContentHeader._get_flags(data)  # noqa: SLF001  nothing public reads them
    data = data[consumed:]
    for name in Basic.Properties.attributes():
        if flags & Basic.Properties.flags[name]:
            length = _length(data, Basic.Properties.amqp_type(name))
            try:
                setattr(properties, name, _value(name, data[:length]))
            except Exception:  # noqa: BLE001  as above
                unreadable.append(name)
            data = data[length:]
    if unreadable:
        properties.headers = {**(properties.headers or {}), UNREADABLE: ", ".join(unreadable)}
    return properties


def _value(name: str, data: bytes) -> Any:
    """Read a value that a consumer can get; raises for one that it cannot."""
    kind = Basic.Properties.amqp_type(name)
    value = data[1:].decode() if kind == "shortstr" else decode.by_type(data, kind)[1]
    if name == "delivery_mode" and value not in DELIVERY_MODES:
        raise ValueError(name)
    if name == "expiration":
        decode_expiration(value)
    return value


def _length(data: bytes, kind: str) -> int:
    """Give how many bytes a property takes, whatever its content (AMQP 0-9-1, 4.2.5)."""
    match kind:
        case "shortstr":
            return 1 + data[0]
        case "table":
            return int(4 + struct.unpack_from(">I", data)[0])
        case "timestamp":
            return 8
        case _:
            return 1
