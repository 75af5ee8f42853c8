"""However much and often a distributor writes, the order stays small and its next word is heard."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.ordering.domain.dialogue.crowding import (
    MOST_BELIEVED,
    MOST_OTHERS,
    KeptBeside,
    beside,
    is_crowded,
)
from services.ordering.domain.dialogue.effects import take_long_reply, take_reply
from services.ordering.repository.collections import LONG_REPLIES, ORDERS
from shared.events.tasks import TaskRaised
from shared.partners import LineResponse, OrderResponse
from shared.repository.codec import to_document
from shared.repository.refs import Loaded
from tests.ordering.conversation import ACK, ALL_THREE, DELIVERED, DESPATCHED, LATER, after, answer
from tests.ordering.desk import answered, sent, told_desk
from tests.ordering.examples import CATALOGUE, ORDER, SENT, USED
from tests.support import InMemory

A_MEGABYTE = 1_000_000
LARGEST_ORDER = 256 * 1024


@pytest.fixture
async def desk() -> InMemory:
    return await told_desk()


def nonsense(number: int, **changes: Any) -> OrderResponse:
    """A reply about a line that there is not; each another one."""
    return answer(LineResponse(line=99 + number, status="accepted")).model_copy(update=changes)


async def size_of(desk: InMemory, order_no: str) -> int:
    order = await desk.repository.get(ORDERS.ref(order_no))
    return len(json.dumps(to_document(ORDERS, order_no, Loaded(order, 1))))


async def test_thirty_replies_of_a_megabyte_leave_the_order_small_and_the_delivery_is_consumed(
    desk: InMemory,
) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    for number in range(30):
        long = DELIVERED.model_copy(
            update={"proof": f"{number}" + "x" * A_MEGABYTE, "message_id": f"{number}"}
        )
        await answered(desk, long.model_copy(update={"lines": ()}) if number == 0 else long, order_no)

    order = (await desk.client.get(f"/orders/{order_no}", headers=desk.token("customer_service"))).json()

    assert order["state"] == "delivered"
    assert (order["replies"][0]["made_of"], order["replies"][0]["is_cut"]) == ("believed", True)
    assert len(order["replies"]) == MOST_OTHERS + 1
    assert order["has_more_replies"]
    assert await size_of(desk, order_no) < LARGEST_ORDER


async def test_what_was_cut_is_kept_whole_and_shown_a_few_at_a_time(desk: InMemory) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    proofs = {f"{number}" + "x" * 1000 for number in range(7)}
    for proof in sorted(proofs):
        await answered(desk, DELIVERED.model_copy(update={"proof": proof, "message_id": proof[0]}), order_no)

    path, headers = f"/orders/{order_no}/replies", desk.token("customer_service")
    first = (await desk.client.get(path, headers=headers)).json()
    rest = (await desk.client.get(path, headers=headers, params={"after": first["after"]})).json()

    assert (len(first["replies"]), len(rest["replies"]), rest["after"]) == (5, 2, None)
    assert {each["said"]["proof"] for each in (*first["replies"], *rest["replies"])} == proofs


async def test_a_hundred_replies_that_change_nothing_raise_tasks_for_the_first_and_one_for_the_rest(
    desk: InMemory,
) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    for number in range(100):
        await answered(desk, nonsense(number), order_no)
    await answered(desk, nonsense(1), order_no)
    await answered(desk, DESPATCHED, order_no)

    order = await desk.repository.get(ORDERS.ref(order_no))
    assert (order.state, len(order.replies)) == ("despatched", MOST_OTHERS + 1)
    assert len(desk.told_of(TaskRaised)) == MOST_OTHERS + 1
    beside_it = await desk.repository.find(LONG_REPLIES, {"order_no": order_no}, limit=1000)
    assert len(beside_it) == 100 - MOST_OTHERS


def test_a_distributor_that_changes_its_answer_again_and_again_is_believed_no_more() -> None:
    days = [LATER.date() + timedelta(days=number) for number in range(MOST_BELIEVED)]
    answers = [
        answer(*(each.model_copy(update={"delivery_date": day}) for each in ALL_THREE[:1])) for day in days
    ]

    withdrawal, _, order, told = after(ACK, *answers)

    assert order.replies[-1].why == "answered-too-often"
    assert len(withdrawal.history) < 3 * MOST_BELIEVED
    assert [each.reason for each in told if isinstance(each, TaskRaised)] == ["answered-too-often"]


def test_an_order_that_filled_since_it_was_read_is_read_again() -> None:
    _, _, full, _ = after(*(nonsense(number) for number in range(MOST_OTHERS)))

    assert is_crowded(full)
    with pytest.raises(KeptBeside):
        take_reply(SENT, USED, (full,), reply=nonsense(50), body="sealed:b", at=LATER, catalogue=CATALOGUE)


def test_the_same_long_reply_is_kept_once_and_counted() -> None:
    _, _, order, _ = after(ACK)
    (received,) = order.replies

    once = beside(None, order_no=ORDER.order_no, received=received, body="sealed:whole")

    assert beside(once, order_no=ORDER.order_no, received=received, body="sealed:whole").copies == 2


def test_a_long_reply_is_believed_as_a_short_one_is() -> None:
    _, _, (order,), beside_it, _ = take_long_reply(
        SENT, USED, (ORDER,), None, reply=ACK, body="sealed:cut", whole="sealed:whole", at=LATER
    )

    assert order.state == "acknowledged"
    assert beside_it is not None
