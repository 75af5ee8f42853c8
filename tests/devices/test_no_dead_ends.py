"""Whatever is done with a device that is collected, somebody can bring it to a shelf again (Q48, Q54)."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.inventory.repository.collections import DEVICES
from services.ordering.repository.collections import COLLECTION_ORDERS
from tests.devices.running import Clinic
from tests.devices.test_main_jobs import handed_out, loans, stocked

OLD, NEW = "D100001", "D100002"
ENDS = {"in_stock", "quarantined", "written_off"}
STEPS = 5
WHY = {"purpose": "repair", "fault": "Stannar", "fault_appears": "Efter en timme"}
Act = Callable[["Walk"], Awaitable[httpx.Response | None]]


@dataclass
class Walk:
    """What people do, one after another; each act may be refused."""

    at: Clinic

    async def ask(self, who: str, service: str, path: str, form: Any = None) -> httpx.Response:
        asking = asyncio.create_task(self.at.ask(who, service, path, form if form is not None else {}))
        while not asking.done():  # a hand-out waits for what inventory says of it
            await self.at.bus.settle()
            await asyncio.sleep(0.001)
        await self.at.bus.settle()
        assert asking.result().status_code < 500, asking.result().text
        return asking.result()

    async def collect(self, device_no: str = OLD) -> httpx.Response:
        form = {"patient_ref": self.at.patient_ref, "care_unit": "DEMO-101"}
        devices = [{"device_no": device_no, "purpose": "need_ended"}]
        return await self.ask("secretary", "ordering", "/collection-orders", {**form, "devices": devices})

    async def annul(self) -> httpx.Response | None:
        return await self._with_open("annul")

    async def hand_in(self) -> httpx.Response | None:
        return await self._with_open("hand-in")

    async def fetched(self) -> httpx.Response | None:
        return await self._with_open("fetched")

    async def close(self, *device_nos: str) -> None:
        """Close whatever the warehouse waits for."""
        form = {"storeroom_no": "DEMO-W1", "devices": [{"device_no": each} for each in device_nos]}
        for each in await self.at.got("keeper", "inventory", "/collection-orders"):
            await self.ask("keeper", "inventory", f"/collection-orders/{each['collection_no']}/close", form)

    async def come(self) -> None:
        await self.close(OLD)

    async def exchange(self) -> httpx.Response:
        return await self._exchanged({"device_no": OLD})

    async def exchange_collected(self) -> httpx.Response:
        return await self._exchanged({"device_no": OLD, "disposition": "collect", "collection": WHY})

    async def exchange_on_the_open_one(self) -> httpx.Response:
        return await self._exchanged({"device_no": OLD, "disposition": "collect"})

    async def give_back(self, device_no: str = OLD) -> httpx.Response:
        form = {"storeroom_no": "DEMO-S1", "devices": [{"device_no": device_no}]}
        return await self.ask(
            "secretary", "inventory", "/returns", {"patient_ref": self.at.patient_ref, **form}
        )

    async def _exchanged(self, old: Any) -> httpx.Response:
        form = {"patient_ref": self.at.patient_ref, "care_unit": "DEMO-101", "device_no": NEW}
        return await self.ask("nurse", "ordering", "/hand-outs", {**form, "exchange": old})

    async def _with_open(self, act: str) -> httpx.Response | None:
        for each in await self.orders():
            if each.is_open:
                return await self.ask("nurse", "ordering", f"/collection-orders/{each.collection_no}/{act}")
        return None

    async def orders(self) -> list[Any]:
        return list(await self.at.bus.services["ordering"].repository.whole(COLLECTION_ORDERS, {}))

    async def states(self) -> set[str]:
        kept = await self.at.bus.services["inventory"].repository.get(DEVICES.many([OLD, NEW]))
        return {each.state for each in kept}


ACTS: tuple[Act, ...] = (
    Walk.collect,
    Walk.annul,
    Walk.hand_in,
    Walk.fetched,
    Walk.close,
    Walk.come,
    Walk.exchange,
    Walk.exchange_collected,
    Walk.exchange_on_the_open_one,
    Walk.give_back,
)


@pytest.mark.parametrize("seed", range(24))
async def test_every_state_has_a_way_out_by_the_usual_acts(tmp_path: Path, seed: int) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    walk, chance = Walk(at), random.Random(seed)  # noqa: S311  it chooses acts, and guards nothing
    acts = chance.choices(ACTS, k=STEPS)
    for act in acts:
        await act(walk)

    await walk.close(OLD, NEW)
    for device_no in (OLD, NEW):
        await walk.give_back(device_no)

    names = [act.__name__ for act in acts]
    assert await walk.states() <= ENDS, names
    assert {each["state"] for each in await loans(at)} <= {"returned"}, names
    assert not [each for each in await walk.orders() if each.is_open], names
    again = await walk.collect()
    assert again.json()["rule"] == "nothing-to-collect", names


async def test_closed_without_the_exchanged_device_it_is_collected_anew_with_a_fee_that_went_on(
    tmp_path: Path,
) -> None:
    at = await stocked(tmp_path)
    await handed_out(at)
    walk = Walk(at)
    await walk.exchange_collected()
    await walk.close()

    assert {(each["device_no"], each["state"]) for each in await loans(at)} == {
        (OLD, "on_loan"), (NEW, "on_loan"),
    }  # fmt: skip
    anew = await walk.collect()
    await walk.come()

    assert anew.status_code == 201, anew.text
    listed = await at.got("nurse", "ordering", f"/patients/{at.patient_ref}/aids")
    assert [each["device_no"] for each in listed["has"]] == [NEW]
    assert {(each["device_no"], each["state"]) for each in await loans(at)} == {
        (OLD, "returned"), (NEW, "on_loan"),
    }  # fmt: skip
