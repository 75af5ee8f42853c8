"""Hand-outs from an own storeroom by number, through handlers and routes (S92, S107, S111, S112)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.events.inventory import DeviceHandedOut, GoodsHandedOut
from shared.events.inventory_goods import DeviceChanged, HandOutMade, HandOutRefused, HandOutTakenBack
from shared.events.ordering_devices import Component, DeviceLine, HandOutMistaken
from tests.inventory.shelves import (
    FEE,
    HAND_OUT,
    PATIENT,
    order_of,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.support import A_MONDAY_MORNING, InMemory

MISTAKEN = HandOutMistaken(order_no=HAND_OUT.order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    yield inventory
    await inventory.client.aclose()


async def loans(service: InMemory, **changes: Any) -> list[dict[str, Any]]:
    who = service.token("order_placer", **{"product_areas": ["cpap"], **changes})
    answer = await service.client.get(f"/patients/{PATIENT}/loans", headers=who)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_device_is_handed_out_by_its_number_with_loan_fee_and_components(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=3)

    await service.hear(HAND_OUT)

    (lent,) = service.told_of(DeviceHandedOut)
    assert (lent.device_no, lent.line_no, lent.fee, lent.how) == ("D100001", 1, FEE, "handed_out")
    (made,) = service.told_of(HandOutMade)
    assert made.lines[0].loan_ids == (lent.loan_id,)
    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (2, 0, 0)
    assert [(each["device_no"], each["state"]) for each in await loans(service)] == [("D100001", "on_loan")]
    who = service.token("order_placer", product_areas=["cpap"])
    card = (await service.client.get("/devices/d100001", headers=who)).json()
    assert (card["stock_status"], card["patient_ref"]) == ("not_in_stock", PATIENT)
    assert card["components"] == [
        {"article_no": "910100", "article_name": "Demoslang", "quantity": 1, "lot": ""}
    ]


async def test_a_repeated_request_hands_nothing_out_twice(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001", "D100002"], hoses=3)

    await service.hear(HAND_OUT)
    await service.hear(HAND_OUT)

    assert len(service.told_of(DeviceHandedOut)) == 1
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)


@pytest.mark.parametrize(
    ("numbers", "hoses", "changes", "rule"),
    [
        ([], 3, {}, "no-such-device"),
        (["D100001"], 0, {}, "too-few-in-stock"),
        (["D100001"], 3, {"care_unit": "DEMO-102"}, "storeroom-not-linked"),
        (["D100001"], 3, {"storeroom_no": "DEMO-S2", "care_unit": "DEMO-102"}, "device-elsewhere"),
    ],
)
async def test_a_refused_hand_out_says_why_and_moves_nothing(
    service: InMemory, numbers: list[str], hoses: int, changes: dict[str, str], rule: str
) -> None:
    if numbers:
        await receive_cpaps(service, "DEMO-S1", numbers, hoses=hoses)

    await service.hear(HAND_OUT.model_copy(update=changes))

    (refused,) = service.told_of(HandOutRefused)
    assert refused.rule == rule
    assert refused.sv
    assert refused.en
    assert not service.told_of(DeviceHandedOut)
    assert await shelf(service, "DEMO-S1", "910001") == (len(numbers), 0, 0)


async def test_a_device_that_was_not_returned_is_not_handed_out_to_the_next(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await service.hear(HAND_OUT)

    await service.hear(order_of(2, kind="hand_out", storeroom_no="DEMO-S1", lines=HAND_OUT.lines))

    (refused,) = service.told_of(HandOutRefused)
    assert (refused.rule, refused.line_no) == ("device-on-loan", 1)


async def test_an_individually_marked_article_is_handed_out_by_number_only(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=3)
    line = DeviceLine(line_no=1, article_no="910001", quantity=1)

    await service.hear(HAND_OUT.model_copy(update={"lines": (line,)}))

    assert service.told_of(HandOutRefused)[0].rule == "device-number-missing"


async def test_counted_goods_leave_first_expired_first_with_their_fee(service: InMemory) -> None:
    await receive(service, article_no="910300", quantity=3, lot="L2", best_before="2027-06-01")
    await receive(service, article_no="910300", quantity=2, lot="L1", best_before="2027-01-01")
    line = DeviceLine(line_no=1, article_no="910300", quantity=3, fee=FEE)

    await service.hear(HAND_OUT.model_copy(update={"lines": (line,)}))

    (fee,) = service.told_of(GoodsHandedOut)
    assert (fee.quantity, fee.fee) == (3, FEE)
    (made,) = service.told_of(HandOutMade)
    assert [(each.lot, each.quantity) for each in made.lines[0].lots] == [("L1", 2), ("L2", 1)]
    assert await shelf(service, "DEMO-S1", "910300") == (2, 0, 0)


async def test_a_mistaken_hand_out_is_taken_back_and_was_no_loan(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=3)
    await service.hear(HAND_OUT)

    await service.hear(MISTAKEN)
    await service.hear(MISTAKEN)

    (back,) = service.told_of(HandOutTakenBack)
    assert back.loan_ids == (service.told_of(DeviceHandedOut)[0].loan_id,)
    assert await loans(service) == []
    assert await state_of(service, "D100001") == "in_stock"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (3, 0, 0)
    assert service.told_of(DeviceChanged)[-1].available


async def test_a_hand_out_that_was_taken_back_before_it_came_is_refused(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=3)

    await service.hear(MISTAKEN)
    await service.hear(HAND_OUT)

    assert service.told_of(HandOutRefused)[0].rule == "taken-back-already"
    assert await state_of(service, "D100001") == "in_stock"


async def test_loans_of_other_areas_are_seen_only_with_permission(service: InMemory) -> None:
    await receive_cpaps(service, "DEMO-S1", ["D100001"], hoses=1)
    await service.hear(HAND_OUT.model_copy(update={"lines": (
        HAND_OUT.lines[0].model_copy(update={"components": (Component(article_no="910100", quantity=1),)}),
    )}))  # fmt: skip

    assert await loans(service, product_areas=["hearing"]) == []
    assert len(await loans(service, product_areas=["cpap", "hearing"])) == 1
