"""What of devices ties a patient to a care unit, from messages as they may lie in a queue (S70, 0056)."""

import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from services.prescription.domain.patients.serving import Tie
from services.prescription.repository.collections import TIES
from shared.events.fact import Fact
from shared.events.inventory import DeviceHandedOut, DeviceLossReported, DeviceReturned
from shared.events.inventory_collections import DeviceLentAgain
from shared.events.ordering_devices import (
    CollectionOrderAnnulled,
    CollectionOrderClosed,
    CollectionOrderRegistered,
    DeviceOrderOver,
    DeviceOrderSent,
)
from shared.events.tasks import TaskResolved
from tests.prescription.conftest import Register
from tests.prescription.test_changing_doors import change
from tests.support import InMemory

MESSAGES = Path("tests/messages")
UNIT = "DEMO-777"
WHO = {"care_units": [UNIT], "product_areas": ["cpap"]}


def message(fact: type[Fact], patient_ref: str, *, newest: bool = False, **changes: Any) -> Fact:
    """Give the oldest message that was ever published, or the newest one, about the patient and the unit."""
    kept = sorted((MESSAGES / fact.topic).glob("*.json"))
    body = json.loads(kept[-1 if newest else 0].read_text())
    about: dict[str, Any] = {"patient_ref": patient_ref}
    about |= {"care_unit": UNIT} if "care_unit" in fact.model_fields else {}
    about |= {"product_area": "cpap"} if "product_area" in fact.model_fields else {}
    return fact.model_validate({**body, **about, **changes})


def decided(loss_no: str) -> TaskResolved:
    return TaskResolved(task_id=f"compensation:{loss_no}", how="decided")


def histories(who: str) -> dict[str, tuple[Sequence[Fact], Fact]]:
    """Each beginning with its end."""
    lent = message(DeviceHandedOut, who, loan_id="l-1")
    collected = message(CollectionOrderRegistered, who, newest=True, collection_no="H2026-000001-3")
    return {
        "device order": (
            [message(DeviceOrderSent, who, order_no="B2026-000001-5")],
            message(DeviceOrderOver, who, order_no="B2026-000001-5"),
        ),
        "loan": ([lent], message(DeviceReturned, who, loan_id="l-1")),
        "loan again": (
            [message(DeviceLentAgain, who, loan_id="l-2")],
            message(DeviceReturned, who, loan_id="l-2"),
        ),
        "collection closed": (
            [collected],
            message(CollectionOrderClosed, who, collection_no="H2026-000001-3"),
        ),
        "collection annulled": (
            [collected],
            message(CollectionOrderAnnulled, who, collection_no="H2026-000001-3"),
        ),
        "loss": (
            [lent, message(DeviceLossReported, who, how="stolen", loan_id="l-1", loss_no="E2026-000001-3")],
            decided("E2026-000001-3"),
        ),
    }


@pytest.mark.parametrize("name", histories(""))
async def test_it_ties_the_patient_for_as_long_as_it_lasts_in_whatever_order_it_is_known(
    service: InMemory, register: Register, name: str
) -> None:
    patient_ref = await register()
    begins, ends = histories(patient_ref)[name]

    for fact in begins:
        await service.hear(fact)
    during = await change(service, patient_ref, "order_placer", **WHO)
    await service.hear(ends)
    after = await change(service, patient_ref, "order_placer", **WHO)

    assert (during.status_code, after.status_code) == (200, 403)


@pytest.mark.parametrize("name", histories(""))
async def test_however_the_facts_come_and_come_again_nothing_ties_in_the_end(
    service: InMemory, name: str
) -> None:
    for number, _ in enumerate(permutations(range(len(histories("")[name][0]) + 1))):
        begins, ends = histories(f"p-{number}")[name]
        for place in list(permutations((*begins, ends)))[number]:
            await service.hear(place)
            await service.hear(place)

        open_ties = await service.repository.find(TIES, {"patient_ref": f"p-{number}", "is_open": True})
        assert open_ties == [], (name, number)
        await _forget(service)


async def _forget(service: InMemory) -> None:
    """Forget all ties, so that the next order of facts begins with none."""
    rows: Any = service.repository.backend
    rows._documents["ties"].clear()


async def test_the_area_of_a_collection_order_counts_where_it_is_said(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register()
    before = message(CollectionOrderRegistered, patient_ref, collection_no="H2026-000002-1")
    said = message(CollectionOrderRegistered, patient_ref, newest=True, collection_no="H2026-000003-9")

    for fact in (before, said):
        await service.hear(fact)

    ties = await service.repository.find(TIES, {"patient_ref": patient_ref})
    areas: dict[str, Tie] = {each.tie_id: each for each in ties}
    assert areas["collection:H2026-000003-9"].product_area == "cpap"
    assert areas["collection:H2026-000002-1"].product_area is None


async def test_a_damaged_device_ties_by_its_loan_after_the_loss_is_decided(
    service: InMemory, register: Register
) -> None:
    patient_ref = await register()
    await service.hear(message(DeviceHandedOut, patient_ref, loan_id="l-1"))
    await service.hear(
        message(DeviceLossReported, patient_ref, how="damaged", loan_id="l-1", loss_no="E2026-000001-3")
    )
    await service.hear(decided("E2026-000001-3"))

    answer = await change(service, patient_ref, "order_placer", **WHO)

    assert answer.status_code == 200
