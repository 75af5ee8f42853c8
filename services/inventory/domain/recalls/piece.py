"""Counted goods that a recall concerns: in storerooms, under way, at units and with patients (N4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.orders.holding import HoldingState
from services.inventory.domain.orders.order import DeviceOrder, Goods
from services.inventory.domain.recalls.recall import WhichPieces
from shared.domain.decision import Sentence

GoodsState = Literal["on_shelf", "set_apart", "waits", "has"]
GOODS_STATES: Mapping[GoodsState, Sentence] = {
    "on_shelf": Sentence("På hyllan", "On the shelf"),
    "set_apart": Sentence("I karantän", "In quarantine"),
    "waits": Sentence("På väg eller på enheten", "Under way or at the unit"),
    "has": Sentence("Hos patienten", "With the patient"),
}


@dataclass(frozen=True)
class GoodsLying:
    """Pieces of one lot in a storeroom."""

    storeroom_no: str
    article_no: str
    lot: str
    on_shelf: int
    set_apart: int


@dataclass(frozen=True)
class GoodsHeld:
    """Pieces of one lot that went out for an order, and where they are now."""

    order_no: str
    article_no: str
    lot: str
    quantity: int
    state: HoldingState


def lying_in_storeroom(balance: Balance, which: WhichPieces) -> Iterator[GoodsLying]:
    """Give what of the balance is meant, by lot."""
    for each in balance.lots:
        if which.means(balance.article_no, each.lot):
            yield GoodsLying(
                balance.storeroom_no, balance.article_no, each.lot, each.on_hand, each.quarantined
            )


def held_in(order: DeviceOrder, which: WhichPieces) -> Iterator[GoodsHeld]:
    """Give what of the order's goods is meant; a hand-out by mistake was none (Q51)."""
    if order.state == "taken_back":
        return
    for parcel in order.parcels:
        for each in parcel.goods:
            if (each.device_no is None or each.component) and which.means(each.article_no, each.lot):
                yield GoodsHeld(order.order_no, each.article_no, each.lot, each.quantity, _state(each))


def first_of(order: DeviceOrder, which: WhichPieces) -> str | None:
    """Name the first of its articles that is meant: by that one a list finds the order once."""
    return next((each.article_no for each in held_in(order, which)), None)


def _state(goods: Goods) -> HoldingState:
    if goods.returned:
        return "had"
    return "has" if goods.handed_over else "waits"
