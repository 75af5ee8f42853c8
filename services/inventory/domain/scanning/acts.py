"""What may be done now with a thing that was scanned, and why not (T18, S174 to S176)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.devices.states import StockStatus
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.orders.order import DeviceOrder, Parcel
from services.inventory.domain.places import Storeroom
from shared.domain.decision import Refused, Sentence

ActName = Literal[
    "hand_out", "receive_goods", "pick", "put_back", "despatch", "receive_parcel", "hand_over", "deliver",
    "return", "release", "receive_replenishment",
]  # fmt: skip


class FormerNumber(Refused):
    """The device has another number on its label now: two labels would say two things (Q12)."""

    rule = "former-number"
    sentence = Sentence(
        "Hjälpmedlet har fått ett nytt nummer. Skriv ut det nummer som står på hjälpmedlets kort.",
        "The device has a new number. Print the label with the number that its card shows.",
    )


@dataclass(frozen=True)
class Act:
    """Something that this person may do now with the thing."""

    name: ActName
    order_no: str | None = None
    parcel_no: str | None = None


@dataclass(frozen=True)
class Standing:
    """What the person who scans is to the thing."""

    keeps_goods: bool = False
    """Works at the warehouse or storeroom where it lies, or which it was picked in."""
    is_store_keeper: bool = False
    serves_patient: bool = False
    """Works at the care unit that it is for, or was handed out by, and in its product area."""
    hands_out: bool = False
    """Works in its product area, and hands out from the storeroom where it lies."""
    takes_back: bool = False
    """Works in its product area, at any care unit: a patient may hand it back anywhere (Q45)."""


NOTHING_TO_DO: Mapping[DeviceState | StockStatus, Sentence] = {
    "in_stock": Sentence(
        "Hjälpmedlet ligger i ett förråd där du inte arbetar.",
        "The device lies in a storeroom where you do not work.",
    ),
    "reserved": Sentence(
        "Hjälpmedlet är reserverat för en beställning.", "The device is reserved for an order."
    ),
    "picked": Sentence(
        "Hjälpmedlet är plockat till en beställning på ett annat lager.",
        "The device is picked for an order at another warehouse.",
    ),
    "under_way": Sentence(
        "Hjälpmedlet är på väg till en annan enhet.", "The device is on its way to another unit."
    ),
    "at_unit": Sentence(
        "Hjälpmedlet väntar på en patient vid en annan enhet.",
        "The device waits for a patient at another unit.",
    ),
    "on_loan": Sentence(
        "Hjälpmedlet är utlånat inom ett produktområde där du inte arbetar.",
        "The device is on loan in a product area where you do not work.",
    ),
    "to_collect": Sentence(
        "Hjälpmedlet väntar på att hämtas till huvudlagret. Det tas emot när hämtordern stängs där.",
        "The device waits to be collected to the warehouse. It is received when its order is closed there.",
    ),
    "quarantined": Sentence(
        "Hjälpmedlet är i karantän i ett förråd där du inte arbetar.",
        "The device is in quarantine in a storeroom where you do not work.",
    ),
    "missing": Sentence(
        "Hjälpmedlet saknas sedan en inventering eller leverans. Skanna det i en ny inventering av förrådet.",
        "The device is missing since a stocktake or delivery. Scan it in a new stocktake of the storeroom.",
    ),
    "written_off": Sentence(
        "Hjälpmedlet är skrotat. Lägg undan det och kontakta lagret.",
        "The device is scrapped. Put it aside and contact the warehouse.",
    ),
}
LOST = Sentence(
    "Hjälpmedlet är anmält som stulet eller förkommet. Ta emot det i ett förråd och kontakta Hjälpmedel om "
    "ersättningen.",
    "The device was reported stolen or lost. Receive it into a storeroom, and contact the central "
    "organisation about the compensation.",
)
NOBODYS = Sentence(
    "Ingen artikel, individ, sats eller kolli har det numret här. Skanna igen, eller skriv numret.",
    "No article, device, lot or parcel has that number here. Scan again, or type the number.",
)
LACKS_SEPARATOR = Sentence(
    "Skannern verkar inte skicka skiljetecknet FNC1 (GS), så delarna i koden kan inte skiljas åt. Ställ in "
    "skannern, eller skriv serienumret.",
    "The scanner seems not to send the separator FNC1 (GS), so the parts of the code cannot be told apart. "
    "Set up the scanner, or type the serial number.",
)
NO_PARCEL_ACT = Sentence(
    "Kollit kan inte hanteras av dig nu: det är inte vid din enhet eller ditt lager, eller redan mottaget.",
    "You cannot handle the parcel now: it is not at your unit or warehouse, or was received already.",
)
NOT_YOUR_GOODS = Sentence(
    "Varan ligger inte i något förråd där du arbetar.",
    "The goods lie in no storeroom where you work.",
)


def acts_with_device(
    device: Device, status: StockStatus, order: DeviceOrder | None, who: Standing
) -> Iterator[Act]:
    """Give what may be done with a device now; `order` is that which it is picked, sent or lent for."""
    order_no = order.order_no if order else None
    if device.state == "in_stock":
        if who.hands_out and status == "available":
            yield Act("hand_out")
        if who.is_store_keeper and who.keeps_goods:
            yield Act("pick")
    elif device.state == "picked" and who.keeps_goods and who.is_store_keeper:
        yield Act("put_back", order_no)
    elif device.state == "under_way" and order and who.serves_patient and order.deliver_to == "unit":
        yield Act(_receiving(order), order_no, _parcel_with(order, device.device_no))
    elif device.state == "at_unit" and who.serves_patient:
        yield Act("hand_over", order_no)
    elif device.state == "on_loan" and who.takes_back:
        yield Act("return")
    elif device.state == "quarantined" and who.keeps_goods:
        yield Act("release")


def why_nothing(device: Device, status: StockStatus, who: Standing) -> Sentence:
    """Say why this person can do nothing with the device now."""
    if device.lost:
        return LOST
    is_reserved = device.state == "in_stock" and status == "reserved" and who.hands_out
    return NOTHING_TO_DO["reserved" if is_reserved else device.state]


def acts_with_parcel(order: DeviceOrder, parcel: Parcel, who: Standing) -> Iterator[Act]:
    """Give what may be done with a parcel now."""
    number = parcel.parcel_no
    if parcel.state == "packed" and who.keeps_goods:
        yield Act("despatch", order.order_no, number)
    elif parcel.state == "despatched" and order.deliver_to == "home" and who.keeps_goods:
        yield Act("deliver", order.order_no, number)
    elif parcel.state == "despatched" and order.deliver_to == "unit" and who.serves_patient:
        yield Act(_receiving(order), order.order_no, number)
    elif parcel.state == "received" and who.serves_patient:
        yield Act("hand_over", order.order_no, number)


def acts_with_goods(
    article: Article, shelves: Sequence[tuple[Storeroom, Balance]], who: Standing
) -> Iterator[Act]:
    """Give what may be done with pieces of an article; `shelves` are those where the person works."""
    if who.keeps_goods:
        yield Act("receive_goods")
    if article.device is None or article.device.marked:
        return  # each piece has a number of its own: scan that
    for place, balance in shelves:
        if who.hands_out and place.kind == "storeroom" and balance.available > 0:
            yield Act("hand_out")
        if who.is_store_keeper and balance.reserved > 0:
            yield Act("pick")


def _receiving(order: DeviceOrder) -> ActName:
    """Name how a parcel is received: into a storeroom, or to wait for its patient."""
    return "receive_replenishment" if order.replenishment else "receive_parcel"


def _parcel_with(order: DeviceOrder, device_no: str) -> str | None:
    return next(
        (
            each.parcel_no
            for each in order.parcels
            if any(goods.device_no == device_no for goods in each.goods)
        ),
        None,
    )
