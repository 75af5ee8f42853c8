"""Orders of devices, devices, balances and loans of a given size, as years of work leave them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from services.billing.domain.devices.compensation import Compensation
from services.billing.repository.collections import COMPENSATIONS
from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.loan import Loan
from services.inventory.domain.devices.upkeep import Upkeep
from services.inventory.domain.goods.balance import Balance, Lot, balance_id
from services.inventory.domain.goods.marks import RecallMark
from services.inventory.domain.goods.movement import OUTSIDE, Moved, Movement
from services.inventory.domain.orders.order import DeviceOrder as KeptOrder
from services.inventory.domain.orders.order import Goods as KeptGoods
from services.inventory.domain.orders.order import Parcel as KeptParcel
from services.inventory.domain.orders.swap import Swap
from services.inventory.domain.stocktakes.stocktake import Stocktake
from services.inventory.repository.collections import BALANCES, DEVICES, LOANS, MOVEMENTS, STOCKTAKES
from services.inventory.repository.collections import DEVICE_ORDERS as KEPT_ORDERS
from services.ordering.domain.devices.goods import Goods, HandedOut
from services.ordering.domain.devices.lines import Line
from services.ordering.domain.devices.order import DeviceOrder, OrderedLine
from services.ordering.repository.collections import DEVICE_ORDERS
from shared.domain.days import local_day
from shared.repository import Collection

Rows = Iterator[tuple[str, Any]]

ONE_IN = 4
"""One order of devices for so many withdrawals."""
OF_A_STOREROOM = 300
"""So many devices lie in a storeroom: where more are, there are more storerooms."""
IN_A_LOT = 40
A_YEAR = timedelta(days=365)
A_RECALL, RECALLED = "r1", 200
"""A recall that has marked so many devices."""
ARTICLES, CLERKS, UNITS = 70, 10, 5


class Years(Protocol):
    """How what happened is spread over the years."""

    size: int

    def at(self, number: int) -> datetime: ...

    def is_open(self, number: int) -> bool: ...

    def patient(self, number: int) -> str: ...


class GrownDevices:
    """So many orders of devices, each with its device and loan, with what lies on the shelves."""

    def __init__(self, years: Years) -> None:
        self._years = years
        self._numbers = range(0, years.size, ONE_IN)
        self._storerooms = max(UNITS, years.size // ONE_IN // OF_A_STOREROOM)

    @property
    def rows(self) -> Mapping[tuple[str, Collection[Any]], Callable[[], Rows]]:
        return MappingProxyType({
            ("ordering", DEVICE_ORDERS): self._orders, ("inventory", KEPT_ORDERS): self._kept_orders,
            ("inventory", DEVICES): self._devices, ("inventory", BALANCES): self._balances,
            ("inventory", LOANS): self._loans, ("inventory", MOVEMENTS): self._movements,
            ("inventory", STOCKTAKES): self._stocktakes, ("billing", COMPENSATIONS): self._compensations,
        })  # fmt: skip

    def _storeroom(self, number: int) -> str:
        return f"S{number // ONE_IN % self._storerooms}"

    def _orders(self) -> Rows:
        for number in self._numbers:
            at, order_no, article = self._years.at(number), f"H{number:08}", f"91{number % ARTICLES:04}"
            goods = Goods(1, article, 1, (device_no(number),), (f"l{number}",))
            is_open = self._years.is_open(number)
            yield order_no, DeviceOrder(
                order_no, "order" if is_open else "hand_out", self._years.patient(number),
                f"U{number % UNITS}", "cpap", self._storeroom(number), f"prescriber-{number % UNITS}", "Prov",
                f"clerk-{number // ONE_IN % CLERKS}", f"Prov {number % CLERKS}", at, local_day(at),
                (OrderedLine(Line(1, article)),), waits_since=at if is_open else None,
                handed_out=() if is_open else (HandedOut(local_day(at), at, (goods,)),),
            )  # fmt: skip

    def _kept_orders(self) -> Rows:
        for number in self._numbers:
            at, order_no, is_open = self._years.at(number), f"H{number:08}", self._years.is_open(number)
            goods = KeptGoods(1, f"91{number % ARTICLES:04}", 1, lot=lot_of(number), handed_over=not is_open)
            parcel = KeptParcel(f"P{number}", "handed_out", "keeper-1", at, goods=(goods,))
            yield order_no, KeptOrder(
                order_no, self._years.patient(number), "order" if is_open else "hand_out",
                "open" if is_open else "handed_out", f"U{number % UNITS}", "cpap", self._storeroom(number),
                sent_at=at, parcels=() if is_open else (parcel,), to_pick=is_open,
                swap=_swap(at) if is_open and number % 3 == 0 else None,
            )  # fmt: skip

    def _devices(self) -> Rows:
        for number in self._numbers:
            lies = number // ONE_IN % 2 == 0
            yield device_no(number), Device(
                device_no(number), f"91{number % ARTICLES:04}", "central",
                self._storeroom(number // 2) if lies else None, "in_stock" if lies else "on_loan",
                serial_no=f"SN-{number * 104_729 % 9_999_991:07}", loan_id=None if lies else f"l{number}",
                received_on=local_day(self._years.at(number)),
                care_unit=None if lies else f"U{number % UNITS}",
                upkeep=Upkeep(due_on=local_day(self._years.at(number)) + A_YEAR, plan_version=1),
                recalls=(RecallMark(A_RECALL, self._years.at(0)),) if number < RECALLED * ONE_IN else (),
            )  # fmt: skip

    def _balances(self) -> Rows:
        for number in self._numbers:
            place = self._storeroom(number)
            article = f"92{number // ONE_IN // self._storerooms:05}"
            lots = (Lot(lot_of(number), on_hand=number % 9),)
            waiting = int(self._years.is_open(number) and number % 3 == 0)
            yield balance_id(place, article), Balance(place, article, lots, waiting=waiting)

    def _loans(self) -> Rows:
        for number in self._numbers:
            at = self._years.at(number)
            yield f"l{number}", Loan(
                f"l{number}", self._years.patient(number), device_no(number), f"91{number % ARTICLES:04}",
                "cpap", f"U{number % UNITS}", f"H{number:08}", 1, local_day(at), at, "handed_out",
            )  # fmt: skip

    def _movements(self) -> Rows:
        for number in self._numbers:
            place, article = self._storeroom(number), f"91{number % ARTICLES:04}"
            row = Moved(article, 1, OUTSIDE, place, device_no=device_no(number))
            yield (
                f"m{number}",
                Movement(f"m{number}", place, "received", self._years.at(number), "keeper-1", (row,)),
            )

    def _stocktakes(self) -> Rows:
        for number in self._numbers[::10]:
            yield (
                f"i{number}",
                Stocktake(
                    f"i{number}", self._storeroom(number // 10), "bench", "keeper-1", self._years.at(number)
                ),
            )

    def _compensations(self) -> Rows:
        for number in self._numbers[::10]:
            at, loss_no = self._years.at(number), f"E{number:08}"
            yield loss_no, Compensation(
                loss_no, f"l{number}", self._years.patient(number), device_no(number), "910001", "cpap",
                f"U{number % UNITS}", f"H{number:08}", "lost", local_day(at), at, None, local_day(at),
                state="reported" if self._years.is_open(number) else "decided",
            )  # fmt: skip


def device_no(number: int) -> str:
    """Name the device of an order, so that parts of numbers are as varied as a region's."""
    return f"D{number * 7_919 % 9_999_991:07}"


def lot_of(number: int) -> str:
    return f"L{number // ONE_IN // IN_A_LOT:06}"


def _swap(at: datetime) -> Swap:
    """A swap of which something is missing."""
    return Swap(local_day(at), local_day(at), "Bench", "keeper-1", "Prov", ())
