"""Operations about devices that are collected: an order is closed by what came, and one comes of an exchange.

Where each piece is in the end is judged with the whole trial (`pieces.py`); here stands what must come of it.
"""

from collections.abc import Iterator

from tools.chaos.clerks.aids import WAREHOUSE, Aids
from tools.chaos.clerks.desk import Desk
from tools.chaos.judging.evidence import Evidence
from tools.chaos.operations.operation import Operation, once


class WithLoans(Operation):
    """Knows patients, each with a CPAP on loan."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._aids = Aids(desk)
        self._lent: list[tuple[str, str]] = []

    async def _lend(self) -> tuple[str, str]:
        device_no, patient_ref = await self._aids.cpap_on_shelf(), await self.desk.new_patient()
        await self._aids.hand_out(patient_ref, device_no)
        return patient_ref, device_no


class Collect(WithLoans):
    """Devices that were ordered collected come to the warehouse (Q34, Q54)."""

    async def prepare(self, times: int) -> None:
        self._lent = [await self._lend() for _ in range(times)]
        self._orders = [await self._aids.collect(*each) for each in self._lent]

    async def go(self) -> None:
        for number, (_, device_no) in zip(self._orders, self._lent, strict=True):
            await self._aids.close(number, device_no)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        for number, (_, device_no) in zip(self._orders, self._lent, strict=True):
            for service in ("ordering", "inventory"):
                order = evidence.of(service, "collection_orders").get(number)
                if order is None or order["state"] != "closed":
                    yield f"{service}: collection order {number} is not closed"
            device = evidence.of("inventory", "devices")[device_no]
            if (device["state"], device["storeroom_no"]) != ("quarantined", WAREHOUSE):
                yield f"device {device_no} is {device['state']} in {device['storeroom_no']}"
            loans = evidence.of("inventory", "loans").values()
            ended = [each for each in loans if each["return_no"] == number]
            yield from once(f"a loan ended by collection order {number}", len(ended))


class Exchange(WithLoans):
    """Devices are exchanged for others, and the old ones wait to be collected (Q41, Q48)."""

    async def prepare(self, times: int) -> None:
        self._lent = [await self._lend() for _ in range(times)]
        self._new = [await self._aids.cpap_on_shelf() for _ in range(times)]

    async def go(self) -> None:
        for (patient_ref, old), new in zip(self._lent, self._new, strict=True):
            await self._aids.exchange(patient_ref, new, old)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        devices = evidence.of("inventory", "devices")
        for (patient_ref, old), new in zip(self._lent, self._new, strict=True):
            if (devices[old]["state"], devices[new]["state"]) != ("to_collect", "on_loan"):
                yield f"devices {old} and {new} are {devices[old]['state']} and {devices[new]['state']}"
            ordered = [
                each["state"]
                for each in evidence.of("ordering", "collection_orders").values()
                if each["patient_ref"] == patient_ref
            ]
            if ordered != ["registered"]:
                yield f"collection orders of device {old}: {ordered}"
            lent = evidence.of("ordering", "device_loans").values()
            known = [each["device_no"] for each in lent if each["patient_ref"] == patient_ref]
            if known != [new]:
                yield f"ordering knows {known} on loan, not {new}"
