"""Suppliers on the bus: each writes and reads its own only, and is read strictly (Q60, decision 0141)."""

import json
from typing import Any

import pytest

from shared.distributors import NOBODY, sender_of
from shared.messaging.consuming import Subscription
from shared.messaging.topology import definitions
from shared.suppliers import SupplierReply
from tools.docs.examples import message_of

ACCOUNTS = {"supplier-demo": "x", "distributor-demo": "y", "inventory": "z", "ordering": "w"}
ACK: dict[str, Any] = message_of("suppliers.reply.v1", kind="purchase.ack.v1")


async def deaf(*_: object) -> None:
    """Only parsing is asked of the subscription."""


SUBSCRIPTION = Subscription("inventory", SupplierReply.topic, SupplierReply, deaf, "suppliers.replies")


def rights(kind: str, account: str) -> list[tuple[str, str]]:
    whole = definitions(
        [SUBSCRIPTION], services=("inventory", "ordering"), distributors=("demo",), suppliers=("demo",),
        accounts=ACCOUNTS,
    )  # fmt: skip
    found = [row for row in whole[kind] if row["user"] == account and row["vhost"] == "partners"]
    return [(row["write"], row["read"]) for row in found]


def test_a_supplier_reads_its_queue_and_writes_its_replies_and_nothing_else() -> None:
    assert rights("permissions", "supplier-demo") == [
        (r"^suppliers\.replies$", r"^supplier\.demo\.orders$"),
    ]
    assert rights("topic_permissions", "supplier-demo") == [(r"^reply\.demo$", ".*")]
    assert rights("permissions", "distributor-demo")[0][0] == r"^distributors\.replies$"
    assert rights("permissions", "inventory")[0][0] == r"^suppliers\.orders$"
    assert rights("permissions", "ordering")[0][0] == r"^distributors\.orders$"


@pytest.mark.parametrize(
    ("key", "account", "sender"),
    [
        ("reply.demo", "supplier-demo", "demo"),
        ("reply.demo", None, "demo"),
        ("reply.demo", "supplier-other", NOBODY),
        ("order.demo", "supplier-demo", NOBODY),
    ],
)
def test_the_routing_key_says_whose_reply_it_is(key: str, account: str | None, sender: str) -> None:
    assert sender_of(key, account) == sender


def test_a_reply_is_read_with_its_sender() -> None:
    found = SUBSCRIPTION.parse(json.dumps(ACK).encode(), sender="demo")

    assert isinstance(found, SupplierReply)
    assert (found.sender, found.reply.order_no) == ("demo", ACK["order_no"])


@pytest.mark.parametrize(
    "changes",
    [{"type": "order.ack.v1"}, {"accepted": "ja"}, {"order_no": ""}, {"at": "i går"}, {"message_id": None}],
)
def test_what_is_no_reply_is_not_taken_for_one(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SUBSCRIPTION.parse(json.dumps(ACK | changes).encode())
