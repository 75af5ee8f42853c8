"""What was exchanged and does not come to the warehouse is its patient's again: no dead end (Q48)."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.repository.collections import DEVICES, LOANS
from shared.events.inventory import DeviceReturned
from shared.events.inventory_collections import DeviceLentAgain
from shared.events.inventory_goods import HandOutRefused
from shared.events.ordering_devices import CollectionOrderAnnulled
from tests.inventory.shelves import HAND_OUT, PATIENT, receive_cpaps, state_of, stocked
from tests.inventory.test_collecting import CAME, NUMBER, closed, registered, tasks
from tests.inventory.test_exchanges import LOAN, exchange_of
from tests.support import InMemory

COLLECTED = exchange_of(disposition="collect", collection_no=NUMBER)
ANNULLED = CollectionOrderAnnulled(
    collection_no=NUMBER, patient_ref=PATIENT, devices=(), annulled_on=date(2026, 11, 23)
)
AGAIN = f"{NUMBER}.D100001"


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    """A CPAP is on loan with a hose; two more lie in the storeroom."""
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002", "D100003"], hoses=3)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


async def kept(service: InMemory) -> tuple[Device, Loan, Loan]:
    """Give the old device with its loan, and the loan that continued with the new one."""
    return (
        await service.repository.get(DEVICES.ref("D100001")),
        await service.repository.get(LOANS.ref(AGAIN)),
        await service.repository.get(LOANS.ref(LOAN)),
    )


async def test_an_exchanged_device_that_lacks_is_a_task_and_on_loan_again_under_a_loan_of_its_own(
    service: InMemory,
) -> None:
    for fact in (registered(), COLLECTED):
        await service.hear(fact)

    await closed(service)

    device, again, loan = await kept(service)
    assert [reason for reason, _, _ in tasks(service)] == ["device-not-collected"]
    assert (device.state, device.loan_id, device.collection_no) == ("on_loan", AGAIN, None)
    assert [each.article_no for each in device.components] == ["910100"]
    assert (again.state, again.device_no, again.order_no) == ("on_loan", "D100001", HAND_OUT.order_no)
    assert (loan.state, loan.device_no) == ("on_loan", "D100002")
    (told,) = service.told_of(DeviceLentAgain)
    assert (told.loan_id, told.device_no, told.collection_no) == (AGAIN, "D100001", NUMBER)


@pytest.mark.parametrize("way", ["returns", "losses"])
async def test_from_then_on_it_is_returned_or_reported_as_any_other(service: InMemory, way: str) -> None:
    for fact in (registered(), COLLECTED):
        await service.hear(fact)
    await closed(service)
    headers = service.once("order_placer", product_areas=["cpap"])
    lost = {"patient_ref": PATIENT, "how": "lost", "happened_on": "2026-11-23", "reason": "Kom aldrig fram"}
    back = {"patient_ref": PATIENT, "storeroom_no": "DEMO-S1", "devices": [CAME]}
    path, form = ("/returns", back) if way == "returns" else ("/devices/D100001/losses", lost)

    answer = await service.client.post(path, json=form, headers=headers)

    assert answer.status_code in {200, 201}, answer.text
    _, again, loan = await kept(service)
    assert await state_of(service, "D100001") == ("in_stock" if way == "returns" else "written_off")
    assert (again.state, loan.state) == ("returned" if way == "returns" else "written_off", "on_loan")
    assert [each.loan_id for each in service.told_of(DeviceReturned)] == [AGAIN] * (way == "returns")


@pytest.mark.parametrize(
    "facts",
    [
        (registered(), COLLECTED, ANNULLED),
        (COLLECTED, registered(), ANNULLED),
        (COLLECTED, ANNULLED, registered()),
    ],
    ids=["in-order", "exchange-first", "annulled-before-it-was-registered"],
)
async def test_what_waits_for_an_order_that_was_annulled_is_on_loan_again(
    service: InMemory, facts: tuple[CollectionOrderAnnulled, ...]
) -> None:
    for fact in (*facts, ANNULLED, registered()):
        await service.hear(fact)

    device, again, _ = await kept(service)
    assert (device.state, device.loan_id, again.state) == ("on_loan", AGAIN, "on_loan")
    assert len(service.told_of(DeviceLentAgain)) == 1


@pytest.mark.parametrize("how", ["closed", "annulled"])
async def test_nothing_is_exchanged_for_a_collection_order_that_is_over_meanwhile(
    service: InMemory, how: str
) -> None:
    await service.hear(registered())
    if how == "closed":
        await closed(service)
    else:
        await service.hear(ANNULLED)

    await service.hear(COLLECTED)

    (refused,) = service.told_of(HandOutRefused)
    assert refused.rule == "collection-over-meanwhile"
    assert [await state_of(service, each) for each in ("D100001", "D100002")] == ["on_loan", "in_stock"]


async def test_the_day_of_a_device_that_had_come_in_exchange_is_the_day_it_came(service: InMemory) -> None:
    """D100002 came for D100001, and D100003 for D100002, which does not come to the warehouse."""
    first = exchange_of().model_copy(update={"sent_on": date(2026, 11, 30)})
    second = exchange_of(3, "D100003", device_no="D100002", disposition="collect", collection_no=NUMBER)
    row = registered().devices[0].model_copy(update={"device_no": "D100002"})
    later = second.model_copy(update={"sent_on": date(2026, 12, 3)})
    for fact in (first, registered(devices=(row,)), later):
        await service.hear(fact)

    await closed(service)

    (told,) = service.told_of(DeviceLentAgain)
    assert (told.device_no, told.handed_out_on) == ("D100002", date(2026, 11, 30))
    assert told.order_no == first.order_no
