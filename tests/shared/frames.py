"""Content headers as other people's clients write them, byte by byte."""

import struct

from pamqp.commands import Basic

LATIN_1 = "R\xe4ddningstj\xe4nst".encode("latin-1")
IN_MICROSECONDS = struct.pack(">Q", 1_767_225_600_000_000)
A_TIME_IN_A_HEADER = b"\x04sent" + b"T" + IN_MICROSECONDS
A_NAME_IN_LATIN_1 = b"\x04s\xe4nd" + b"S" + struct.pack(">I", 1) + b"x"
OF_NO_KNOWN_TYPE = b"\x01a" + b"Z" + b"\x00"
TOO_DEEP = b""
for _ in range(2000):
    TOO_DEEP = b"\x01a" + b"F" + struct.pack(">I", len(TOO_DEEP)) + TOO_DEEP


def short(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def table(rows: bytes) -> bytes:
    return struct.pack(">I", len(rows)) + rows


UNREADABLE_PROPERTIES = {
    "timestamp": ("timestamp", IN_MICROSECONDS),
    "app_id": ("app_id", short(LATIN_1)),
    "message_type": ("message_type", short(LATIN_1)),
    "user_id": ("user_id", short(LATIN_1)),
    "correlation_id": ("correlation_id", short(LATIN_1)),
    "message_id": ("message_id", short(LATIN_1)),
    "content_type": ("content_type", short(LATIN_1)),
    "time in a header": ("headers", table(A_TIME_IN_A_HEADER)),
    "header named in Latin-1": ("headers", table(A_NAME_IN_LATIN_1)),
    "header of no type": ("headers", table(OF_NO_KNOWN_TYPE)),
    "header too deep": ("headers", table(TOO_DEEP)),
    "delivery_mode": ("delivery_mode", b"\x07"),
    "expiration": ("expiration", short(b"soon")),
}
"""What a client may write and ours cannot read: the property, and its bytes."""


THE_BROKER_REFUSES = {"user_id", "expiration", "delivery_mode", "header of no type"}
"""What no broker has let through so far."""


class Raw(Basic.Properties):
    """Properties of which some are written as these bytes."""

    def __init__(self, written: dict[str, bytes]) -> None:
        super().__init__()
        self.written = written
        self.message_id = None

    def marshal(self) -> bytes:
        flags, parts = 0, b""
        for name in Basic.Properties.attributes():
            if name in self.written:
                flags |= Basic.Properties.flags[name]
                parts += self.written[name]
        return struct.pack(">H", flags) + parts


def header_frame(properties: Basic.Properties, *, size: int = 5) -> bytes:
    payload = struct.pack(">HHQ", 60, 0, size) + properties.marshal()
    return struct.pack(">BHI", 2, 1, len(payload)) + payload + b"\xce"
