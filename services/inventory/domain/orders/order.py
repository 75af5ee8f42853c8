"""An order of devices as inventory keeps it: what is reserved, in which parcel, handed out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from services.inventory.domain.goods.levels import Undershot
from services.inventory.domain.goods.marks import Marks
from services.inventory.domain.orders.swap import Swap
from shared.events.fact import Fact
from shared.events.fees import DeviceFee

OrderState = Literal["expected", "open", "despatched", "annulled", "handed_out", "refused", "taken_back"]
"""`expected`: a fact about it came before the order itself. `despatched`: nothing more will come."""
ParcelState = Literal[
    "picking", "given_up", "packed", "despatched", "received", "delivered", "handed_out", "sent_back",
    "booked",
]  # fmt: skip
"""`booked`: its goods lie in the storeroom that a replenishment was for."""
Kind = Literal["order", "hand_out", "replenishment", "swap"]
Source = Literal["automatic", "manual", "template"]
"""How a replenishment came about; which of them need a receipt is a setting of the storeroom (Q47)."""
DeliverTo = Literal["unit", "home"]
Noticed = Literal["nobody", "unit", "patient"]
Disposition = Literal["return", "scrap"]
"""What becomes of goods that a patient hands back."""
ExchangeDisposition = Literal["return", "scrap", "collect"]
"""What becomes of a device that is exchanged: what is collected waits at the unit for the warehouse."""


@dataclass(frozen=True)
class Goods:
    """Pieces of one lot, or one device, in a parcel."""

    line_no: int
    article_no: str
    quantity: int
    lot: str = ""
    best_before: date | None = None
    device_no: str | None = None
    component: bool = False
    """It is coupled to the device of the line, and follows it (Q46)."""
    handed_over: bool = False
    loan_id: str | None = None
    returned: bool = False
    """Handed back, never fetched, or received into a storeroom: it is where that put it."""
    recalls: Marks = ()
    """The recalls that concern it: it is not packed, sent or handed over (N4)."""
    noticed: Noticed = "nobody"
    """Who was told that it is recalled."""


DeviationKind = Literal["missing", "too_many", "wrong", "damaged"]


@dataclass(frozen=True)
class Deviation:
    """What of a delivery to a storeroom was not as the parcel said (Q47)."""

    kind: DeviationKind
    article_no: str
    quantity: int
    reason: str
    lot: str = ""
    device_no: str | None = None


@dataclass(frozen=True)
class Parcel:
    """A pick list that was taken, and the parcel that it becomes."""

    pick_list_no: str
    state: ParcelState
    taken_by: str
    taken_at: datetime
    parcel_no: str | None = None
    goods: tuple[Goods, ...] = ()
    despatched_at: datetime | None = None
    received_at: datetime | None = None
    arrives_on: date | None = None
    """The planned day, of a replenishment."""
    received_by: str | None = None
    """Who received a replenishment; None when the planned day booked it."""
    taken_by_name: str = ""
    received_by_name: str = ""
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """The device that the patient hands back for the one of the line: its loan continues (Q48)."""

    loan_id: str
    device_no: str
    disposition: ExchangeDisposition = "return"
    collection_no: str | None = None
    """The collection order of what is collected."""


@dataclass(frozen=True)
class Awaited:
    """An article that a line waits for, and the day on which enough of it is expected."""

    article_no: str
    on: date | None
    """None: too little is on order."""


@dataclass(frozen=True)
class OrderLine:
    """A line in sets: its article with the components that are coupled to each."""

    line_no: int
    article_no: str
    quantity: int
    device_no: str | None = None
    components: tuple[tuple[str, int], ...] = ()
    """Article and quantity for one device."""
    goes_with: int | None = None
    fee: DeviceFee | None = None
    reserved: int = 0
    picked: int = 0
    """Taken from the shelf, wherever they are now."""
    exchange: Exchange | None = None
    removed: tuple[str, ...] = ()
    """Standard components that shall not be on it."""
    awaited: tuple[Awaited, ...] = ()
    undershot: Undershot | None = None
    """Of an automatic replenishment: why it was ordered."""

    @property
    def expected_on(self) -> date | None:
        """The day when the last of what it waits for is expected; None while nobody knows."""
        days = [each.on for each in self.awaited]
        return None if None in days else max((each for each in days if each), default=None)

    @property
    def waiting(self) -> int:
        return self.quantity - self.reserved - self.picked

    @property
    def one_set(self) -> Mapping[str, int]:
        """Give the pieces of one set, by article."""
        pieces = {self.article_no: 1}
        for article_no, quantity in self.components:
            pieces[article_no] = pieces.get(article_no, 0) + quantity
        return pieces


@dataclass(frozen=True)
class Replenishment:
    """What only an order to a storeroom has: which one, who ordered it and how it is received (S114)."""

    storeroom_no: str
    source: Source
    ordered_by: str
    receipt: bool
    """It is on hand when its receipt is made; otherwise on the planned day (Q47)."""
    ordered_by_name: str = ""
    template_id: str | None = None
    reason: str | None = None
    """Why a store keeper ordered what is replenished by itself (Q20)."""
    waits_in_vain: bool = False
    """A task says that it waits for what is purchased no more (Q55)."""


@dataclass(frozen=True)
class DeviceOrder:
    """An order by its number; a patient by reference only (Q61).

    A replenishment is ordered for a storeroom: reserved, picked and sent like any order.
    """

    order_no: str
    patient_ref: str = ""
    kind: Kind = "order"
    state: OrderState = "expected"
    care_unit: str = ""
    product_area: str = ""
    storeroom_no: str = ""
    deliver_to: DeliverTo = "unit"
    joint: bool = False
    sent_on: date | None = None
    sent_at: datetime | None = None
    lines: tuple[OrderLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    annulment_asked_at: datetime | None = None
    split_at: datetime | None = None
    mistaken_at: datetime | None = None
    hand_overs: tuple[str, ...] = ()
    """The numbers of those at the care unit that were made or refused."""
    version: int = 0
    """Counts the snapshots of what is reserved."""
    loans_made: int = 0
    waiting_for: tuple[str, ...] = field(default=())
    """Articles that lines wait for: by these a receipt of goods finds the order."""
    to_pick: bool = False
    """A pick list can be taken."""
    replenishment: Replenishment | None = None
    """Of this kind only; so is the swap."""
    swap: Swap | None = None
    to_receive: bool = False
    """A parcel of it is on its way to a storeroom."""
    books_on: date | None = None
    """The first planned day on which a parcel of it books itself."""
    waits_joint: bool = False
    """All of it waits for a part."""
    searched: bool = False
    """The search of orders was told of it (Q35)."""
    to_notice: bool = False
    """Recalled goods of it have reached somebody who was not told: always follows from the parcels."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "to_notice", any(to_tell(self)))

    @property
    def articles(self) -> tuple[str, ...]:
        """Name every article of the order, components too."""
        return tuple(dict.fromkeys(no for line in self.lines for no in line.one_set))

    @property
    def picking(self) -> Parcel | None:
        return next((each for each in self.parcels if each.state == "picking"), None)

    @property
    def given_up(self) -> Parcel | None:
        """Give the pick list, with what was picked of it, that waits for another store keeper."""
        return next((each for each in self.parcels if each.state == "given_up"), None)

    def line(self, line_no: int) -> OrderLine:
        return next(each for each in self.lines if each.line_no == line_no)


def to_tell(order: DeviceOrder) -> Iterator[tuple[Goods, Noticed]]:
    """Give the recalled goods that have reached the unit or the patient, and who is to be told now (N4).

    Of a device that a patient has its loan tells.
    """
    if order.kind == "replenishment" or order.state == "taken_back":
        return
    for parcel in order.parcels:
        for each in parcel.goods:
            if not each.recalls or each.returned:
                continue
            if each.handed_over and (each.device_no is None or each.component):
                if each.noticed != "patient":
                    yield each, "patient"
            elif parcel.state == "received" and not each.handed_over and each.noticed == "nobody":
                yield each, "unit"


def settled(order: DeviceOrder) -> DeviceOrder:
    """Say what the order waits for and whether it can be picked; a joint one waits for all (S95, Q55)."""
    is_open = order.state == "open"
    waits = [each for each in order.lines if each.waiting and is_open]
    articles = tuple(dict.fromkeys(no for line in waits for no in line.one_set))
    is_held = order.joint and order.split_at is None and bool(waits)
    is_ready = any(each.reserved for each in order.lines) or order.given_up is not None
    to_pick = is_open and is_ready and not is_held and order.picking is None
    return _with_arrivals(replace(order, waiting_for=articles, to_pick=to_pick))


def _with_arrivals(order: DeviceOrder) -> DeviceOrder:
    if order.replenishment is None:
        return order
    sent = [each.arrives_on for each in order.parcels if each.state == "despatched"]
    planned = min((day for day in sent if day), default=None)
    books_on = None if order.replenishment.receipt else planned
    waits_joint = order.joint and order.split_at is None and bool(order.waiting_for)
    return replace(order, to_receive=bool(sent), books_on=books_on, waits_joint=waits_joint)


def told(order: DeviceOrder, *facts: Fact) -> list[Fact]:
    """Publish what ordering follows an order by: replenishments and swaps are inventory's own (Q35)."""
    return [] if order.kind in {"replenishment", "swap"} else list(facts)


def with_line(order: DeviceOrder, line: OrderLine) -> DeviceOrder:
    lines = tuple(line if each.line_no == line.line_no else each for each in order.lines)
    return replace(order, lines=lines)


def with_parcel(order: DeviceOrder, parcel: Parcel) -> DeviceOrder:
    parcels = tuple(parcel if each.pick_list_no == parcel.pick_list_no else each for each in order.parcels)
    return replace(order, parcels=parcels)
