"""A maintenance swap is an order of inventory's own: what others are told of it (S132, Q56, 0147)."""

from dataclasses import replace

from services.inventory.domain.orders.order import DeviceOrder, Goods
from services.inventory.domain.orders.swap import Swap, SwapRow, is_ended
from shared.events.fact import Fact
from shared.events.inventory_swaps import DeviceInSwap, DeviceSwapChanged, OnDevice


def goods_of(order: DeviceOrder, line_no: int) -> tuple[Goods, ...]:
    """Give what was taken for a line and is neither with the patient nor back, components too."""
    return tuple(
        each
        for parcel in order.parcels
        for each in parcel.goods
        if each.line_no == line_no and not each.handed_over and not each.returned
    )


def with_swap(order: DeviceOrder, swap: Swap) -> DeviceOrder:
    """Keep a swap in its order: open while a device is to come back, an old one or a new one."""
    is_out = any(goods_of(order, each.line_no) for each in swap.rows)
    return replace(order, swap=replace(swap, is_open=is_out or not all(map(is_ended, swap.rows))))


def settled_swap(order: DeviceOrder) -> DeviceOrder:
    """Close a swap whose last new device lies on its shelf again; every other order is as it was."""
    return with_swap(order, order.swap) if order.swap else order


def swap_told(order: DeviceOrder) -> tuple[DeviceOrder, list[Fact]]:
    """Publish a swap as it is now, in its next version; of every other order nothing."""
    if order.swap is None:
        return order, []
    told = replace(order, version=order.version + 1)
    return told, [swap_changed(told, order.swap)]


def swap_changed(order: DeviceOrder, swap: Swap) -> DeviceSwapChanged:
    is_annulled = swap.annulled_at is not None
    return DeviceSwapChanged(
        swap_no=order.order_no,
        version=order.version,
        patient_ref=order.patient_ref,
        care_unit=order.care_unit,
        storeroom_no=order.storeroom_no,
        product_area=order.product_area,
        arranged_on=swap.arranged_on,
        ready_by=swap.ready_by,
        state="annulled" if is_annulled else "open" if swap.is_open else "closed",
        devices=tuple(_row(order, each) for each in swap.rows),
    )


def new_device(order: DeviceOrder, row: SwapRow) -> str | None:
    """Name the device that is sent for a row, or that the patient got."""
    sent = (each for each in goods_of(order, row.line_no) if each.device_no and not each.component)
    return row.new_device_no or next((each.device_no for each in sent), None)


def _row(order: DeviceOrder, row: SwapRow) -> DeviceInSwap:
    return DeviceInSwap(
        loan_id=row.loan_id,
        device_no=row.device_no,
        article_no=row.article_no,
        new_article_no=order.line(row.line_no).article_no,
        new_device_no=new_device(order, row),
        result=row.result,
        result_on=row.result_on,
        registered_at=row.registered_at,
        components=tuple(OnDevice(article_no=no, quantity=each) for no, each in _on_it(order, row)),
    )


def _on_it(order: DeviceOrder, row: SwapRow) -> tuple[tuple[str, int], ...]:
    """Say what is on the device that the patient has."""
    if row.result != "swapped":
        return row.components
    goods = (each for parcel in order.parcels for each in parcel.goods)
    on_new = (each for each in goods if each.component and each.device_no == row.new_device_no)
    return tuple((each.article_no, each.quantity) for each in on_new)
