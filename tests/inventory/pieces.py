"""Where pieces are by the movements and the orders of inventory, added up."""

from collections import Counter
from collections.abc import Iterable

from services.inventory.domain.goods.balance import Balance
from services.inventory.domain.goods.movement import COUNTED, LOST, SCRAPPED, Moved
from services.inventory.domain.orders.order import DeviceOrder

GONE = {SCRAPPED, COUNTED, LOST}


def away(orders: Iterable[DeviceOrder], rows: Iterable[Moved]) -> Counter[str]:
    """Count the pieces that are in parcels, with patients, or gone for good."""
    found = Counter[str]()
    for order in orders:
        for goods in (each for parcel in order.parcels for each in parcel.goods):
            found[goods.article_no] += goods.quantity * (order.state != "taken_back" and not goods.returned)
    for row in rows:
        found[row.article_no] += row.quantity * ((row.target in GONE) - (row.source in GONE))
    return found


def summed(rows: Iterable[Moved], balance: Balance) -> int:
    """Add up what moved to a balance and from it."""
    place = balance.storeroom_no
    moved = (each for each in rows if each.article_no == balance.article_no)
    return sum(each.quantity * ((each.target == place) - (each.source == place)) for each in moved)


def promised(orders: Iterable[DeviceOrder], balance: Balance) -> tuple[int, int]:
    """Add up what orders of a storeroom have reserved, and what they wait for."""
    sets = [
        (line, each.state == "open", line.one_set.get(balance.article_no, 0))
        for each in orders
        for line in each.lines
        if each.storeroom_no == balance.storeroom_no and each.kind != "hand_out"
    ]
    reserved = sum(line.reserved * pieces for line, _, pieces in sets)
    return reserved, sum(line.waiting * pieces for line, is_open, pieces in sets if is_open)


def coming_to(balance: Balance, orders: list[DeviceOrder]) -> int:
    """Count what replenishments bring of a balance's article that has not been received."""
    open_ones = [
        each
        for each in orders
        if each.replenishment
        and each.replenishment.storeroom_no == balance.storeroom_no
        and each.state != "annulled"
    ]
    lines = [line for each in open_ones for line in each.lines]
    booked = [parcel for each in open_ones for parcel in each.parcels if parcel.state == "booked"]
    goods = [each for parcel in booked for each in parcel.goods]
    ordered = sum(each.quantity for each in lines if each.article_no == balance.article_no)
    return ordered - sum(each.quantity for each in goods if each.article_no == balance.article_no)
