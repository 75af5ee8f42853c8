"""The states of a device in the words of the guide, Swedish and English (S175)."""

from collections.abc import Mapping
from typing import Literal

from services.inventory.domain.devices.device import Device, DeviceState
from services.inventory.domain.goods.balance import Balance
from shared.domain.decision import Sentence

StockStatus = Literal["available", "reserved", "not_in_stock", "set_apart"]

STATES: Mapping[DeviceState, Sentence] = {
    "in_stock": Sentence("På lager", "In stock"),
    "picked": Sentence("Plockad", "Picked"),
    "under_way": Sentence("På väg till enheten", "On its way to the unit"),
    "at_unit": Sentence("På enheten, väntar på patienten", "At the unit, waits for the patient"),
    "on_loan": Sentence("Levererad", "Delivered"),
    "to_collect": Sentence("På enheten, väntar på hämtning", "At the unit, waits to be collected"),
    "quarantined": Sentence("I karantän", "In quarantine"),
    "missing": Sentence("Saknas", "Missing"),
    "written_off": Sentence("Skrotad", "Scrapped"),
}
SWAPPED = Sentence("Med transporten till huvudlagret", "With the transport to the warehouse")
LOST = Sentence("Stulen eller förkommen", "Stolen or lost")
STOCK_STATUSES: Mapping[StockStatus, Sentence] = {
    "available": Sentence("Tillgänglig", "Available"),
    "reserved": Sentence("Reserverad", "Reserved"),
    "not_in_stock": Sentence("Ej i lager", "Not in stock"),
    "set_apart": Sentence("Avställd", "Set apart"),
}


def state_of(device: Device) -> Sentence:
    """Say the state; what was stolen or lost was not scrapped (Q57), what was swapped waits nowhere (Q56)."""
    if device.state == "to_collect" and device.swap_no:
        return SWAPPED
    return LOST if device.lost else STATES[device.state]


def stock_status(device: Device, balance: Balance | None) -> StockStatus:
    """Tell, as the guide does, whether it can be taken; `balance` is that of where it lies (S175)."""
    if device.state in {"quarantined", "missing", "written_off"} or (
        device.state == "in_stock" and device.is_stopped
    ):
        return "set_apart"
    if device.state in {"on_loan", "to_collect"}:
        return "not_in_stock"
    if device.state != "in_stock" or device.storeroom_no is None:
        return "reserved"
    return "available" if balance is None or balance.available > 0 else "reserved"
