"""The broker's address keeps what it says; whatever stands in a frame, the message in it arrives."""

import struct
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aio_pika import IncomingMessage
from aiormq.abc import DeliveredMessage
from hypothesis import given as given_any
from hypothesis import strategies as st
from pamqp import frame
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from shared.messaging.amqp import address, read_what_anybody_sends, unreadable_in
from tests.shared.frames import UNREADABLE_PROPERTIES, Raw, header_frame, short
from tools.embedded.rabbitmq import in_vhost

LENGTHS = {"octet": 1, "timestamp": 8}


@pytest.fixture(autouse=True)
def _tolerant() -> None:
    read_what_anybody_sends()


def arrived(frame_bytes: bytes) -> IncomingMessage:
    """Read a frame as the client does, and make of it what a consumer is handed."""
    _, _, header = frame.unmarshal(frame_bytes)
    assert isinstance(header, ContentHeader)
    assert header.body_size == 5
    delivery = Basic.Deliver("tag", 1, False, "exchange", "key")
    return IncomingMessage(
        DeliveredMessage(delivery, header, b"12345", cast("Any", SimpleNamespace(is_closed=False)))
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("amqp://a:b@broker:5672/sesam", "amqp://a:b@broker:5672/sesam?heartbeat=10"),
        (
            "amqps://a:b@broker/sesam?cafile=/etc/ssl/ca.pem&no_verify_ssl=1",
            "amqps://a:b@broker/sesam?cafile=/etc/ssl/ca.pem&no_verify_ssl=1&heartbeat=10",
        ),
        ("amqp://a:p%40ss%2Fw@broker/a%2Fb?", "amqp://a:p%40ss%2Fw@broker/a%2Fb?heartbeat=10"),
        ("amqp://broker/sesam?heartbeat=30", "amqp://broker/sesam?heartbeat=30"),
    ],
)
def test_a_heartbeat_is_added_beside_what_the_address_says(given: str, expected: str) -> None:
    assert address(given) == expected


def test_the_partners_vhost_of_a_given_broker_keeps_its_tls_options() -> None:
    given = "amqps://anna:se%2Fcret@broker:5671/live?cafile=/etc/ssl/ca.pem"

    assert in_vhost(given, "partners") == "amqps://anna:se%2Fcret@broker:5671/partners?cafile=/etc/ssl/ca.pem"


@pytest.mark.parametrize(("name", "written"), UNREADABLE_PROPERTIES.values(), ids=UNREADABLE_PROPERTIES)
def test_a_message_with_a_property_that_nobody_can_read_arrives_and_says_which(
    name: str, written: bytes
) -> None:
    others = {"message_id": short(b"m1"), "reply_to": short("svar-\xe5".encode())}

    message = arrived(header_frame(Raw({**others, name: written})))

    assert unreadable_in(message.headers) == name
    assert message.reply_to == "svar-\xe5"
    assert message.message_id == (None if name == "message_id" else "m1")


def test_headers_that_can_be_read_are_kept_beside_a_property_that_cannot() -> None:
    headers = struct.pack(">I", 8) + b"\x01a" + b"S" + struct.pack(">I", 1) + b"b"

    message = arrived(header_frame(Raw({"headers": headers, "expiration": short(b"soon")})))

    assert message.headers["a"] == "b"
    assert unreadable_in(message.headers) == "expiration"


def test_a_message_that_can_be_read_is_read_as_before() -> None:
    properties = Basic.Properties(
        message_id="m1", app_id="l\xe4n \N{REPLACEMENT CHARACTER}", headers={"n": 1}, expiration="6000"
    )

    message = arrived(header_frame(properties))

    assert (message.message_id, message.app_id) == ("m1", "l\xe4n \N{REPLACEMENT CHARACTER}")
    assert (message.headers, message.expiration) == ({"n": 1}, 6.0)


def test_a_routing_key_that_is_no_utf_8_arrives() -> None:
    method = struct.pack(">I", 60 << 16 | 60) + short(b"tag") + struct.pack(">Q", 1) + b"\x00"
    method += short(b"distributors.replies") + short("reply.l\xe4n".encode("latin-1"))
    payload = struct.pack(">BHI", 1, 1, len(method)) + method + b"\xce"

    _, _, deliver = frame.unmarshal(payload)

    assert isinstance(deliver, Basic.Deliver)
    assert deliver.routing_key == "reply.l\N{REPLACEMENT CHARACTER}n"


@st.composite
def any_properties(draw: st.DrawFn) -> Raw:
    """Any bytes at all as the value of any properties, framed as AMQP demands."""
    names = draw(st.lists(st.sampled_from(Basic.Properties.attributes()), unique=True))
    written: dict[str, bytes] = {}
    for name in names:
        kind = Basic.Properties.amqp_type(name)
        if kind == "shortstr":
            written[name] = short(draw(st.binary(max_size=255)))
        elif kind == "table":
            rows = draw(st.binary(max_size=60))
            written[name] = struct.pack(">I", len(rows)) + rows
        else:
            written[name] = draw(st.binary(min_size=LENGTHS[kind], max_size=LENGTHS[kind]))
    return Raw(written)


@given_any(properties=any_properties())
def test_no_bytes_keep_a_message_from_arriving(properties: Raw) -> None:
    arrived(header_frame(properties))
