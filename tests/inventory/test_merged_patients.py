"""What a patient has on loan when two patients turn out to be one person (S65)."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from shared.events.inventory import DeviceExchanged
from shared.events.prescription import PatientsMerged
from tests.inventory.shelves import HAND_OUT, PATIENT, receive_cpaps, stocked
from tests.inventory.test_exchanges import exchange_of
from tests.inventory.test_returns import ANOTHER, hand_back
from tests.support import InMemory

THIRD = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await stocked()
    await receive_cpaps(inventory, "DEMO-S1", ["D100001", "D100002"], hoses=3)
    await inventory.hear(HAND_OUT)
    yield inventory
    await inventory.client.aclose()


def merged(patient_ref: str, into_ref: str) -> PatientsMerged:
    return PatientsMerged(patient_ref=patient_ref, into_ref=into_ref, merged_on=date(2026, 11, 23))


async def on_list_of(service: InMemory, patient_ref: str) -> list[str]:
    who = service.token("order_placer", product_areas=["cpap"])
    answer = await service.client.get(f"/patients/{patient_ref}/loans", headers=who)
    return [each["device_no"] for each in answer.json()]


async def test_loans_are_on_the_list_of_the_person_whose_they_are_now(service: InMemory) -> None:
    assert await on_list_of(service, ANOTHER) == []

    await service.hear(merged(PATIENT, ANOTHER))
    await service.hear(merged(PATIENT, ANOTHER))

    assert await on_list_of(service, ANOTHER) == ["D100001"]
    assert await on_list_of(service, PATIENT) == ["D100001"]
    who = service.token("order_placer", product_areas=["cpap"])
    card = (await service.client.get("/devices/D100001", headers=who)).json()
    assert card["patient_ref"] == ANOTHER


@pytest.mark.parametrize("backwards", [False, True])
async def test_merging_again_finds_all_in_whatever_order_the_facts_come(
    service: InMemory, backwards: bool
) -> None:
    facts = [merged(PATIENT, ANOTHER), merged(ANOTHER, THIRD)]

    for fact in reversed(facts) if backwards else facts:
        await service.hear(fact)

    assert await on_list_of(service, THIRD) == ["D100001"]


async def test_what_was_lent_before_the_merge_is_exchanged_and_handed_back_after_it(
    service: InMemory,
) -> None:
    await service.hear(merged(PATIENT, ANOTHER))

    await service.hear(exchange_of().model_copy(update={"patient_ref": ANOTHER}))
    answer = await hand_back(service, {"patient_ref": ANOTHER, "devices": [{"device_no": "D100002"}]})

    assert len(service.told_of(DeviceExchanged)) == 1
    assert answer.status_code == 200, answer.text
