"""The demo's distributor: what it answers to an order, mode by mode."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.distributor import PEER, read, write
from deploy.demo.replies import PLANS, message_id, plan, reply, sscc
from shared.events.partners import (
    OrderAcknowledged,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    Reply,
)
from tests.demo.orders import AT, ORDER


def test_an_order_is_acknowledged_answered_line_by_line_despatched_and_delivered() -> None:
    said = [reply(step, ORDER, at=AT) for step in plan("normal")]

    assert [type(each) for each in said] == [
        OrderAcknowledged,
        OrderResponse,
        OrderDespatchedReply,
        OrderDeliveredReply,
    ]
    assert {each.order_no for each in said} == {ORDER.order_no}
    assert len({each.message_id for each in said}) == 4


@pytest.mark.parametrize("mode", sorted(PLANS))
def test_whatever_the_mode_every_reply_keeps_the_contract(mode: str) -> None:
    for step in plan(mode):
        said = reply(step, ORDER, at=AT)

        heard = Reply.model_validate({"reply": said.model_dump(mode="json")})

        assert heard.reply == said


def test_every_line_of_the_order_is_accepted_and_despatched_whole() -> None:
    response = reply("response", ORDER, at=AT)
    despatched = reply("despatched", ORDER, at=AT)

    assert isinstance(response, OrderResponse)
    assert isinstance(despatched, OrderDespatchedReply)
    assert [(each.line, each.quantity) for each in response.lines] == [(1, 5), (2, 10)]
    assert [(each.line, each.quantity) for each in despatched.lines] == [(1, 5), (2, 10)]


def test_the_same_step_of_the_same_order_is_the_same_message() -> None:
    once, again = reply("ack", ORDER, at=AT), reply("ack", ORDER, at=AT)

    assert once.message_id == again.message_id == message_id(ORDER, "ack")


def test_a_duplicating_distributor_says_each_thing_twice() -> None:
    assert plan("duplicate")[:2] == ("ack", "ack")
    assert set(plan("duplicate")) == set(plan("normal"))


def test_a_contradicting_distributor_delivers_and_then_says_that_it_could_not() -> None:
    assert plan("contradict")[-2:] == ("delivered", "undeliverable")


def test_a_reply_about_an_unknown_order_names_another_order() -> None:
    assert reply("unknown", ORDER, at=AT).order_no != ORDER.order_no


def test_an_unknown_mode_is_answered_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="normal, slow, hold"):
        plan("sulk")


def test_the_best_before_day_is_counted_in_the_local_calendar() -> None:
    late_in_the_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    despatched = reply("despatched", ORDER, at=late_in_the_evening)

    assert isinstance(despatched, OrderDespatchedReply)
    assert despatched.lines[0].best_before == date(2027, 9, 20)


@given(st.text(min_size=1, max_size=20))
def test_a_parcel_number_has_eighteen_digits_and_a_right_check_digit(order_no: str) -> None:
    digits = [int(digit) for digit in sscc(order_no)]

    assert len(digits) == 18
    assert (3 * sum(digits[0:17:2]) + sum(digits[1:17:2]) + digits[17]) % 10 == 0


def test_an_order_is_known_by_its_number_and_answered_to_its_own_distributor() -> None:
    question = read(ORDER.model_dump_json().encode(), "normal")

    letter = write(question.body, "ack", AT)

    assert question.key == ORDER.order_no
    assert letter.routing_key == "reply.demo-a"
    assert PEER.queues == ("distributor.demo-a.orders", "distributor.demo-b.orders")
