"""A device comes to lie in a storeroom: on the shelf, or set apart while it is stopped (Q36, Q56, N4)."""

from services.inventory.domain.devices.device import Device, DeviceState, moved
from services.inventory.domain.goods.stock import Stock


def put_in(stock: Stock, device: Device, *, source: str) -> Stock:
    """Put the device into the stock of the storeroom; what is stopped stands in quarantine at once."""
    stock = stock.put(device.article_no, 1, source=source, device_no=device.device_no)
    if device.is_stopped:
        return stock.quarantine(device.article_no, 1, device_no=device.device_no)
    return stock


def lying_in(device: Device, storeroom_no: str) -> Device:
    """Give the device as it lies there."""
    state: DeviceState = "quarantined" if device.is_stopped else "in_stock"
    return moved(device, state=state, storeroom_no=storeroom_no)
