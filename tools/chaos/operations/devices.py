"""Operations about devices: handed out, received, released by an annulment, despatched, recalled.

Where each piece is in the end is judged with the whole trial (`pieces.py`); here stands what must come of it.
"""

from collections.abc import Iterator

from tools.chaos.clerks.aids import BATTERY, PIECES, WAREHOUSE, Aids
from tools.chaos.clerks.desk import Desk
from tools.chaos.judging.evidence import Evidence
from tools.chaos.judging.pieces import rows_of
from tools.chaos.operations.operation import Operation, once


class WithDevices(Operation):
    """Knows its devices, and its orders as inventory has them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._aids = Aids(desk)
        self._devices: list[str] = []
        self._orders: list[str] = []

    async def _order(self) -> str:
        """Order, and wait until inventory has the order: the next one comes after it."""
        order_no = await self._aids.order()
        await self.desk.seen(lambda: self.desk.rows("inventory", "device_orders", {"_id": order_no}) or None)
        return order_no

    async def _in_warehouse(self) -> str:
        device_no = self._aids.device_no()
        await self._aids.receive(WAREHOUSE, BATTERY, device_no)
        return device_no

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        received = [row["device_no"] for row in rows_of(evidence) if row["source"] == "outside"]
        for each in self._devices:
            yield from once(f"device {each} was received", received.count(each))
        for each in self._orders:
            yield from self._wrong_with(each, evidence)

    def _wrong_with(self, order_no: str, evidence: Evidence) -> Iterator[str]:
        order = evidence.of("inventory", "device_orders").get(order_no)
        lines = order["lines"] if order else []
        if [line["reserved"] + line["picked"] for line in lines] != [1]:
            yield f"order {order_no} waits for what was received for it"


class Receive(WithDevices):
    """Devices come that orders wait for: these are reserved at once (Q36, Q49)."""

    async def prepare(self, times: int) -> None:
        self._orders = [await self._order() for _ in range(times)]
        self._devices = [self._aids.device_no() for _ in range(times)]

    async def go(self) -> None:
        for each in self._devices:
            await self._aids.receive(WAREHOUSE, BATTERY, each)


class Release(WithDevices):
    """An order is annulled, and the next one gets what was reserved for it (Q49)."""

    async def prepare(self, times: int) -> None:
        self._devices = [await self._in_warehouse() for _ in range(times)]
        self._annulled = [await self._order() for _ in range(times)]
        self._orders = [await self._order() for _ in range(times)]

    async def go(self) -> None:
        for each in self._annulled:
            await self._aids.annul(each)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        yield from super().wrong(evidence)
        for each in self._annulled:
            order = evidence.of("ordering", "device_orders").get(each)
            if order is None or order["released_at"] is None:
                yield f"order {each} is not annulled"


class Despatch(WithDevices):
    """Parcels leave the warehouse (Q49)."""

    async def prepare(self, times: int) -> None:
        self._devices = [await self._in_warehouse() for _ in range(times)]
        self._orders = [await self._order() for _ in range(times)]
        both = zip(self._orders, self._devices, strict=True)
        self._parcels = [await self._aids.packed(order_no, device_no) for order_no, device_no in both]

    async def go(self) -> None:
        for each in self._parcels:
            await self._aids.despatch(each)

    def _wrong_with(self, order_no: str, evidence: Evidence) -> Iterator[str]:
        order = evidence.of("ordering", "device_orders").get(order_no)
        left = [each for each in order["parcels"] if each["despatched_at"]] if order else []
        yield from once(f"a parcel of order {order_no} has left, as ordering knows", len(left))


class Lend(WithDevices):
    """Devices of the own storeroom are handed out by their numbers (Q41)."""

    async def prepare(self, times: int) -> None:
        self._devices = [await self._aids.cpap_on_shelf() for _ in range(times)]
        self._patients = [await self.desk.new_patient() for _ in range(times)]

    async def go(self) -> None:
        for patient_ref, device_no in zip(self._patients, self._devices, strict=True):
            order_no = await self._aids.hand_out(patient_ref, device_no)
            if order_no not in self._orders:
                self._orders.append(order_no)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        yield from super().wrong(evidence)
        if len(self._orders) != len(self._devices):
            yield f"{len(self._devices)} devices were handed out in {len(self._orders)} orders"

    def _wrong_with(self, order_no: str, evidence: Evidence) -> Iterator[str]:
        asked = evidence.of("inventory", "device_orders").get(order_no)
        if asked is None or asked["state"] != "handed_out":
            yield f"inventory: hand-out {order_no} is not made"
        answered = evidence.of("ordering", "device_orders").get(order_no)
        if answered is None or not answered["handed_out"]:
            yield f"ordering: hand-out {order_no} is not made"
        fees = [each for each in evidence.of("billing", "fees").values() if each["withdrawal_no"] == order_no]
        yield from once(f"the fee of hand-out {order_no} is in the ledger", len(fees))


class Recall(Operation):
    """Lots are recalled: each once, and what lies on the shelf is set apart, also after a kill (T17, N4)."""

    async def prepare(self, times: int) -> None:
        self._aids = Aids(self.desk)
        self._lots = [f"CHAOS{self.desk.name():05d}" for _ in range(times)]
        for each in self._lots:
            await self._aids.receive_lot(each)

    async def go(self) -> None:
        for each in self._lots:
            await self._aids.recall(each)

    def wrong(self, evidence: Evidence) -> Iterator[str]:
        recalls = evidence.of("inventory", "recalls").values()
        lots = [lot for each in evidence.of("inventory", "balances").values() for lot in each["lots"]]
        for name in self._lots:
            yield from once(f"lot {name} is recalled", sum(each["which"]["lot"] == name for each in recalls))
            lying = [(each["on_hand"], each["quarantined"]) for each in lots if each["lot"] == name]
            if lying != [(0, PIECES)]:
                yield f"lot {name} is recalled and lies so: {lying}"
