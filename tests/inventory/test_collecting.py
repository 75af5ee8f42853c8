"""Collection orders at the warehouse: closed by scanning what really came (S142 to S145, Q34, Q48, Q54)."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from services.inventory.repository.collecting import COLLECTION_ORDERS
from services.inventory.repository.collections import DEVICE_ORDERS, DEVICES, LOANS, MOVEMENTS
from shared.domain.numbers import number
from shared.events.inventory import DeviceExchanged, DeviceReturned
from shared.events.inventory_collections import CollectionReceived
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderRegistered,
    DeviceOnLoan,
)
from shared.events.tasks import TaskRaised
from tests.inventory.shelves import (
    HAND_OUT,
    KEEPER,
    PATIENT,
    order_of,
    receive_cpaps,
    shelf,
    state_of,
    stocked,
)
from tests.inventory.test_exchanges import LOAN, exchange_of
from tests.support import InMemory

NUMBER = number("H", year=2026, running=1)
CAME = {"device_no": "D100001"}
HOSE_LACKS = {"article_no": "910100", "article": "Demoslang", "quantity": "1"}
KEPT_HOSE = {"article_no": "910100", "disposition": "return"}


def registered(**changes: Any) -> CollectionOrderRegistered:
    device = DeviceOnLoan(loan_id=LOAN, device_no="D100001", purpose="repair")
    asked = {"devices": (device,), "care_unit": "DEMO-101", "place": "care_unit"}
    return CollectionOrderRegistered.model_validate(
        {"collection_no": NUMBER, "patient_ref": PATIENT, "registered_on": date(2026, 11, 23)}
        | asked
        | changes
    )


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP is on loan with a hose and shall be collected; two lie in the storeroom."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=3)
    await inventory.hear(HAND_OUT)
    await inventory.hear(registered())
    yield inventory
    await inventory.client.aclose()


async def closed(service: InMemory, *devices: Any, key: str | None = None, **form: Any) -> Any:
    headers = service.once("store_keeper", key, **KEEPER)
    body = {"storeroom_no": "DEMO-W1", "devices": list(devices), **form}
    return await service.client.post(f"/collection-orders/{NUMBER}/close", json=body, headers=headers)


def tasks(service: InMemory) -> list[tuple[str, str | None, dict[str, str]]]:
    return [(each.reason, each.care_unit, dict(each.details)) for each in service.told_of(TaskRaised)]


async def test_what_came_ends_its_loan_and_is_set_apart_at_the_warehouse(service: InMemory) -> None:
    answer = await closed(service, CAME, key="closed-once-1")
    again = await closed(service, CAME, key="closed-once-1")

    assert (answer.status_code, again.json()) == (200, answer.json()), answer.text
    assert answer.json()["state"] == "closed"
    (told,) = service.told_of(CollectionReceived)
    assert [(each.device_no, each.loan_id, each.disposition) for each in told.came] == [
        ("D100001", LOAN, "quarantine")
    ]
    (back,) = service.told_of(DeviceReturned)
    assert (back.loan_id, back.return_no, back.returned_on) == (LOAN, NUMBER, date(2026, 11, 23))
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.state, loan.return_no) == ("returned", NUMBER)
    device = await service.repository.get(DEVICES.ref("D100001"))
    assert (device.state, device.storeroom_no, device.components) == ("quarantined", "DEMO-W1", ())
    moved = await service.repository.get(MOVEMENTS.ref(NUMBER))
    assert [(each.device_no, each.article_no, each.target) for each in moved.rows] == [
        ("D100001", "910001", "DEMO-W1"),
        ("D100001", "910001", "DEMO-W1"),
        (None, "910100", "scrapped"),
    ]
    lent = await service.repository.get(DEVICE_ORDERS.ref(HAND_OUT.order_no))
    assert all(goods.returned for parcel in lent.parcels for goods in parcel.goods)
    assert tasks(service) == []


async def test_what_is_mended_goes_on_the_shelf_and_to_the_next_patient(service: InMemory) -> None:
    await closed(service, CAME)
    headers = service.once("store_keeper", None, **KEEPER)
    form = {"destination": "shelf", "reason": "Lagad och testad"}

    answer = await service.client.post("/devices/D100001/set-apart", json=form, headers=headers)

    assert answer.status_code == 200, answer.text
    assert await state_of(service, "D100001") == "in_stock"
    assert await shelf(service, "DEMO-W1", "910001") == (1, 0, 0)


async def test_a_device_on_the_shelf_at_once_is_given_to_the_order_that_waits_for_it(
    service: InMemory,
) -> None:
    line = HAND_OUT.lines[0].model_copy(update={"device_no": None, "components": ()})
    await service.hear(order_of(5, lines=(line,)))

    await closed(service, CAME | {"disposition": "shelf"})

    assert await shelf(service, "DEMO-W1", "910001") == (1, 1, 0)


async def test_a_device_that_lacks_keeps_its_loan_and_is_a_task_of_the_unit(service: InMemory) -> None:
    answer = await closed(service)

    assert answer.status_code == 200, answer.text
    (told,) = service.told_of(CollectionReceived)
    assert (told.came, [each.device_no for each in told.not_there]) == ((), ["D100001"])
    assert not service.told_of(DeviceReturned)
    assert (await service.repository.get(LOANS.ref(LOAN))).state == "on_loan"
    assert await state_of(service, "D100001") == "on_loan"
    assert tasks(service) == [
        ("device-not-collected", "DEMO-101", {"device_no": "D100001", "device": "Demo-CPAP, D100001"})
    ]


async def test_a_component_that_lacks_is_in_no_stock_and_is_a_task(service: InMemory) -> None:
    await closed(service, CAME | {"components": []})

    moved = await service.repository.get(MOVEMENTS.ref(NUMBER))
    assert moved.rows[-1].target == "lost"
    assert await shelf(service, "DEMO-W1", "910100") == (0, 0, 0)
    lacks = HOSE_LACKS | {"device_no": "D100001", "device": "Demo-CPAP, D100001"}
    assert tasks(service) == [("component-not-collected", "DEMO-101", lacks)]


async def test_each_component_goes_its_own_way_and_one_too_many_is_a_task(service: InMemory) -> None:
    hoses = [{"article_no": "910100", "quantity": 2, "disposition": "scrap"}]

    await closed(service, CAME | {"disposition": "scrap", "components": hoses})

    moved = await service.repository.get(MOVEMENTS.ref(NUMBER))
    assert [each.target for each in moved.rows] == ["scrapped", "scrapped"]
    assert await state_of(service, "D100001") == "written_off"
    assert tasks(service) == [("pieces-not-on-collection-order", "DEMO-W1", HOSE_LACKS)]


async def test_what_nobody_expected_is_a_task_and_is_not_corrected_in_silence(service: InMemory) -> None:
    await service.hear(order_of(3, kind="hand_out", storeroom_no="DEMO-S1", lines=_other("D100002")))

    await closed(
        service,
        CAME,
        {"device_no": "D100002"},
        {"device_no": "D777777"},
        other_goods=[{"article_no": "910300"}],
    )

    assert [
        (reason, details.get("device") or details["article"]) for reason, _, details in tasks(service)
    ] == [
        ("device-not-on-collection-order", "Demo-CPAP, D100002"),
        ("device-not-on-collection-order", "D777777"),
        ("pieces-not-on-collection-order", "Demomask"),
    ]
    assert await state_of(service, "D100002") == "on_loan"
    assert len(service.told_of(DeviceReturned)) == 1


def _other(device_no: str) -> Any:
    return (HAND_OUT.lines[0].model_copy(update={"device_no": device_no}),)


async def test_what_was_handed_back_another_way_lacks_nowhere_and_comes_unexpected(
    service: InMemory,
) -> None:
    headers = service.once("order_placer", product_areas=["cpap"])
    form = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", "devices": [CAME]}
    await service.client.post("/returns", json=form, headers=headers)

    await closed(service)

    (told,) = service.told_of(CollectionReceived)
    assert (told.came, told.not_there, tasks(service)) == ((), (), [])
    assert await state_of(service, "D100001") == "in_stock"


async def test_a_defective_device_is_exchanged_and_waits_to_be_collected_on_no_shelf(
    service: InMemory,
) -> None:
    await service.hear(exchange_of(disposition="collect", collection_no=NUMBER))

    old = await service.repository.get(DEVICES.ref("D100001"))
    assert (old.state, old.collection_no, old.loan_id) == ("to_collect", NUMBER, None)
    assert [each.article_no for each in old.components] == ["910100"]
    assert await state_of(service, "D100002") == "on_loan"
    assert await shelf(service, "DEMO-S1", "910001") == (1, 0, 0)
    (told,) = service.told_of(DeviceExchanged)
    assert (told.loan_id, told.device_no) == (LOAN, "D100002")

    await closed(service, CAME)

    assert await state_of(service, "D100001") == "quarantined"
    assert not service.told_of(DeviceReturned)
    loan = await service.repository.get(LOANS.ref(LOAN))
    assert (loan.state, loan.device_no) == ("on_loan", "D100002")
    assert [each.device_no for each in service.told_of(CollectionReceived)[0].came] == ["D100001"]


async def test_an_annulled_or_closed_order_is_not_closed(service: InMemory) -> None:
    await closed(service)
    twice = await closed(service, CAME)
    other = number("H", year=2026, running=2)
    annulled = CollectionOrderAnnulled(
        collection_no=other, patient_ref=PATIENT, devices=(), annulled_on=date(2026, 11, 23)
    )
    await service.hear(annulled)
    await service.hear(registered(collection_no=other))
    await service.hear(annulled.model_copy(update={"collection_no": NUMBER}))

    kept = await service.repository.get(COLLECTION_ORDERS.ref(other))
    first = await service.repository.get(COLLECTION_ORDERS.ref(NUMBER))
    late = await service.client.post(
        f"/collection-orders/{other}/close",
        json={"storeroom_no": "DEMO-W1"},
        headers=service.once("store_keeper", None, **KEEPER),
    )

    assert (twice.json()["rule"], late.json()["rule"]) == ("collection-closed", "collection-annulled")
    assert (kept.state, first.state) == ("annulled", "closed")
    assert await state_of(service, "D100001") == "on_loan"


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        ({"storeroom_no": "DEMO-S1"}, "collected-to-warehouse"),
        ({"devices": [CAME | {"components": [KEPT_HOSE]}]}, "used-is-scrapped"),
        ({"devices": [CAME, CAME]}, "number-twice"),
    ],
)  # fmt: skip
async def test_what_cannot_be_closed_says_why_and_moves_nothing(
    service: InMemory, form: dict[str, Any], rule: str
) -> None:
    headers = service.once("store_keeper", care_units=["DEMO-W1", "DEMO-101"])
    body = {"storeroom_no": "DEMO-W1", **form}

    answer = await service.client.post(f"/collection-orders/{NUMBER}/close", json=body, headers=headers)

    assert answer.json()["rule"] == rule, answer.text
    assert await state_of(service, "D100001") == "on_loan"


async def test_who_scans_sees_what_shall_come_with_components_and_purpose_and_no_patient(
    service: InMemory,
) -> None:
    headers = service.token("store_keeper", **KEEPER)

    (listed,) = (await service.client.get("/collection-orders", headers=headers)).json()
    shown = (await service.client.get(f"/collection-orders/{NUMBER}", headers=headers)).json()

    assert listed == shown
    (device,) = shown["devices"]
    assert (device["device_no"], device["purpose_text"]) == ("D100001", "Reparation/avhjälpande underhåll")
    assert [each["article_no"] for each in device["components"]] == ["910100"]
    assert PATIENT not in str(shown)
