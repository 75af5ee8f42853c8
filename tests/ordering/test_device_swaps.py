"""Maintenance swaps of inventory: the patient's list follows, and the paper is printed (Q56, Q61)."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.ordering.api.devices.swaps import swap_page
from services.ordering.domain.devices.catalogue import DeviceCatalogue
from services.ordering.domain.swaps import DeviceSwap, SwappedDevice
from services.ordering.repository.collections import DEVICE_LOANS, DEVICE_SWAPS
from shared.domain.numbers import number
from shared.events.inventory_swaps import DeviceInSwap, DeviceSwapChanged, OnDevice
from tests.ordering.devices import (
    CPAP,
    DEVICE_NO,
    HOSE,
    UNIT,
    hand_out_form,
    handed_out,
    placer,
    posted,
    told_devices,
)
from tests.ordering.examples import PATIENT
from tests.support import InMemory

NEW = "D100008"
SWAP_NO = number("Y", year=2026, running=1)
ROW = DeviceInSwap(loan_id="", device_no=DEVICE_NO, article_no=CPAP, new_article_no=CPAP, new_device_no=NEW)
ARRANGED = DeviceSwapChanged(
    swap_no=SWAP_NO,
    version=1,
    patient_ref=PATIENT,
    care_unit=UNIT,
    storeroom_no="DEMO-W1",
    product_area="cpap",
    arranged_on=date(2026, 11, 23),
    ready_by=date(2026, 12, 4),
    devices=(ROW,),
)


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    ordering = await told_devices()
    await handed_out(ordering, hand_out_form())
    yield ordering
    await ordering.client.aclose()


async def told(service: InMemory, version: int, **changes: Any) -> DeviceSwapChanged:
    (loan,) = await service.repository.whole(DEVICE_LOANS, {"patient_ref": PATIENT})
    row = ROW.model_copy(update={"loan_id": loan.loan_id, **changes})
    return ARRANGED.model_copy(update={"version": version, "devices": (row,)})


async def has(service: InMemory) -> list[tuple[str, list[str]]]:
    headers = service.token("order_placer", product_areas=["cpap"])
    answer = await service.client.get(f"/patients/{PATIENT}/aids", headers=headers)
    assert answer.status_code == 200, answer.text
    return [(each["device_no"], each["handed_out_on"]) for each in answer.json()["has"]]


def moment(hour: int) -> datetime:
    return datetime(2026, 12, 4, hour, tzinfo=UTC)


async def test_the_list_shows_what_the_patient_has_whatever_order_the_facts_come_in(
    service: InMemory,
) -> None:
    before = await has(service)
    swapped = await told(service, 3, result="swapped", registered_at=moment(9))
    swapped = swapped.model_copy(
        update={"devices": (swapped.devices[0].model_copy(
            update={"components": (OnDevice(article_no=HOSE, quantity=1),)}
        ),)}
    )  # fmt: skip
    corrected = await told(service, 4, registered_at=moment(10))

    await service.hear(swapped)
    first = await has(service)
    await service.hear(await told(service, 1))
    await service.hear(corrected)
    await service.hear(swapped)

    ((_, day),) = before
    assert (before, first) == ([(DEVICE_NO, day)], [(NEW, day)])
    assert await has(service) == before
    assert (await service.repository.get(DEVICE_SWAPS.ref(SWAP_NO))).version == corrected.version


async def test_a_result_that_only_a_newer_version_knows_leaves_the_old_device_with_the_patient(
    service: InMemory,
) -> None:
    newer = await told(service, 5, registered_at=moment(11))
    read = DeviceSwapChanged.model_validate_json(
        newer.model_dump_json().replace('"result":null', '"result":"postponed"'), context={"kept": True}
    )

    await service.hear(read)

    assert [each for each, _ in await has(service)] == [DEVICE_NO]


async def test_the_paper_is_printed_at_the_warehouse_and_at_the_unit_and_nowhere_else(
    service: InMemory,
) -> None:
    await service.hear(await told(service, 1))
    path = f"/device-swaps/{SWAP_NO}/print"

    async def asked(role: str, **who: Any) -> Any:
        return await posted(service, path, None, service.token(role, **who))

    at_unit = await posted(service, path, None, placer(service))
    at_warehouse = await asked("store_keeper", care_units=["DEMO-W1"], product_areas=[])
    elsewhere = await asked("store_keeper", care_units=["DEMO-W2"], product_areas=[])
    other_area = await asked("order_placer", care_units=[UNIT], product_areas=["hearing"])

    assert (at_unit.status_code, at_unit.content[:5]) == (200, b"%PDF-"), at_unit.text
    assert at_warehouse.status_code == 200
    assert (elsewhere.status_code, other_area.status_code) == (403, 403)


def test_the_paper_says_patient_day_and_which_device_is_for_which() -> None:
    swap = DeviceSwap(
        SWAP_NO, 1, PATIENT, UNIT, "DEMO-W1", "cpap", date(2026, 11, 23), date(2026, 12, 4),
        (SwappedDevice("L1", DEVICE_NO, CPAP, CPAP, NEW), SwappedDevice("L2", "D100002", CPAP, CPAP)),
    )  # fmt: skip
    catalogue = DeviceCatalogue({}, {}, {}, labels={NEW: "D900001"})

    page = swap_page(swap, catalogue, name="Tolvan Tolvansson", language="sv", on=date(2026, 11, 23))

    assert (page["name"], page["ready"]) == ("Tolvan Tolvansson", "2026-12-04")
    assert [(each[1], each[3]) for each in page["rows"]] == [("D900001", DEVICE_NO), ("", "D100002")]
