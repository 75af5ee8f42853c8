"""The demo's supplier answers each purchase by its mode, in the words of the contract (Q60)."""

import json
from typing import Any

import pytest

from shared.messaging.consuming import SUPPLIER_REPLY
from tests.support import A_MONDAY_MORNING as AT
from tools.demo.supplier import STEPS, read, write
from tools.docs.examples import message_of

PURCHASE: dict[str, Any] = message_of("purchase.v1")


def answers(mode: str, body: dict[str, Any]) -> list[Any]:
    question = read(json.dumps(body).encode(), mode)
    letters = [write(question.body, step, AT) for step in question.steps]
    assert {each.routing_key for each in letters} <= {"reply.demo-aids"}
    return [SUPPLIER_REPLY.validate_json(each.body.model_dump_json(), strict=True) for each in letters]


@pytest.mark.parametrize("mode", ["normal", *STEPS])
def test_what_it_says_fits_the_contract(mode: str) -> None:
    assert [each.order_no for each in answers(mode, PURCHASE)] == [PURCHASE["order_no"]] * len(
        STEPS.get(mode, ("ack", "response", "first-part", "second-part"))
    )


def test_it_delivers_in_two_parts_and_takes_more_than_agreed_when_told_so() -> None:
    _, said, first, second = answers("price", PURCHASE)

    assert str(said.lines[0].unit_price) == "495.00"
    assert [each.lines[0].quantity for each in (first, second)] == [2, 2]
    assert first.packages != second.packages


def test_the_same_step_is_the_same_message() -> None:
    first, again, *_ = answers("duplicate", PURCHASE)

    assert first == again


@pytest.mark.parametrize(
    ("mode", "says"), [("normal", "purchase.cancelled.v1"), ("too-late", "purchase.too_late.v1")]
)
def test_it_stops_what_has_not_left(mode: str, says: str) -> None:
    (answer,) = answers(mode, message_of("purchase.cancel_request.v1"))

    assert answer.type == says
