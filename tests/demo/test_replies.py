"""The demo's distributor: what it answers to an order, mode by mode."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.partners import (
    OrderAcknowledged,
    OrderCancelRequest,
    OrderDeliveredReply,
    OrderDespatchedReply,
    OrderResponse,
    Reply,
)
from tests.demo.orders import AT, LINE, ORDER
from tools.demo.distributor import PEER, read, write
from tools.demo.peer import Door
from tools.demo.replies import message_id, reply, sscc
from tools.demo.reply_plans import PLANS, plan, steps_for
from tools.demo.settings import DemoSettings


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


def test_a_strange_distributor_answers_a_line_that_was_never_ordered() -> None:
    said = reply("unknown-line", ORDER, at=AT)

    assert isinstance(said, OrderResponse)
    assert {each.line for each in said.lines}.isdisjoint(line.line for line in ORDER.lines)


def test_a_distributor_that_does_not_know_copies_delivers_each_under_names_of_its_own() -> None:
    body = ORDER.model_dump_json().encode()

    copies = [read(body, "every-copy") for _ in range(2)]
    letters = [write(each.body, "delivered", AT) for each in copies]

    assert len({each.key for each in copies}) == 2
    assert [each.steps for each in copies] == [plan("normal")] * 2
    assert len({each.message_id for each in letters}) == 2
    assert all(isinstance(each.body, OrderDeliveredReply) for each in letters)


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


def test_each_distributor_gets_in_by_its_own_account_to_its_own_queue() -> None:
    urls = {each: f"amqp://distributor-{each}@host/partners" for each in ("demo-a", "demo-b")}

    doors = PEER.doors(DemoSettings(distributors=("demo-a", "demo-b"), distributor_urls=urls))

    assert doors == [
        Door(urls[each], f"distributor.{each}.orders", f"reply.{each}") for each in ("demo-a", "demo-b")
    ]


def quantities(step: str) -> list[tuple[int, int]]:
    said = reply(step, ORDER, at=AT)
    assert isinstance(said, OrderDespatchedReply | OrderDeliveredReply)
    return [(each.line, each.quantity) for each in said.lines]


def test_goods_that_come_in_parts_make_the_whole_and_travel_in_parcels_of_their_own() -> None:
    first, rest = reply("part-despatched", ORDER, at=AT), reply("rest-despatched", ORDER, at=AT)

    assert isinstance(first, OrderDespatchedReply)
    assert isinstance(rest, OrderDespatchedReply)
    assert quantities("part-despatched") == quantities("part-delivered") == [(1, 2), (2, 5)]
    assert quantities("rest-despatched") == quantities("rest-delivered") == [(1, 3), (2, 5)]
    assert first.packages != rest.packages


def test_a_back_order_names_what_comes_first_and_a_day_for_the_rest_that_moves() -> None:
    first, moved = reply("back-ordered", ORDER, at=AT), reply("later", ORDER, at=AT)

    assert isinstance(first, OrderResponse)
    assert isinstance(moved, OrderResponse)
    assert [(each.quantity, each.back_order, each.back_order_date) for each in first.lines] == [
        (2, 3, date(2026, 11, 30)),
        (5, 5, date(2026, 11, 30)),
    ]
    assert {each.back_order_date for each in moved.lines} == {date(2026, 12, 7)}


def test_a_single_package_does_not_come_in_parts() -> None:
    single = ORDER.model_copy(update={"lines": (LINE.model_copy(update={"quantity": 1}),)})

    assert steps_for(single, "partial") == plan("normal")
    assert steps_for(ORDER, "partial") == plan("partial")


def test_a_substituting_distributor_exchanges_the_first_line_for_the_last_or_something_unknown() -> None:
    flavours = reply("substituted", ORDER, at=AT)
    alone = reply("substituted", ORDER.model_copy(update={"lines": (LINE,)}), at=AT)

    assert isinstance(flavours, OrderResponse)
    assert isinstance(alone, OrderResponse)
    assert [each.replacement_article_no for each in flavours.lines] == ["900003", None]
    assert [each.replacement_article_no for each in alone.lines] == ["900999"]


CANCEL = OrderCancelRequest(order_no=ORDER.order_no, created_at=AT, distributor="demo-a")


@pytest.mark.parametrize(
    ("mode", "steps", "calls_off"),
    [
        ("normal", ("called-off",), ORDER.order_no),
        ("too-late", ("too-late",), None),
        ("silent", (), None),
    ],
)
def test_a_request_to_stop_an_order_is_a_question_of_its_own(
    mode: str, steps: tuple[str, ...], calls_off: str | None
) -> None:
    question = read(CANCEL.model_dump_json().encode(), mode)

    assert question.key == f"{ORDER.order_no}/cancel"
    assert (question.steps, question.calls_off) == (steps, calls_off)


@pytest.mark.parametrize(
    ("step", "kind"), [("called-off", "order.cancelled.v1"), ("too-late", "order.too_late.v1")]
)
def test_the_answer_to_a_request_to_stop_names_the_order(step: str, kind: str) -> None:
    letter = write(CANCEL.model_dump(mode="json"), step, AT)

    assert (letter.kind, letter.message_id) == (kind, f"{ORDER.order_no}/{step}")
    assert letter.body.model_dump()["order_no"] == ORDER.order_no
