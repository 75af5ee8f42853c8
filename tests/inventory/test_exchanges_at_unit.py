"""Goods from the warehouse are handed over for a device on loan: the loan continues (Q43, Q48)."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, LOANS
from shared.events.inventory import DeviceExchanged, DeviceHandedOut, DeviceReturned
from shared.events.inventory_goods import HandOutMade, HandOutNotTakenBack, HandOutTakenBack, HandOverRefused
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    DevicesHandedOver,
    HandOutMistaken,
    InPlaceOf,
    LineHandedOver,
)
from tests.inventory.shelves import (
    HAND_OUT,
    ORDER,
    OWN,
    PATIENT,
    close,
    order_of,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.inventory.test_not_fetched import CLINIC, PATH, WHY, ask
from tests.inventory.test_returns import ANOTHER, hand_back
from tests.support import A_MONDAY_MORNING, InMemory

OLD, NEW = "D900001", "D100001"
BEFORE = order_of(
    2,
    kind="hand_out",
    storeroom_no="DEMO-S1",
    lines=(HAND_OUT.lines[0].model_copy(update={"device_no": OLD}),),
)
LOAN = f"{BEFORE.order_no}.{OLD}"


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """The patient has a CPAP, and another one from the warehouse waits at the unit."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", [OLD], hoses=1)
    await receive_cpaps(inventory, "DEMO-W1", [NEW], hoses=1)
    for fact in (BEFORE, ORDER):
        await inventory.hear(fact)
    await ask(inventory, f"{PATH}/pick-list/take")
    await ask(inventory, f"{PATH}/pick-list/pick", {"device_no": NEW})
    await ask(inventory, f"{PATH}/pick-list/pack", {})
    await ask(inventory, f"/parcels/{ORDER.order_no}.1/despatch")
    await ask(inventory, f"/parcels/{ORDER.order_no}.1/receive", **CLINIC)
    assert await state_of(inventory, NEW) == "at_unit"
    yield inventory
    await inventory.client.aclose()


def handed_over(part: int = 1, **changes: Any) -> DevicesHandedOver:
    old = InPlaceOf(**{"loan_id": LOAN, "device_no": OLD, "disposition": "return", **changes})
    line = LineHandedOver(line_no=1, article_no="910001", quantity=1, device_nos=(NEW,), exchange=old)
    return DevicesHandedOver(
        hand_over_no=f"{ORDER.order_no}-{part}", order_no=ORDER.order_no, patient_ref=PATIENT,
        care_unit="DEMO-101", handed_over_on=date(2026, 11, 23), registered_at=A_MONDAY_MORNING,
        lines=(line,), registered_by="order_placer-1", storeroom_no="DEMO-S1",
    )  # fmt: skip


async def test_the_loan_continues_with_the_device_from_the_warehouse_and_no_other_fee_begins(
    service: InMemory,
) -> None:
    await service.hear(handed_over())
    await service.hear(handed_over())

    (told,) = service.told_of(DeviceExchanged)
    assert (told.loan_id, told.device_no, told.in_place_of) == (LOAN, NEW, OLD)
    made = service.told_of(HandOutMade)[-1]
    assert (made.hand_over_no, made.lines[0].loan_ids) == (f"{ORDER.order_no}-1", (LOAN,))
    assert made.lines[0].exchanged
    assert [each.device_no for each in service.told_of(DeviceHandedOut)] == [OLD]
    assert not service.told_of(DeviceReturned)
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.device_no, loan.handed_out_on, [each.device_no for each in loan.exchanged]) == (
        NEW, BEFORE.sent_on, [OLD],
    )  # fmt: skip
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("in_stock", "on_loan")
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)


async def test_the_new_device_is_returned_under_the_loan_that_continued(service: InMemory) -> None:
    await service.hear(handed_over())

    answer = await hand_back(service, {"devices": [{"device_no": NEW}]})

    assert answer.status_code == 200, answer.text
    assert service.told_of(DeviceReturned)[0].loan_id == LOAN
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        (handed_over(device_no="D777777"), "not-on-loan-to-patient"),
        (handed_over(loan_id="nobody's"), "not-on-loan-to-patient"),
        (handed_over(disposition="scrap"), "not-scrapped-here"),
        (handed_over().model_copy(update={"patient_ref": ANOTHER}), "not-on-loan-to-patient"),
        (handed_over().model_copy(update={"storeroom_no": "DEMO-S2"}), "storeroom-not-linked"),
        (handed_over().model_copy(update={"storeroom_no": "DEMO-W1"}), "returned-to-warehouse"),
        (handed_over().model_copy(update={"storeroom_no": None}), "storeroom-not-linked"),
        (handed_over().model_copy(update={"handed_over_on": date(2026, 11, 20)}), "back-before-lent"),
    ],
)
async def test_a_refused_exchange_says_why_and_moves_nothing(
    service: InMemory, fact: DevicesHandedOver, rule: str
) -> None:
    await service.hear(fact)
    await service.hear(fact)

    (refused,) = service.told_of(HandOverRefused)
    assert (refused.rule, refused.hand_over_no) == (rule, fact.hand_over_no)
    assert not service.told_of(DeviceExchanged)
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("on_loan", "at_unit")
    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)


async def test_after_a_refusal_the_same_goods_are_handed_over_by_the_next_request(service: InMemory) -> None:
    await service.hear(handed_over(device_no="D777777"))

    await service.hear(handed_over(2))

    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("in_stock", "on_loan")


async def test_what_is_collected_is_put_in_no_storeroom_and_waits_for_its_order(service: InMemory) -> None:
    collected = handed_over(disposition="collect", collection_no="H2026-000001-3")

    await service.hear(collected.model_copy(update={"storeroom_no": None}))

    old = await service.repository.get(DEVICES.ref(OLD))
    assert (old.state, old.collection_no, old.loan_id) == ("to_collect", "H2026-000001-3", None)
    assert [each.article_no for each in old.components] == ["910100"]
    assert await state_of(service, NEW) == "on_loan"
    assert await shelf(service, "DEMO-S1", "910001") == (0, 0, 0)
    (told,) = service.told_of(DeviceExchanged)
    assert (told.loan_id, told.device_no) == (LOAN, NEW)


async def test_nothing_is_handed_over_for_a_collection_order_that_is_over_meanwhile(
    service: InMemory,
) -> None:
    number = "H2026-000001-3"
    await service.hear(
        CollectionOrderAnnulled(
            collection_no=number, patient_ref=PATIENT, devices=(), annulled_on=date(2026, 11, 23)
        )
    )

    await service.hear(handed_over(disposition="collect", collection_no=number))

    assert [each.rule for each in service.told_of(HandOverRefused)] == ["collection-over-meanwhile"]
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("on_loan", "at_unit")


async def test_a_closed_storeroom_takes_nothing_in_exchange(service: InMemory) -> None:
    await close(service, OWN)

    await service.hear(handed_over())

    assert service.told_of(HandOverRefused)[0].rule == "storeroom-closed"
    assert await state_of(service, NEW) == "at_unit"


async def test_two_devices_are_not_handed_over_for_the_same_one(service: InMemory) -> None:
    line = handed_over().lines[0]
    twice = handed_over().model_copy(update={"lines": (line, line.model_copy(update={"line_no": 2}))})

    await service.hear(twice)

    assert len(service.told_of(HandOverRefused)) == 1
    assert await state_of(service, OLD) == "on_loan"


async def test_what_was_not_fetched_is_not_handed_over_and_the_answer_says_so(service: InMemory) -> None:
    await ask(service, f"{PATH}/not-fetched", {"storeroom_no": "DEMO-S1", **WHY}, **CLINIC)

    await service.hear(handed_over())

    (refused,) = service.told_of(HandOverRefused)
    assert refused.rule == "not-at-unit-now"
    assert "förrådet" in refused.sv
    assert (await state_of(service, OLD), await state_of(service, NEW)) == ("on_loan", "in_stock")


async def test_a_hand_out_whose_device_was_exchanged_stands_and_the_answer_says_why(
    service: InMemory,
) -> None:
    await service.hear(handed_over())

    for order_no in (BEFORE.order_no, ORDER.order_no):
        await service.hear(
            HandOutMistaken(order_no=order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)
        )

    stand = service.told_of(HandOutNotTakenBack)
    assert [(each.order_no, each.rule) for each in stand] == [
        (BEFORE.order_no, "exchanged-since"),
        (ORDER.order_no, "exchanged-since"),
    ]
    assert not service.told_of(HandOutTakenBack)
    assert await state_of(service, NEW) == "on_loan"


async def test_what_was_never_handed_out_is_not_taken_back_and_the_answer_says_so(service: InMemory) -> None:
    fact = HandOutMistaken(order_no=ORDER.order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)

    await service.hear(fact)

    assert service.told_of(HandOutNotTakenBack)[0].rule == "nothing-handed-out"
    assert (await service.repository.get(DEVICE_ORDERS.ref(ORDER.order_no))).mistaken_at is None


async def test_one_new_device_continues_one_loan(service: InMemory) -> None:
    other = order_of(
        3,
        kind="hand_out",
        storeroom_no="DEMO-S1",
        lines=(HAND_OUT.lines[0].model_copy(update={"device_no": "D900002"}),),
    )
    await receive_cpaps(service, "DEMO-S1", ["D900002"], hoses=1)
    await service.hear(other)
    fact = handed_over()
    (line,) = fact.lines
    old = InPlaceOf(loan_id=f"{other.order_no}.D900002", device_no="D900002", disposition="return")
    twice = (line, line.model_copy(update={"exchange": old}))

    await service.hear(fact.model_copy(update={"lines": twice}))

    (refused,) = service.told_of(HandOverRefused)
    assert refused.rule == "number-twice"
    assert not service.told_of(DeviceExchanged)
    assert await state_of(service, "D900002") == "on_loan"


async def test_a_line_that_stands_twice_is_handed_over_only_when_all_of_it_is_there(
    service: InMemory,
) -> None:
    fact = handed_over()
    (line,) = fact.lines
    more = line.model_copy(update={"device_nos": (), "exchange": None})

    await service.hear(fact.model_copy(update={"lines": (line, more)}))

    (refused,) = service.told_of(HandOverRefused)
    assert refused.rule == "not-at-unit-now"
