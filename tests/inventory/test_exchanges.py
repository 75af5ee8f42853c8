"""A device for another that the patient has: the loan continues, through handlers and routes (Q10, Q48)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.inventory.repository.collections import LOANS
from shared.events.inventory import DeviceExchanged, DeviceHandedOut, DeviceReturned
from shared.events.inventory_goods import HandOutMade, HandOutRefused, HandOutTakenBack
from shared.events.ordering_devices import DeviceLine, DeviceOrderSent, HandOutMistaken, InPlaceOf
from tests.inventory.shelves import HAND_OUT, PATIENT, order_of, receive_cpaps, shelf, state_of, stocked
from tests.inventory.test_returns import ANOTHER, hand_back
from tests.support import A_MONDAY_MORNING, InMemory

LOAN = f"{HAND_OUT.order_no}.D100001"


def exchange_of(running: int = 2, number: str = "D100002", **changes: Any) -> DeviceOrderSent:
    old = InPlaceOf(**{"loan_id": LOAN, "device_no": "D100001", "disposition": "return", **changes})
    line = DeviceLine(
        line_no=1, article_no="910001", quantity=1, device_no=number,
        components=HAND_OUT.lines[0].components, exchange=old,
    )  # fmt: skip
    return order_of(running, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,))


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP is on loan with a hose, and two lie in the storeroom."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=3)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def test_after_an_exchange_the_loan_continues_with_the_new_device(service: InMemory) -> None:
    await service.hear(exchange_of())
    await service.hear(exchange_of())

    (told,) = service.told_of(DeviceExchanged)
    assert (told.loan_id, told.device_no, told.in_place_of, told.why) == (
        LOAN, "D100002", "D100001", "exchange",
    )  # fmt: skip
    assert service.told_of(HandOutMade)[-1].lines[0].loan_ids == (LOAN,)
    assert len(service.told_of(DeviceHandedOut)) == 1
    assert not service.told_of(DeviceReturned)
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.device_no, loan.state, loan.handed_out_on) == (
        "D100002", "on_loan", HAND_OUT.sent_on,
    )  # fmt: skip
    assert [each.device_no for each in loan.exchanged] == ["D100001"]
    assert (await state_of(service, "D100001"), await state_of(service, "D100002")) == ("in_stock", "on_loan")
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (1, 0, 0)


async def test_what_was_exchanged_is_handed_out_to_the_next_and_the_new_one_comes_back(
    service: InMemory,
) -> None:
    await service.hear(exchange_of())

    await service.hear(order_of(3, kind="hand_out", storeroom_no="DEMO-S1", lines=HAND_OUT.lines))
    answer = await hand_back(service, {"devices": [{"device_no": "D100002"}]})

    assert answer.status_code == 200, answer.text
    assert service.told_of(DeviceReturned)[0].loan_id == LOAN
    assert await state_of(service, "D100001") == "on_loan"


async def test_devices_are_exchanged_there_and_back(service: InMemory) -> None:
    await service.hear(exchange_of(2))
    await service.hear(exchange_of(3, "D100001", device_no="D100002"))

    loan = await service.repository.get(LOANS.ref(LOAN))
    assert [each.device_no for each in loan.exchanged] == ["D100001", "D100002"]
    assert (await state_of(service, "D100001"), await state_of(service, "D100002")) == ("on_loan", "in_stock")


@pytest.mark.parametrize(
    ("order", "rule"),
    [
        (exchange_of(device_no="D100003"), "not-on-loan-to-patient"),
        (exchange_of(loan_id="nobody's"), "not-on-loan-to-patient"),
        (exchange_of().model_copy(update={"patient_ref": ANOTHER}), "not-on-loan-to-patient"),
        (exchange_of(disposition="scrap"), "not-scrapped-here"),
        (exchange_of().model_copy(update={"care_unit": "DEMO-102"}), "storeroom-not-linked"),
        (exchange_of(2, "D999999"), "no-such-device"),
        (exchange_of(2, "D100001"), "device-on-loan"),
    ],
)
async def test_a_refused_exchange_says_why_and_moves_nothing(
    service: InMemory, order: DeviceOrderSent, rule: str
) -> None:
    await service.hear(order)

    (refused,) = service.told_of(HandOutRefused)
    assert refused.rule == rule
    assert not service.told_of(DeviceExchanged)
    assert (await state_of(service, "D100001"), await state_of(service, "D100002")) == ("on_loan", "in_stock")
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)


async def test_a_device_that_came_back_meanwhile_is_not_exchanged(service: InMemory) -> None:
    await hand_back(service, {"devices": [{"device_no": "D100001"}]})

    await service.hear(exchange_of())

    assert service.told_of(HandOutRefused)[0].rule == "returned-already"
    assert await state_of(service, "D100002") == "in_stock"


async def test_a_hand_out_is_not_taken_back_after_its_device_was_exchanged(service: InMemory) -> None:
    await service.hear(exchange_of())

    for order_no in (HAND_OUT.order_no, exchange_of().order_no):
        await service.hear(
            HandOutMistaken(order_no=order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)
        )

    assert not service.told_of(HandOutTakenBack)
    assert await state_of(service, "D100002") == "on_loan"
