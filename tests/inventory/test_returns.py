"""What patients hand back to an own storeroom, through the route (S146 to S148, S113, Q44 to Q46)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.inventory.repository.collections import DEVICES, MOVEMENTS, STOREROOMS
from shared.events.inventory import DeviceHandedOut, DeviceReturned
from shared.events.inventory_goods import DeviceChanged
from shared.events.ordering_devices import DeviceLine, HandOutMistaken
from shared.events.tasks import TaskRaised
from shared.repository import Cause
from tests.inventory.shelves import (
    HAND_OUT,
    OWN,
    PATIENT,
    as_kept,
    close,
    order_of,
    receive,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.support import A_MONDAY_MORNING, InMemory

ANOTHER = "22222222-2222-4222-8222-222222222222"
CPAP_BACK = {"devices": [{"device_no": "D100001"}]}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP of the storeroom is on loan, with a hose, since a Monday."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def hand_back(service: InMemory, body: dict[str, Any], key: str | None = None, **who: Any) -> Any:
    headers = service.once("order_placer", key, **{"product_areas": ["cpap"], **who})
    form = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", **body}
    return await service.client.post("/returns", json=form, headers=headers)


async def owned_by_unit(service: InMemory, device_no: str, storeroom_no: str = "DEMO-S1") -> None:
    devices = [{"device_no": device_no}]
    await receive(service, storeroom_no, article_no="910001", devices=devices, owner="care_unit")


async def test_a_device_that_is_handed_back_ends_its_loan_and_can_be_handed_out_again(
    service: InMemory,
) -> None:
    answer = await hand_back(service, CPAP_BACK)

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["return_no"].startswith("R2026-")
    assert (body["storeroom_name"], body["returned_on"]) == (OWN.name, "2026-11-23")
    (told,) = service.told_of(DeviceReturned)
    (lent,) = service.told_of(DeviceHandedOut)
    assert (told.loan_id, told.device_no, told.return_no) == (lent.loan_id, "D100001", body["return_no"])
    assert await state_of(service, "D100001") == "in_stock"
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert service.told_of(DeviceChanged)[-1].available
    who = service.token("order_placer", product_areas=["cpap"])
    (loan,) = (await service.client.get(f"/patients/{PATIENT}/loans", headers=who)).json()
    assert (loan["state"], loan["returned_on"]) == ("returned", "2026-11-23")

    await service.hear(order_of(2, kind="hand_out", storeroom_no="DEMO-S1", lines=HAND_OUT.lines))

    assert len(service.told_of(DeviceHandedOut)) == 2


async def test_a_used_hose_comes_back_with_its_device_and_is_scrapped(service: InMemory) -> None:
    answer = await hand_back(service, CPAP_BACK)

    assert (await service.repository.get(DEVICES.ref("D100001"))).components == ()
    assert await shelf(service, "DEMO-S1", "910100") == (2, 0, 0)
    movement = await service.repository.get(MOVEMENTS.ref(answer.json()["return_no"]))
    assert [(each.article_no, each.target) for each in movement.rows] == [
        ("910001", "DEMO-S1"),
        ("910100", "scrapped"),
    ]


async def test_a_return_counts_once_however_often_it_is_sent(service: InMemory) -> None:
    first = await hand_back(service, CPAP_BACK, "the-same-key")
    again = await hand_back(service, CPAP_BACK, "the-same-key")
    anew = await hand_back(service, CPAP_BACK)

    assert again.json() == first.json()
    assert (anew.status_code, anew.json()["rule"]) == (422, "returned-already")
    assert len(service.told_of(DeviceReturned)) == 1
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"devices": [{"device_no": "D999999"}]}, "not-on-loan-to-patient"),
        ({"devices": [{"device_no": "D100002"}]}, "not-on-loan-to-patient"),
        ({**CPAP_BACK, "patient_ref": ANOTHER}, "not-on-loan-to-patient"),
        ({**CPAP_BACK, "returned_on": "2026-11-24"}, "day-to-come"),
        ({**CPAP_BACK, "returned_on": "2026-11-20"}, "late-return-needs-reason"),
        ({**CPAP_BACK, "returned_on": "2026-11-22", "reason": "Glömdes"}, "back-before-lent"),
        ({"devices": [{"device_no": "D100001", "disposition": "scrap"}]}, "not-scrapped-here"),
        ({"devices": [CPAP_BACK["devices"][0], {"device_no": "d100001"}]}, "number-twice"),
        (
            {"devices": [{"device_no": "D100001", "components": [
                {"article_no": "910100", "disposition": "return"}]}]},
            "used-is-scrapped",
        ),
        ({"goods": [{"order_no": HAND_OUT.order_no, "article_no": "910300", "quantity": 1,
                     "disposition": "scrap"}]}, "goods-not-with-patient"),
        ({}, "nothing-to-return"),
    ],
)  # fmt: skip
async def test_a_refused_return_says_why_and_moves_nothing(
    service: InMemory, body: dict[str, Any], rule: str
) -> None:
    answer = await hand_back(service, body)

    assert answer.status_code == 422, answer.text
    assert rule in answer.text
    assert not service.told_of(DeviceReturned)
    assert await state_of(service, "D100001") == "on_loan"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)


async def test_a_back_dated_return_keeps_its_true_day_and_why(service: InMemory) -> None:
    service.clock.move(days=5)
    body = {**CPAP_BACK, "returned_on": "2026-11-25", "reason": "Registrerades efter helgen"}

    answer = await hand_back(service, body)

    assert answer.status_code == 200, answer.text
    assert service.told_of(DeviceReturned)[0].returned_on.isoformat() == "2026-11-25"
    movement = await service.repository.get(MOVEMENTS.ref(answer.json()["return_no"]))
    assert movement.reason == "Registrerades efter helgen"


async def test_only_who_works_at_the_storeroom_and_in_the_area_registers_a_return(service: InMemory) -> None:
    elsewhere = await hand_back(service, CPAP_BACK, care_units=["DEMO-102"])
    hearing = await hand_back(service, CPAP_BACK, product_areas=["hearing"])

    assert (elsewhere.status_code, hearing.status_code) == (404, 403)
    assert await state_of(service, "D100001") == "on_loan"


async def test_goods_of_an_order_of_another_area_are_not_handed_back(service: InMemory) -> None:
    await receive(service, article_no="910300", quantity=3, lot="L1", best_before="2027-06-01")
    line = DeviceLine(line_no=1, article_no="910300", quantity=3)
    order = order_of(4, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,))
    await service.hear(order)
    back = {"order_no": order.order_no, "article_no": "910300", "quantity": 1, "disposition": "scrap"}

    hearing = await hand_back(service, {"goods": [back]}, product_areas=["hearing"])
    another = await hand_back(service, {"goods": [back], "patient_ref": ANOTHER}, product_areas=["hearing"])

    assert hearing.status_code == 403
    assert (another.status_code, another.json()["rule"]) == (422, "goods-not-with-patient")
    assert (await hand_back(service, {"goods": [back]})).status_code == 200


async def test_what_others_have_on_loan_is_answered_as_what_nobody_has(service: InMemory) -> None:
    answers = [
        await hand_back(
            service, {"devices": [{"device_no": number}], "patient_ref": ANOTHER}, product_areas=["hearing"]
        )
        for number in ("D100001", "D100002", "D999999")
    ]

    assert [(each.status_code, each.json()["rule"]) for each in answers] == [
        (422, "not-on-loan-to-patient")
    ] * 3


async def test_the_units_own_device_may_be_scrapped(service: InMemory) -> None:
    await owned_by_unit(service, "D100003")
    line = HAND_OUT.lines[0].model_copy(update={"device_no": "D100003"})
    await service.hear(order_of(3, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))

    answer = await hand_back(service, {"devices": [{"device_no": "D100003", "disposition": "scrap"}]})

    assert answer.status_code == 200, answer.text
    assert answer.json()["devices"][0]["state"] == "written_off"
    assert service.told_of(DeviceReturned)[0].device_no == "D100003"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)


async def test_another_units_device_is_received_not_scrapped_and_that_unit_is_told(service: InMemory) -> None:
    await owned_by_unit(service, "D100003")
    line = HAND_OUT.lines[0].model_copy(update={"device_no": "D100003"})
    await service.hear(order_of(3, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,)))
    there = {"storeroom_no": "DEMO-S2", "devices": [{"device_no": "D100003"}]}
    scrapped = {"storeroom_no": "DEMO-S2", "devices": [{"device_no": "D100003", "disposition": "scrap"}]}

    refused = await hand_back(service, scrapped, care_units=["DEMO-102"])
    answer = await hand_back(service, there, care_units=["DEMO-102"])

    assert refused.json()["rule"] == "another-units-property"
    assert answer.status_code == 200, answer.text
    (task,) = service.told_of(TaskRaised)
    assert (task.kind, task.care_unit, task.subject_no) == (
        "device_returned_elsewhere", "DEMO-101", "D100003",
    )  # fmt: skip
    assert task.patient_ref is None
    assert await shelf(service, "DEMO-S2", "910001") == (1, 0, 0)


async def test_counted_goods_are_handed_back_of_the_order_they_came_with(service: InMemory) -> None:
    await receive(service, article_no="910300", quantity=3, lot="L1", best_before="2027-06-01")
    line = DeviceLine(line_no=1, article_no="910300", quantity=3)
    order = order_of(4, kind="hand_out", storeroom_no="DEMO-S1", lines=(line,))
    await service.hear(order)
    goods = {"order_no": order.order_no, "article_no": "910300", "quantity": 2}

    restocked = await hand_back(service, {"goods": [{**goods, "disposition": "return"}]})
    scrapped = await hand_back(service, {"goods": [{**goods, "disposition": "scrap"}]})
    too_many = await hand_back(service, {"goods": [{**goods, "disposition": "scrap"}]})

    assert restocked.json()["rule"] == "used-is-scrapped"
    assert scrapped.status_code == 200, scrapped.text
    assert too_many.json()["rule"] == "goods-not-with-patient"
    assert await shelf(service, "DEMO-S1", "910300") == (0, 0, 0)


async def test_a_return_goes_to_an_own_storeroom_and_not_to_the_warehouse(service: InMemory) -> None:
    answer = await hand_back(service, {**CPAP_BACK, "storeroom_no": "DEMO-W1"}, care_units=["DEMO-W1"])

    assert answer.json()["rule"] == "returned-to-warehouse"


async def test_a_closed_storeroom_takes_no_return_and_is_still_counted(service: InMemory) -> None:
    await close(service, OWN)

    answer = await hand_back(service, CPAP_BACK)
    scan = {"article_no": "910001", "device_nos": ["D100002"], "reason": "Avvecklas"}
    counted = await service.client.post(
        "/storerooms/DEMO-S1/stocktake-devices", json=scan, headers=service.once("order_placer")
    )
    apart = await service.client.post(
        "/devices/D100002/set-apart",
        json={"destination": "quarantine", "reason": "Avvecklas"},
        headers=service.once("order_placer"),
    )

    assert (answer.status_code, answer.json()["rule"]) == (422, "storeroom-closed")
    assert await state_of(service, "D100001") == "on_loan"
    assert (counted.status_code, apart.status_code) == (200, 200)


async def test_where_the_areas_main_aids_are_collected_only_none_is_returned(service: InMemory) -> None:
    only = replace(OWN, collected_only=("cpap",))
    await service.repository.change(
        STOREROOMS.maybe("DEMO-S1"), partial(as_kept, only), cause=Cause(key=None)
    )

    assert (await hand_back(service, CPAP_BACK)).json()["rule"] == "collected-only"


async def test_a_hand_out_by_mistake_leaves_what_was_returned_where_it_is(service: InMemory) -> None:
    await hand_back(service, CPAP_BACK)

    for _ in range(2):
        await service.hear(
            HandOutMistaken(order_no=HAND_OUT.order_no, patient_ref=PATIENT, mistaken_at=A_MONDAY_MORNING)
        )

    assert await state_of(service, "D100001") == "in_stock"
    assert await shelf(service, "DEMO-S1", "910001") == (2, 0, 0)
    assert await shelf(service, "DEMO-S1", "910100") == (2, 0, 0)
