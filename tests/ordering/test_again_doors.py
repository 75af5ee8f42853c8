"""Goods that do not come, through the doors: shown in words, and ordered again in one request (Q31)."""

from decimal import Decimal
from typing import Any

import pytest

from services.ordering.repository.collections import ALLOWANCES
from shared import partners
from shared.events.ordering import OrderSent, WithdrawalSent
from shared.partners import DistributorReply, LineResponse
from tests.ordering.conversation import (
    CANCELLED,
    DELIVERED,
    DESPATCHED,
    REFUSAL,
    UNDELIVERABLE,
    answer,
    rejected,
)
from tests.ordering.desk import WANTED, answered, sent
from tests.ordering.examples import LINE, PATIENT
from tests.support import InMemory

HALF = answer(LineResponse(line=1, status="changed", quantity=10), rejected(2), rejected(3))
ALL_REJECTED = answer(rejected(1), rejected(2), rejected(3))


async def shown(desk: InMemory, number: str) -> dict[str, Any]:
    found = await desk.client.get(f"/withdrawals/{number}", headers=desk.token("customer_service"))
    return dict(found.json())


@pytest.mark.parametrize(
    ("reply", "state", "text"),
    [
        (REFUSAL, "refused", "avvisad av distributören"),
        (ALL_REJECTED, "refused", "avvisad av distributören"),
        (CANCELLED, "cancelled", "inställd av distributören"),
        (UNDELIVERABLE, "undeliverable", "kunde inte levereras"),
    ],
)
async def test_the_state_says_what_happened_and_the_total_is_what_is_paid(
    desk: InMemory, reply: DistributorReply, state: str, text: str
) -> None:
    confirmation = await sent(desk)
    await answered(desk, reply, confirmation["order_nos"][0])

    found = await shown(desk, confirmation["withdrawal_no"])
    assert (found["state"], found["state_text"]) == (state, text)
    assert Decimal(confirmation["total"]) > 0
    assert (found["total"], [each["due"] for each in found["fees"]]) == ("0.00", ["0.00"])
    assert "makulerad" not in str(found)


async def test_a_distributors_code_is_said_in_words_in_the_history_and_on_the_order(desk: InMemory) -> None:
    confirmation = await sent(desk)
    await answered(desk, REFUSAL, confirmation["order_nos"][0])

    found = await shown(desk, confirmation["withdrawal_no"])
    assert [step["note_text"] for step in found["history"] if step["what"] == "refused"] == ["varan är slut"]
    assert [each["why"] for each in found["orders"]] == ["varan är slut"]


async def test_a_draft_has_no_total_and_neither_has_what_cannot_be_priced(desk: InMemory) -> None:
    drafted = await desk.client.post("/withdrawals", json=WANTED, headers=desk.once("customer_service"))
    tried = WANTED | {"items": [{"line_id": LINE.line_id, "split": []}]}
    preview = await desk.client.post(
        "/withdrawals/preview", json=tried, headers=desk.token("customer_service")
    )

    assert (await shown(desk, drafted.json()["withdrawal_no"]))["total"] is None
    assert (preview.json()["allowed"], preview.json()["total"]) == (False, None)


async def test_what_never_came_is_ordered_again_by_one_request_that_may_be_repeated(desk: InMemory) -> None:
    confirmation = await sent(desk)
    old = confirmation["withdrawal_no"]
    await answered(desk, REFUSAL, confirmation["order_nos"][0])

    once = desk.once("customer_service", "order-it-again")
    first = await desk.client.post(f"/withdrawals/{old}/again", headers=once)
    again = await desk.client.post(f"/withdrawals/{old}/again", headers=once)
    other = await desk.client.post(
        f"/withdrawals/{old}/again", headers=desk.once("customer_service", "another-1")
    )

    assert first.status_code == 201, first.text
    assert again.json() == first.json()
    assert other.json()["rule"] == "ordered-again-already"
    assert (await shown(desk, old))["ordered_again_as"] == first.json()["withdrawal_no"] != old
    assert first.json()["recipient"] == "Test Testsson"
    assert len(desk.told_of(WithdrawalSent)) == 2
    allowance = await desk.repository.get(ALLOWANCES.ref(PATIENT))
    assert allowance.line(LINE.line_id).used_by == (first.json()["withdrawal_no"],)


async def test_it_can_be_ordered_again_to_another_place(desk: InMemory) -> None:
    confirmation = await sent(desk)
    old = confirmation["withdrawal_no"]
    await answered(desk, UNDELIVERABLE, confirmation["order_nos"][0])
    elsewhere = {"address": {"line1": "Provgatan 9", "postal_code": "211 22", "city": "MALMÖ"}}

    answer_ = await desk.client.post(
        f"/withdrawals/{old}/again",
        json={"delivery": elsewhere},
        headers=desk.once("customer_service", "again-123"),
    )

    assert answer_.status_code == 201, answer_.text
    orders = [each for each in desk.partner_messages() if each["type"] == "order.v1"]
    assert orders[-1]["deliver"]["street"] == "Provgatan 9"


async def test_the_rest_is_ordered_by_one_request_under_the_same_number(desk: InMemory) -> None:
    confirmation = await sent(desk)
    number, order_no = confirmation["withdrawal_no"], confirmation["order_nos"][0]
    for reply in (HALF, DESPATCHED, DELIVERED):
        await answered(desk, reply, order_no)
    lacking = (await shown(desk, number))["lacking"]

    once = desk.once("customer_service", "order-the-rest")
    first = await desk.client.post(f"/withdrawals/{number}/rest", headers=once)
    again = await desk.client.post(f"/withdrawals/{number}/rest", headers=once)

    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    assert [share["packages"] for share in lacking[0]["split"]] == [5, 5]
    assert first.json()["order_nos"][0] == order_no
    found = await shown(desk, number)
    assert (found["state"], found["lacking"], found["total"]) == ("ordered", [], confirmation["total"])
    assert [each.is_rest for each in desk.told_of(OrderSent)] == [False, True]
    for reply in (DESPATCHED, DELIVERED):
        await answered(desk, reply, first.json()["order_nos"][1])
    assert (await shown(desk, number))["state"] == "delivered"


async def test_a_list_of_ones_own_is_narrowed_to_what_people_read(desk: InMemory) -> None:
    confirmation = await sent(desk)
    await answered(desk, REFUSAL, confirmation["order_nos"][0])

    async def listed(state: str) -> int:
        found = await desk.client.post(
            "/withdrawals/mine", json={"state": state}, headers=desk.token("customer_service")
        )
        return len(found.json())

    assert [await listed(each) for each in ("refused", "annulled", "undeliverable")] == [1, 0, 0]


def test_the_order_message_is_unchanged_for_distributors() -> None:
    assert "is_rest" not in partners.Order.model_fields
