"""Goods that a store keeper sets apart, puts on the shelf again or scraps, with a reason (Q36, S148)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.inventory.domain.article import Article
from services.inventory.domain.devices.device import Device, DeviceState, device_changed, moved
from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import SCRAPPED, Movement, Why, added
from services.inventory.domain.goods.stock import Stock
from services.inventory.domain.maintenance.lending import against_shelf
from services.inventory.domain.places import Storeroom
from services.inventory.domain.returns.disposing import against_disposition, is_of_another_unit, owner_of
from services.inventory.domain.returns.refusals import AnotherUnitsProperty, NotScrappedHere
from shared.domain.decision import Decision, Refused, Sentence

To = Literal["quarantine", "shelf", "scrap"]


class NotOnThatShelf(Refused):
    """The device is not where it could be set apart, released or scrapped from."""

    rule = "not-on-that-shelf"
    sentence = Sentence(
        "Hjälpmedlet ligger inte så i förrådet. Läs hjälpmedlets kort: bara det som ligger på hyllan "
        "ställs av eller skrotas, och bara det som är avställt läggs tillbaka.",
        "The device does not lie in the storeroom like that. Read its card: only what is on the shelf is set "
        "apart or scrapped, and only what is set apart is put back.",
    )


@dataclass(frozen=True)
class Apart:
    """What a store keeper does with goods of a storeroom, and why."""

    movement_no: str
    storeroom: Storeroom
    to: To
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PiecesApart:
    """Pieces of a lot, or one device; `is_apart` when they stand in quarantine now."""

    article_no: str
    quantity: int
    lot: str
    is_apart: bool
    device_no: str | None = None


STATES: dict[To, tuple[frozenset[DeviceState], DeviceState]] = {
    "quarantine": (frozenset({"in_stock"}), "quarantined"),
    "shelf": (frozenset({"quarantined"}), "in_stock"),
    "scrap": (frozenset({"in_stock", "quarantined"}), "written_off"),
}
"""From which states a device comes, and what it is then."""


def set_device_apart(
    device: Device, balance: Balance | None, movement: Movement | None, *, apart: Apart
) -> Decision[Device, Balance, Movement | None]:
    """Move a device between shelf and quarantine, or scrap it.

    Raises NotOnThatShelf, TooFewInStock (it is reserved), NotScrappedHere, AnotherUnitsProperty,
    DeviceRecalled and FaultNotMended.
    """
    before, after = STATES[apart.to]
    place = apart.storeroom
    if device.state not in before or device.storeroom_no != place.storeroom_no:
        raise NotOnThatShelf(device_no=device.device_no)
    hindrance = against_shelf(device) if apart.to == "shelf" else None
    if hindrance is not None:
        raise hindrance(device_no=device.device_no)
    if apart.to == "scrap" and place.kind == "storeroom" and device.owner == "central":
        raise NotScrappedHere(device_no=device.device_no, article_no=device.article_no)
    unit = device.owner_unit
    if apart.to == "scrap" and unit is not None and is_of_another_unit(device.owner, unit, place):
        raise AnotherUnitsProperty(device_no=device.device_no, article_no=device.article_no)
    stock = Stock.of(place.storeroom_no, (device.article_no,), (balance,))
    pieces = PiecesApart(device.article_no, 1, "", device.state == "quarantined", device.device_no)
    stock = _moved(stock, pieces, to=apart.to)
    there = None if apart.to == "scrap" else place.storeroom_no
    changed = moved(device, state=after, storeroom_no=there)
    return changed, stock.balances[0], added(movement, _movement(apart, stock)), [device_changed(changed)]


def set_goods_apart(
    balance: Balance | None,
    movement: Movement | None,
    *,
    pieces: PiecesApart,
    apart: Apart,
    article: Article,
) -> Decision[Balance, Movement | None]:
    """Move counted goods between shelf and quarantine, or scrap them.

    Raises TooFewInStock, LotNotThere, and NotScrappedHere for what the centre lends again (Q45).
    """
    place = apart.storeroom
    if apart.to == "scrap" and place.kind == "storeroom":
        refused = against_disposition(article, "scrap", owner=owner_of(article))
        if refused is not None:
            raise refused(article_no=pieces.article_no)
    stock = Stock.of(place.storeroom_no, (pieces.article_no,), (balance,))
    stock = _moved(stock, pieces, to=apart.to)
    return stock.balances[0], added(movement, _movement(apart, stock)), []


def _moved(stock: Stock, pieces: PiecesApart, *, to: To) -> Stock:
    no, quantity, lot, device_no = pieces.article_no, pieces.quantity, pieces.lot, pieces.device_no
    if to == "quarantine":
        return stock.quarantine(no, quantity, lot=lot, device_no=device_no)
    if to == "shelf":
        return stock.release(no, quantity, lot=lot, device_no=device_no)
    take = stock.take_quarantined if pieces.is_apart else stock.take_free
    return take(no, quantity, target=SCRAPPED, lot=lot, device_no=device_no)


WHY: dict[To, Why] = {"quarantine": "set_apart", "shelf": "released", "scrap": "scrapped"}


def _movement(apart: Apart, stock: Stock) -> Movement:
    return Movement(
        apart.movement_no, apart.storeroom.storeroom_no, WHY[apart.to], apart.at, apart.by, stock.moved,
        reason=apart.reason,
    )  # fmt: skip
