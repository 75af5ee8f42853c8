"""A recall marks devices, and counted goods of orders; it marks nothing after it ended (N4, 0134)."""

from collections.abc import Callable
from dataclasses import replace

from services.inventory.domain.devices.device import Device, device_changed
from services.inventory.domain.goods.balance import Balance, unmark_recalled
from services.inventory.domain.goods.marks import with_mark, without_mark
from services.inventory.domain.orders.order import DeviceOrder, Goods, Parcel, settled
from services.inventory.domain.recalls.recall import Recall, mark_made, marked_by
from shared.domain.decision import Decision

Devices = tuple[Device, ...]
Orders = tuple[DeviceOrder, ...]


def is_to_mark(device: Device, recall: Recall) -> bool:
    """Tell whether the recall concerns the device, and has not marked it yet."""
    return device.state != "written_off" and marked_by(device, (recall,)) is not device


def mark_devices(recall: Recall, devices: Devices, orders: Orders) -> Decision[Recall, Devices, Orders]:
    """Mark devices as recalled, also in the parcels in which they are under way. Raises RecallEnded (N4)."""
    after = tuple(_marked(each, recall) if is_to_mark(each, recall) else each for each in devices)
    changed = [new for new, old in zip(after, devices, strict=True) if new is not old]
    numbers = {each.device_no for each in changed}

    def is_meant(goods: Goods) -> bool:
        return goods.device_no in numbers and not goods.component

    facts = [device_changed(each) for each in changed]
    return mark_made(recall), after, tuple(_with_marks(each, recall, is_meant) for each in orders), facts


def mark_orders(recall: Recall, orders: Orders) -> Decision[Recall, Orders]:
    """Mark the counted goods of orders, wherever they are by now. Raises RecallEnded (N4)."""

    def is_meant(goods: Goods) -> bool:
        return is_of(goods, recall)

    return mark_made(recall), tuple(_with_marks(each, recall, is_meant) for each in orders), []


def is_of(goods: Goods, recall: Recall) -> bool:
    """Tell whether the recall concerns counted goods of an order, or a component on a device."""
    is_counted = goods.device_no is None or goods.component
    return is_counted and recall.which.means(goods.article_no, goods.lot)


def has_unmarked(order: DeviceOrder, recall: Recall) -> bool:
    """Tell whether goods of the order are to be marked."""
    return any(
        is_of(each, recall) and not each.returned and with_mark(each.recalls, recall.mark) != each.recalls
        for parcel in order.parcels
        for each in parcel.goods
    )


def unmark_devices(devices: Devices, *, recall_no: str) -> Decision[Devices]:
    """Take the mark of one recall off; what is set apart stays so until somebody looks (N4)."""
    after = tuple(unmarked(each, recall_no) for each in devices)
    return after, [device_changed(new) for new, old in zip(after, devices, strict=True) if new is not old]


def unmarked(device: Device, recall_no: str) -> Device:
    """Give the device without the mark of one recall; others stay."""
    left = without_mark(device.recalls, recall_no)
    if left == device.recalls:
        return device
    return replace(
        device, recalls=left, to_notice=device.to_notice and bool(left), version=device.version + 1
    )


def unmark_orders(orders: Orders, *, recall_no: str) -> Decision[Orders]:
    """Let goods be packed, sent and handed over again, unless another recall concerns them (N4)."""
    return tuple(goods_unmarked(each, recall_no) for each in orders), []


def goods_unmarked(order: DeviceOrder, recall_no: str, device_no: str | None = None) -> DeviceOrder:
    """Take the mark of one recall off all goods of the order, or off one device."""

    def is_meant(goods: Goods) -> bool:
        return device_no is None or (goods.device_no == device_no and not goods.component)

    parcels = tuple(
        replace(
            parcel,
            goods=tuple(
                replace(each, recalls=without_mark(each.recalls, recall_no)) if is_meant(each) else each
                for each in parcel.goods
            ),
        )
        for parcel in order.parcels
    )
    return order if parcels == order.parcels else replace(order, parcels=parcels)


def unmark_balance(balance: Balance, *, recall_no: str) -> Decision[Balance]:
    """Take the mark of one recall off a balance; what is set apart stays so until somebody looks (N4)."""
    return unmark_recalled(balance, recall_no), []


def _marked(device: Device, recall: Recall) -> Device:
    return replace(
        marked_by(device, (recall,)), to_notice=device.state == "on_loan", version=device.version + 1
    )


def _with_marks(order: DeviceOrder, recall: Recall, is_meant: Callable[[Goods], bool]) -> DeviceOrder:
    """Mark goods; a packed parcel is opened again: its pick list waits for a store keeper."""
    parcels = tuple(_parcel(each, recall, is_meant) for each in order.parcels)
    return order if parcels == order.parcels else settled(replace(order, parcels=parcels))


def _parcel(parcel: Parcel, recall: Recall, is_meant: Callable[[Goods], bool]) -> Parcel:
    goods = tuple(
        replace(each, recalls=with_mark(each.recalls, recall.mark), noticed="nobody")
        if is_meant(each) and not each.returned and with_mark(each.recalls, recall.mark) != each.recalls
        else each
        for each in parcel.goods
    )
    if goods == parcel.goods:
        return parcel
    if parcel.state == "packed":
        return replace(parcel, goods=goods, state="given_up", parcel_no=None)
    return replace(parcel, goods=goods)
