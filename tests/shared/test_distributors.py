"""Who sent a reply: the routing key that the broker let it write, and the account where it is named."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.distributors import NOBODY, account_of, reply_key, sender_of
from shared.messaging.envelope import partner_message_of


@pytest.mark.parametrize("user_id", [None, "distributor-demo-a"])
def test_a_reply_is_of_the_distributor_whose_routing_key_it_carries(user_id: str | None) -> None:
    assert sender_of("reply.demo-a", user_id) == "demo-a"


@pytest.mark.parametrize(
    ("routing_key", "user_id"),
    [
        ("reply.demo-a", account_of("demo-b")),
        ("reply.demo-a", "invoicing"),
        ("reply.demo-a", ""),
        ("reply.", None),
        ("reply.?", None),
        ("reply.demo-a\n", None),
        ("reply.demo-a.x", None),
        ("Reply.demo-a", None),
        ("", None),
        ("acks", None),
    ],
)
def test_a_reply_under_another_key_or_signed_by_another_account_is_nobodys(
    routing_key: str, user_id: str | None
) -> None:
    assert sender_of(routing_key, user_id) == NOBODY


def raw(**changes: Any) -> Any:
    """A delivery as the broker gives it."""
    usual: dict[str, Any] = {
        "body": b"{}", "exchange": "distributors.replies", "routing_key": reply_key("demo-a"), "headers": {},
        "message_id": "1", "type": None, "correlation_id": None, "user_id": None,
    }  # fmt: skip
    return cast("Any", SimpleNamespace(**usual | changes))


def test_what_comes_by_the_exchange_is_its_routing_keys_distributors() -> None:
    assert partner_message_of(raw()).distributor == "demo-a"
    signed = raw(user_id=account_of("demo-b"))
    assert partner_message_of(signed).distributor == NOBODY


def test_what_lies_in_the_queue_past_the_exchange_was_put_there_by_an_operator() -> None:
    past = raw(exchange="", routing_key="ordering.hears.distributors.replies")

    assert partner_message_of(past).distributor is None
