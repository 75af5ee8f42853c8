"""What people do with devices in a trial, each act with a key of its own: the same act is done once."""

import asyncio
from random import Random
from typing import Any

from tools.chaos.clerks.clerk import NOT_HEARD_YET, NoAnswer, Refusal
from tools.chaos.clerks.desk import Desk
from tools.demo.people import PEOPLE

SECRETARY, NURSE, KEEPER = "secretary", "sleep_nurse", "warehouse_keeper"
UNIT, STOREROOM, WAREHOUSE = "DEMO-101", "DEMO-S1", "DEMO-W1"
CPAP, WITH_CPAP = "910001", ("910100", "910101")
PHONE = "070-174 06 05"
MOST_PATIENTS = 200
"""There are 999 reserve numbers of a birthday."""
PIECES = 3
"""Of a lot that is received."""
BATTERY = "910202"
"""A tracked accessory without components, that costs nothing."""


class Aids:
    """An act waits while the service does not know yet what it is about."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._patients: list[str] = []

    def device_no(self) -> str:
        """Give a number that no device has."""
        return f"D{self._desk.system.place.port_base}{self._desk.name():04d}"

    async def patient(self) -> str:
        """Register somebody new, or from so many on give one of them again; gives the reference."""
        if len(self._patients) < MOST_PATIENTS:
            self._patients.append(await self._desk.new_patient())
            return self._patients[-1]
        return self._patients[self._desk.name() % MOST_PATIENTS]

    async def receive(self, place: str, article_no: str, device_no: str) -> None:
        form = {"storeroom_no": place, "article_no": article_no, "devices": [{"device_no": device_no}]}
        await self._receive(place, form, key=f"receive-{device_no}")

    async def receive_lot(self, lot: str) -> None:
        """Receive pieces of a lot of a counted article into the care unit's storeroom."""
        form = {"storeroom_no": STOREROOM, "article_no": WITH_CPAP[0], "quantity": PIECES, "lot": lot}
        await self._receive(STOREROOM, form, key=f"receive-{lot}")

    async def recall(self, lot: str) -> None:
        """Recall a lot, under the same key however often it is asked."""
        form = {"lot": lot, "reason": "Sprickor", "notify_patients": False}
        await self._keep("/recalls", form, key=f"recall-{lot}")

    async def cpap_on_shelf(self) -> str:
        """Receive a CPAP with what belongs to it into the care unit's storeroom; give its number."""
        device_no = self.device_no()
        for article_no in WITH_CPAP:
            form = {"storeroom_no": STOREROOM, "article_no": article_no, "quantity": 1}
            await self._receive(STOREROOM, form, key=f"receive-{article_no}-{device_no}")
        await self.receive(STOREROOM, CPAP, device_no)
        return device_no

    async def _receive(self, place: str, form: dict[str, Any], *, key: str) -> None:
        person = KEEPER if place == WAREHOUSE else NURSE
        await self._desk.ask(person, "inventory", "/goods/receive", form, key=key)

    async def order(self) -> str:
        """Order a battery for somebody new; give the order's number."""
        patient_ref = await self.patient()
        path, name = f"/device-baskets/{patient_ref}", self._desk.name()
        head = {"care_unit": UNIT, "prescriber": PEOPLE[NURSE].sub}
        line = {"article_no": BATTERY, "source": "warehouse", "is_additional": True}
        await self._want(path, head, key=f"basket-{name}", method="PUT")
        await self._want(f"{path}/lines", line, key=f"line-{name}")
        sent = await self._want(f"{path}/send", key=f"send-{name}")
        return str(sent["orders"][0]["order_no"])

    async def annul(self, order_no: str) -> None:
        await self._want(f"/device-orders/{order_no}/annul", key=f"annul-{order_no}")

    async def hand_over(self, order_no: str) -> None:
        await self._want(f"/device-orders/{order_no}/hand-overs", {}, key=f"hand-over-{order_no}")

    async def regret(self, order_no: str) -> None:
        form = {"reason": "The wrong patient was chosen."}
        await self._want(f"/hand-outs/{order_no}/mistaken", form, key=f"regret-{order_no}")

    async def hand_out(self, patient_ref: str, device_no: str) -> str:
        """Hand out a device, with its fee; give the order's number."""
        form = {
            "patient_ref": patient_ref, "care_unit": UNIT, "device_no": device_no,
            "prescriber": PEOPLE[NURSE].sub, "fee": True, "is_additional": True,
        }  # fmt: skip
        made = await self._want("/hand-outs", form, key=f"hand-out-{device_no}-{patient_ref}")
        return str(made["order_no"])

    async def packed(self, order_no: str, device_no: str) -> str:
        """Take the pick list, pick the device and pack it; give the parcel's number."""
        path = f"/device-orders/{order_no}/pick-list"
        await self._keep(f"{path}/take", key=f"take-{order_no}")
        await self._keep(f"{path}/pick", {"device_no": device_no}, key=f"pick-{order_no}")
        packed = await self._keep(f"{path}/pack", {}, key=f"pack-{order_no}")
        return str(packed["parcels"][0]["parcel_no"])

    async def despatch(self, parcel_no: str) -> None:
        await self._keep(f"/parcels/{parcel_no}/despatch", key=f"despatch-{parcel_no}")

    async def receive_parcel(self, parcel_no: str) -> None:
        """Receive a parcel at the care unit."""
        path = f"/parcels/{parcel_no}/receive"
        await self._desk.ask(SECRETARY, "inventory", path, key=f"arrived-{parcel_no}")

    async def _want(self, path: str, body: Any = None, *, key: str, method: str = "POST") -> Any:
        return await self._desk.ask(
            SECRETARY, "ordering", path, body, key=key, method=method, wait_while=NOT_HEARD_YET
        )

    async def _keep(self, path: str, body: Any = None, *, key: str) -> Any:
        return await self._desk.ask(KEEPER, "inventory", path, body, key=key, wait_while=NOT_HEARD_YET)

    async def hand_back(self, patient_ref: str, device_no: str) -> None:
        """Register that a patient handed a device back to the care unit."""
        form = {"patient_ref": patient_ref, "storeroom_no": STOREROOM, "devices": [{"device_no": device_no}]}
        key = f"hand-back-{device_no}-{patient_ref}"
        await self._desk.ask(SECRETARY, "inventory", "/returns", form, key=key, wait_while=NOT_HEARD_YET)

    async def collect(self, patient_ref: str, device_no: str) -> str:
        """Order a patient's device collected at the unit; give the order's number."""
        devices = [{"device_no": device_no, "purpose": "need_ended"}]
        form = {"patient_ref": patient_ref, "care_unit": UNIT, "devices": devices, "phone": PHONE}
        made = await self._want("/collection-orders", form, key=f"collect-{device_no}-{patient_ref}")
        return str(made["collection_no"])

    async def close(self, collection_no: str, *device_nos: str) -> None:
        """Close a collection order at the warehouse with what came."""
        form = {"storeroom_no": WAREHOUSE, "devices": [{"device_no": each} for each in device_nos]}
        await self._keep(f"/collection-orders/{collection_no}/close", form, key=f"close-{collection_no}")

    async def exchange(self, patient_ref: str, device_no: str, old: str) -> str:
        """Hand out a device for one that is collected; give the collection order's number."""
        why = {"purpose": "reconditioning", "phone": PHONE}
        form = {
            "patient_ref": patient_ref, "care_unit": UNIT, "device_no": device_no, "is_additional": True,
            "prescriber": PEOPLE[NURSE].sub,
            "exchange": {"device_no": old, "disposition": "collect", "collection": why},
        }  # fmt: skip
        made = await self._want("/hand-outs", form, key=f"exchange-{old}-{device_no}")
        return str(made["lines"][0]["collection_no"])


async def lives_of_devices(desk: Desk, chance: Random, over: asyncio.Event) -> None:
    """Let devices live one after the other until it is over; who gives up leaves a device where it is.

    Nothing is expected of a single life: at the end every piece is in one place, and its fee as it must be.
    """
    aids, lives = Aids(desk), (from_storeroom, from_warehouse, annulled, collected)
    while not over.is_set():
        try:
            await chance.choice(lives)(aids, chance)
        except (NoAnswer, Refusal):
            continue


async def from_storeroom(aids: Aids, chance: Random) -> None:
    """Hand a CPAP out; it may be a mistake, or come back."""
    device_no, patient_ref = await aids.cpap_on_shelf(), await aids.patient()
    order_no = await aids.hand_out(patient_ref, device_no)
    what = chance.choice(("kept", "mistake", "returned"))
    if what == "mistake":
        await aids.regret(order_no)
    elif what == "returned":
        await aids.hand_back(patient_ref, device_no)


async def from_warehouse(aids: Aids, chance: Random) -> None:
    """Order before or after the device comes, pick, send, receive and hand over."""
    device_no = aids.device_no()
    if chance.randrange(2):
        await aids.receive(WAREHOUSE, BATTERY, device_no)
        order_no = await aids.order()
    else:
        order_no = await aids.order()
        await aids.receive(WAREHOUSE, BATTERY, device_no)
    parcel_no = await aids.packed(order_no, device_no)
    await aids.despatch(parcel_no)
    await aids.receive_parcel(parcel_no)
    await aids.hand_over(order_no)


async def annulled(aids: Aids, chance: Random) -> None:
    """Annul an order that waits, or one that has what it needs."""
    if chance.randrange(2):
        await aids.receive(WAREHOUSE, BATTERY, aids.device_no())
    await aids.annul(await aids.order())


async def collected(aids: Aids, chance: Random) -> None:
    """Hand a CPAP out, and collect it, perhaps in exchange; it comes to the warehouse or does not."""
    device_no, patient_ref = await aids.cpap_on_shelf(), await aids.patient()
    await aids.hand_out(patient_ref, device_no)
    if chance.randrange(2):
        number = await aids.exchange(patient_ref, await aids.cpap_on_shelf(), device_no)
    else:
        number = await aids.collect(patient_ref, device_no)
    await aids.close(number, *[device_no][: chance.randrange(2)])
