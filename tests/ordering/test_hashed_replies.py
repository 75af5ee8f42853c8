"""What a distributor calls its messages, and what it writes, is kept as keyed hashes and sealed text only."""

from dataclasses import replace

import pytest

from services.ordering.domain.dialogue.replies import digest
from services.ordering.domain.dialogue.stray import stray_key
from services.ordering.repository.collections import ORDERS, STRAY_REPLIES
from shared.domain.hashing import plain_hash
from shared.repository import Cause
from tests.ordering.conversation import ACK, UNDELIVERABLE
from tests.ordering.desk import answered, sent, told_desk
from tests.support import InMemory

PERSONAL = UNDELIVERABLE.model_copy(update={"message_id": "199001012385", "reason": "199001012385"})
STRAY_NO = "B2026-999999-0"


@pytest.fixture
async def desk() -> InMemory:
    return await told_desk()


async def test_nobody_guesses_a_number_from_what_is_kept_of_a_reply(desk: InMemory) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    await answered(desk, PERSONAL, order_no)
    await answered(desk, PERSONAL, STRAY_NO)

    order = await desk.repository.get(ORDERS.ref(order_no))
    (stray,) = await desk.repository.find(STRAY_REPLIES, {})
    everything = f"{order}{stray}{desk.rows}{desk.repository.backend.__dict__}"
    for about in (order_no, STRAY_NO):
        as_said = PERSONAL.model_copy(update={"order_no": about})
        for guess in ("199001012385", plain_hash("199001012385"), digest(as_said, plain_hash)[:16]):
            assert guess not in everything


async def test_a_reply_that_the_version_before_kept_is_a_repeat(desk: InMemory) -> None:
    (order_no,) = (await sent(desk))["order_nos"]
    await answered(desk, ACK, order_no)
    (reply,) = (await desk.repository.get(ORDERS.ref(order_no))).replies
    said = ACK.model_copy(update={"order_no": order_no})
    before = replace(reply, message_id=plain_hash(ACK.message_id), content=digest(said, plain_hash))
    await desk.repository.change(
        ORDERS.ref(order_no), lambda order: (replace(order, replies=(before,)), []), cause=Cause(key=None)
    )

    await answered(desk, ACK, order_no)

    assert [each.copies for each in (await desk.repository.get(ORDERS.ref(order_no))).replies] == [2]


async def test_a_stray_reply_that_the_version_before_kept_is_counted_where_it_lies(desk: InMemory) -> None:
    await answered(desk, ACK, STRAY_NO)
    (stray,) = await desk.repository.find(STRAY_REPLIES, {})
    former = stray_key(ACK.model_copy(update={"order_no": STRAY_NO}), None)
    kept = replace(stray, message_id=plain_hash(ACK.message_id))
    await desk.repository.change(STRAY_REPLIES.maybe(former), lambda _: (kept, []), cause=Cause(key=None))

    await answered(desk, ACK, STRAY_NO)

    assert (await desk.repository.get(STRAY_REPLIES.ref(former))).copies == 2
