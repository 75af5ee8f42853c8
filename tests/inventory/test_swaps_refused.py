"""Maintenance swaps that are refused, each with the reason and nothing changed (S132, Q56)."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.inventory.domain.devices.device import Device
from services.inventory.repository.collections import DEVICES
from shared.domain.decision import Decision
from shared.repository import Cause
from tests.inventory.shelves import (
    CENTRAL,
    HAND_OUT,
    HUMIDIFIER,
    close,
    keep_place,
    order_of,
    receive_cpaps,
)
from tests.inventory.swapped import (
    NEW,
    OLD,
    OTHER_NEW,
    OTHER_OLD,
    SWAP,
    arranged,
    lent_cpaps,
    not_swapped,
    reported,
    rows_of,
    sent,
    swapped,
    tried,
)
from tests.inventory.upkeep import post
from tests.support import InMemory

ONE = {"device_no": OLD}


@pytest.fixture
async def service() -> AsyncIterator[InMemory]:
    inventory = await lent_cpaps()
    yield inventory
    await inventory.client.aclose()


async def test_every_reason_against_a_swap_is_said_before_it_is_arranged(service: InMemory) -> None:
    other = HAND_OUT.lines[0].model_copy(update={"device_no": "D100011", "components": ()})
    await receive_cpaps(service, "DEMO-S1", ["D100011"], hoses=0)
    await service.hear(
        order_of(
            3,
            kind="hand_out",
            storeroom_no="DEMO-S1",
            lines=(other,),
            patient_ref="22222222-2222-4222-8222-222222222222",
        )
    )

    assert await tried(service) == []
    assert await tried(service, ready_by="2026-11-22") == ["ready-day-passed"]
    assert await tried(service, devices=[{"device_no": NEW}]) == ["device-not-lent"]
    assert await tried(service, devices=[ONE, {"device_no": "D100011"}]) == ["swap-of-one-patient"]
    assert await tried(service, devices=[ONE | {"article_no": "910100"}]) == ["not-marked"]
    assert await tried(service, devices=[ONE | {"article_no": HUMIDIFIER.article_no}]) == []
    twice = await post(service, "/device-swaps", SWAP | {"devices": [ONE, ONE]})
    assert twice.json()["rule"] == "number-twice"
    person = await post(service, "/device-swaps", SWAP | {"reason": "För 19121212-1212"})
    assert person.json()["rule"] == "note-about-person"
    await keep_place(service, replace(CENTRAL, care_units=("DEMO-102",)))
    assert await tried(service, devices=[ONE]) == ["swap-from-warehouse"]
    await close(service, CENTRAL)
    assert await tried(service, devices=[ONE]) == ["swap-from-warehouse"]


async def test_what_a_unit_owns_is_not_swapped_by_the_centre(service: InMemory) -> None:
    await service.repository.change(DEVICES.ref(OLD), _of_the_unit, cause=Cause(key=None))

    assert await tried(service, devices=[ONE]) == ["not-central-property"]


def _of_the_unit(device: Device) -> Decision[Device]:
    return replace(device, owner="care_unit"), []


async def test_a_result_is_of_a_day_that_can_be_and_of_a_device_that_was_sent(service: InMemory) -> None:
    swap_no = await arranged(service)
    unsent = await reported(service, swap_no, swapped())
    settings = await post(service, f"/device-swaps/{swap_no}/settings-ready", {}, role="order_placer")
    await sent(service, swap_no, NEW, OTHER_NEW)

    tomorrow = await reported(service, swap_no, swapped(), on="2026-11-24")
    before = await reported(service, swap_no, swapped(), on="2026-11-22")
    other = await reported(service, swap_no, swapped(NEW))
    silent = await reported(service, swap_no, {"device_no": OLD, "result": "not_swapped"})
    named = await reported(service, swap_no, not_swapped(why="19121212-1212 var inte hemma"))

    assert [each.json()["rule"] for each in (unsent, settings, tomorrow, before, other, named)] == [
        "new-device-not-sent", "new-device-not-at-unit", "day-to-come", "back-before-lent", "not-in-swap",
        "note-about-person",
    ]  # fmt: skip
    assert "why-not-swapped" in silent.text
    assert await rows_of(service, swap_no) == [(OLD, None, "arrival"), (OTHER_OLD, None, "arrival")]
