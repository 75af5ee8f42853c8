"""Devices that are collected, over all services: fee, loan and warehouse (S135 to S145, Q10, Q48)."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.devices.running import Clinic
from tests.devices.test_main_jobs import handed_out, loans, stocked
from tests.devices.test_returns import returned, stage
from tests.ordering.devices import MAIN, article

COLLECTED = {"device_no": "D100001", "purpose": "need_ended"}
WHY = {"purpose": "repair", "fault": "Stannar", "fault_appears": "Efter en timme"}
WAREHOUSE = "DEMO-W1"


async def collected(at: Clinic, **changes: Any) -> str:
    form = {"patient_ref": at.patient_ref, "care_unit": "DEMO-101", "devices": [COLLECTED], **changes}
    answer = await at.done("secretary", "ordering", "/collection-orders", form)
    return str(answer["collection_no"])


async def closed(at: Clinic, number: str, *device_nos: str) -> None:
    form = {"storeroom_no": WAREHOUSE, "devices": [{"device_no": each} for each in device_nos]}
    await at.done("keeper", "inventory", f"/collection-orders/{number}/close", form)


async def state(at: Clinic, number: str) -> str:
    return str((await at.got("nurse", "ordering", f"/collection-orders/{number}"))["state"])


async def aids(at: Clinic) -> list[str]:
    found = await at.got("nurse", "ordering", f"/patients/{at.patient_ref}/aids")
    return [each["device_no"] for each in found["has"]]


@pytest.mark.parametrize(("day", "expected"), [(90, "removed"), (91, "told")])
async def test_registered_at_the_unit_by_day_90_and_closed_later_there_is_no_fee(
    tmp_path: Path, day: int, expected: str
) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=day)
    number = await collected(at)
    at.bus.clock.move(days=30)
    held = await stage(at)

    await closed(at, number, "D100001")

    assert held == ("deferred" if expected == "removed" else "told")
    assert (await stage(at), await state(at, number)) == (expected, "closed")
    assert [each["state"] for each in await loans(at)] == ["returned"]
    assert await aids(at) == []


@pytest.mark.parametrize(("day", "expected"), [(89, "removed"), (90, "removed"), (91, "told")])
async def test_fetched_at_home_by_day_90_and_closed_much_later_there_is_no_fee(
    tmp_path: Path, day: int, expected: str
) -> None:
    at = await stocked(tmp_path)
    bulky = article("910001", "Demo-CPAP", 4100, bulky=True, **MAIN)
    await at.bus.services["ordering"].hear(bulky.model_copy(update={"version": 99}))
    await handed_out(at)
    at.bus.clock.move(days=80)
    number = await collected(at, place="home")
    at.bus.clock.move(days=day - 80)
    fetched_on = at.bus.clock.today().isoformat()
    at.bus.clock.move(days=1)

    late = {"on": fetched_on, "reason": "Registrerades dagen efter"}
    await at.done("secretary", "ordering", f"/collection-orders/{number}/fetched", late)
    before = await stage(at)
    at.bus.clock.move(days=30)
    await closed(at, number, "D100001")

    assert (before, await stage(at)) == (expected, expected)


async def test_annulled_or_closed_without_the_device_the_fee_goes_on_with_its_loan(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=80)
    first = await collected(at)
    await at.done("nurse", "ordering", f"/collection-orders/{first}/annul", {})
    second = await collected(at)
    at.bus.clock.move(days=11)
    held = await stage(at)

    await closed(at, second)

    assert (held, await stage(at)) == ("deferred", "told")
    assert (await state(at, first), await state(at, second)) == ("annulled", "closed")
    assert await aids(at) == ["D100001"]


async def test_a_defective_cpap_is_exchanged_in_one_request_and_the_old_one_ends_on_the_shelf(
    tmp_path: Path,
) -> None:
    at = await stocked(tmp_path)
    first = await handed_out(at)
    at.bus.clock.move(days=60)
    old = {"device_no": "D100001", "disposition": "collect", "collection": WHY}

    order = await handed_out(at, device_no="D100002", fee=None, exchange=old)
    number = order["lines"][0]["collection_no"]
    await at.done("nurse", "ordering", f"/collection-orders/{number}/fetched")
    await closed(at, number, "D100001")
    mended = {"destination": "shelf", "reason": "Lagad"}
    await at.done("keeper", "inventory", "/devices/D100001/set-apart", mended)

    assert (order["state"], await state(at, number)) == ("handed_out", "closed")
    assert await aids(at) == ["D100002"]
    assert [(each["device_no"], each["state"]) for each in await loans(at)] == [("D100002", "on_loan")]
    assert first["lines"][0]["loan_ids"] == order["lines"][0]["loan_ids"]
    assert await stage(at) == "deferred"
    at.bus.clock.move(days=30)
    await returned(at, device_no="D100002")
    assert await stage(at) == "removed"
    card = await at.got("keeper", "inventory", "/devices/D100001")
    assert (card["state"], card["storeroom_no"]) == ("in_stock", WAREHOUSE)


async def test_collected_and_handed_back_at_the_same_time_the_device_comes_back_once(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    number = await collected(at)
    back = {"patient_ref": at.patient_ref, "storeroom_no": "DEMO-S1", "devices": [{"device_no": "D100001"}]}
    close = {"storeroom_no": WAREHOUSE, "devices": [{"device_no": "D100001"}]}

    answers = await asyncio.gather(
        at.ask("keeper", "inventory", f"/collection-orders/{number}/close", close),
        at.ask("secretary", "inventory", "/returns", back),
    )
    await at.bus.settle()

    assert sorted(each.status_code for each in answers) in ([200, 200], [200, 409], [200, 422])
    assert [each["state"] for each in await loans(at)] == ["returned"]
    assert await state(at, number) in {"closed", "annulled"}
    assert await aids(at) == []
    assert await stage(at) == "removed"


async def test_what_came_in_its_place_is_a_task_and_comes_by_an_order_of_its_own(tmp_path: Path) -> None:
    """The wrong device was packed: the patient's other one came (Q51)."""
    at = await stocked(tmp_path)
    await handed_out(at)
    await handed_out(at, device_no="D100002", is_additional=True)
    number = await collected(at)

    await closed(at, number, "D100002")
    before = sorted(await aids(at))
    own = await collected(at, devices=[COLLECTED | {"device_no": "D100002"}])
    await closed(at, own, "D100002")
    again = await collected(at)
    await closed(at, again, "D100001")

    assert before == ["D100001", "D100002"]
    assert [await state(at, each) for each in (number, own, again)] == ["closed"] * 3
    assert await aids(at) == []
    assert {each["state"] for each in await loans(at)} == {"returned"}
