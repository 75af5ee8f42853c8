"""What a partner writes is read as everybody reads it, or not at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.consuming import Subscription
from shared.partners import FeeAcknowledged, OrderDespatchedReply, OrderResponse, Reply
from shared.repository import Cause
from shared.strict_json import NotJson, checked, loads

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(JSON)
def test_whatever_json_is_written_is_read_with_and_without_a_byte_order_mark(value: Any) -> None:
    text = json.dumps(value).encode()

    assert loads(text) == loads(b"\xef\xbb\xbf" + text) == value
    assert checked(b"\xef\xbb\xbf" + text) == text


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"x": [{"a": 1, "b": 2, "\\u0061": 3}]}', "twice"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        ('{"a": 1}'.encode("utf-16-le"), "not UTF-8"),
        ('{"a": 1}'.encode("utf-32-be"), "not UTF-8"),
        ('{"a": "å"}'.encode("latin-1"), "no JSON"),
        (b'{"a": "\\ud800"}', "no JSON"),
        (b'{"a": NaN}', "no JSON"),
        (b'{"a": -Infinity}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "no JSON"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", "no JSON"),
        (b"{} {}", "no JSON"),
        (b"{'a': 1}", "no JSON"),
        (b"", "no JSON"),
    ],
)
def test_what_two_readers_may_understand_differently_is_no_json(body: bytes, why: str) -> None:
    with pytest.raises(NotJson, match=why):
        checked(body)


async def ignored(_: object, __: Cause) -> None: ...


REPLIES = Subscription("ordering", Reply.topic, Reply, ignored, partner_exchange="distributors.replies")
ACKS = Subscription(
    "billing", FeeAcknowledged.topic, FeeAcknowledged, ignored, partner_exchange="invoicing.acks"
)
RESPONSE = {
    "type": "order.response.v1", "message_id": "1", "order_no": "B2026-000091-6",
    "at": "2026-11-23T10:00:00Z", "lines": [{"line": 1, "status": "changed", "quantity": 5, "back_order": 0}],
}  # fmt: skip
GONE = {**RESPONSE, "type": "order.despatched.v1", "lines": [{"line": 1, "quantity": 5}]}
ACK = {**RESPONSE, "type": "order.ack.v1", "accepted": True}
FEE = {"event_id": "e-1", "status": "accepted", "at": "2026-11-23T10:00:00Z"}


def written(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode()


def test_what_the_contract_allows_is_read_also_behind_a_byte_order_mark() -> None:
    response = REPLIES.parse(b"\xef\xbb\xbf" + written(RESPONSE))
    gone = REPLIES.parse(written(GONE))
    fee = ACKS.parse(b"\xef\xbb\xbf" + written(FEE))

    assert isinstance(response, Reply)
    assert isinstance(response.reply, OrderResponse)
    assert response.reply.lines[0].quantity == 5
    assert isinstance(gone, Reply)
    assert isinstance(gone.reply, OrderDespatchedReply)
    assert isinstance(fee, FeeAcknowledged)


@pytest.mark.parametrize("quantity", ["5", "5.0", True, 5.5, -10, 100_001, [5], "femton"])
def test_a_quantity_is_a_whole_number_that_can_be_and_nothing_like_one(quantity: object) -> None:
    with pytest.raises(ValueError, match="quantity"):
        REPLIES.parse(
            written({**RESPONSE, "lines": [{"line": 1, "status": "changed", "quantity": quantity}]})
        )
    with pytest.raises(ValueError, match="quantity"):
        REPLIES.parse(written({**GONE, "lines": [{"line": 1, "quantity": quantity}]}))


@pytest.mark.parametrize("parts", [(5, -3), (5, 0), (-10, 20)])
def test_parts_are_one_package_or_more_each(parts: tuple[int, int]) -> None:
    lines = [{"line": 1, "quantity": each} for each in parts]

    with pytest.raises(ValueError, match="greater than or equal to 1"):
        REPLIES.parse(written({**GONE, "lines": lines}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted": "true"},
        {"accepted": 1},
        {"accepted": "no"},
        {"message_id": 17},
        {"message_id": "x" * 256},
        {"message_id": ""},
        {"order_no": "B" * 256},
        {"order_no": None},
        {"at": 1767225600},
        {"code": 4711},
    ],
)
def test_a_text_is_no_truth_value_and_a_number_is_no_text(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        REPLIES.parse(written(ACK | wrong))


@pytest.mark.parametrize("wrong", [{"event_id": 1}, {"status": "ok"}, {"invoice_no": 17}, {"at": 0}])
def test_invoicings_answer_is_read_as_strictly(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ACKS.parse(written(FEE | wrong))


def test_a_reply_lists_no_more_lines_than_an_order_can_have() -> None:
    with pytest.raises(ValueError, match="lines"):
        REPLIES.parse(written({**GONE, "lines": [{"line": 1, "quantity": 1}] * 1001}))
