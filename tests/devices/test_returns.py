"""A device that comes back, over all services: its fee, the patient's list, and the next patient (S113)."""

from pathlib import Path

import pytest

from tests.devices.running import Clinic
from tests.devices.test_main_jobs import fees, handed_out, loans, stocked


async def returned(at: Clinic, device_no: str = "D100001", **changes: str) -> None:
    form = {
        "patient_ref": at.patient_ref,
        "storeroom_no": "DEMO-S1",
        "devices": [{"device_no": device_no}],
        **changes,
    }
    await at.done("secretary", "inventory", "/returns", form)


async def stage(at: Clinic) -> str:
    """Let the jobs of billing run, and say where the one fee is."""
    for job in at.bus.services["billing"].assembled.jobs:
        await job.run()
    await at.bus.settle()
    return str((await fees(at))["fees"][0]["stage"])


@pytest.mark.parametrize(("days", "expected"), [(0, "removed"), (90, "removed"), (91, "told")])
async def test_a_return_by_day_90_removes_the_fee_and_one_on_day_91_does_not(
    tmp_path: Path, days: int, expected: str
) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=days)

    await returned(at)

    assert await stage(at) == expected
    assert [each["state"] for each in await loans(at)] == ["returned"]


async def test_a_return_on_day_90_that_is_registered_later_gives_the_fee_back(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=90)
    day_90 = at.bus.clock.today().isoformat()
    at.bus.clock.move(days=1)
    await stage(at)

    await returned(at, returned_on=day_90, reason="Registrerades dagen efter")

    await stage(at)
    assert (await fees(at))["net"] == "0.00"


async def test_what_came_back_is_handed_out_to_the_patient_anew_without_asking_about_an_exchange(
    tmp_path: Path,
) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    await returned(at)

    again = await handed_out(at)

    assert again["state"] == "handed_out"
    assert sorted(each["state"] for each in await loans(at)) == ["on_loan", "returned"]


async def test_an_exchange_carries_fee_and_day_0_over_to_the_new_device(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=60)
    new = {"device_no": "D100002", "fee": None, "exchange": {"device_no": "D100001"}}

    order = await handed_out(at, **new)
    still = await stage(at)
    at.bus.clock.move(days=30)
    await returned(at, device_no="D100002")

    assert order["state"] == "handed_out"
    assert (still, await stage(at)) == ("deferred", "removed")
    assert [(each["device_no"], each["state"]) for each in await loans(at)] == [("D100002", "returned")]


async def test_after_an_exchange_a_return_on_day_91_of_the_first_device_is_too_late(tmp_path: Path) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    at.bus.clock.move(days=60)
    await handed_out(at, device_no="D100002", fee=None, exchange={"device_no": "D100001"})
    at.bus.clock.move(days=31)

    await returned(at, device_no="D100002")

    assert await stage(at) == "told"
