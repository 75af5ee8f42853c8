"""What is missing of a swap, device by device: one thing at a time, in the order of the work (Q56)."""

from collections.abc import Mapping
from typing import Literal

from services.inventory.domain.devices.device import Device
from services.inventory.domain.orders.order import DeviceOrder
from services.inventory.domain.orders.swap import SwapRow
from services.inventory.domain.orders.swapping import goods_of
from services.inventory.domain.swaps.results import swap_of
from shared.domain.decision import Sentence

Missing = Literal["goods", "picking", "arrival", "settings", "result", "old_device", "new_device"]
Outcome = Literal["not_swapped", "under_way", "at_warehouse", "repaired", "scrapped", "missing"]

MISSING: Mapping[Missing, Sentence] = {
    "goods": Sentence(
        "Lagret väntar på ett nytt hjälpmedel att skicka", "The warehouse waits for a new device to send"
    ),
    "picking": Sentence(
        "Det nya hjälpmedlet ska plockas och skickas", "The new device is to be picked and sent"
    ),
    "arrival": Sentence(
        "Det nya hjälpmedlet är på väg till enheten", "The new device is on its way to the unit"
    ),
    "settings": Sentence(
        "Enheten ska göra inställningarna och registrera att de är klara",
        "The unit is to make the settings and register that they are ready",
    ),
    "result": Sentence("Transporten ska rapportera bytet", "The transport is to report the swap"),
    "old_device": Sentence(
        "Det gamla hjälpmedlet har inte kommit till lagret", "The old device has not come to the warehouse"
    ),
    "new_device": Sentence(
        "Det nya hjälpmedlet har inte kommit tillbaka till lagret",
        "The new device has not come back to the warehouse",
    ),
}
OUTCOMES: Mapping[Outcome, Sentence] = {
    "not_swapped": Sentence("Inte utbytt, kvar hos patienten", "Not swapped, still with the patient"),
    "under_way": Sentence("Utbytt, på väg till lagret", "Swapped, on its way to the warehouse"),
    "at_warehouse": Sentence("Utbytt, på lagret för underhåll", "Swapped, at the warehouse for maintenance"),
    "repaired": Sentence("Utbytt, klar och åter i bruk", "Swapped, ready and in use again"),
    "scrapped": Sentence("Utbytt, skrotad", "Swapped, scrapped"),
    "missing": Sentence("Utbytt, saknas", "Swapped, missing"),
}


def missing_of(order: DeviceOrder, row: SwapRow) -> Missing | None:
    """Say what is to be done next of a device; None: nothing is."""
    goods = goods_of(order, row.line_no)
    if row.result == "swapped":
        return None if row.came_as else "old_device"
    if row.result == "not_swapped":
        return "new_device" if goods else None
    states = {each.state for each in order.parcels if any(part in goods for part in each.goods)}
    if "received" in states:
        return "result" if swap_of(order).settings_at else "settings"
    if "despatched" in states:
        return "arrival"
    line = order.line(row.line_no)
    return "picking" if line.reserved or line.picked else "goods"


def outcome_of(row: SwapRow, device: Device | None) -> Outcome | None:
    """Say what became of the old device; None while nobody has registered it."""
    if row.result != "swapped":
        return row.result
    if row.came_as is None:
        return "under_way"
    if row.came_as == "missing":
        return "missing"
    if device is None or device.state == "written_off":
        return "scrapped"
    is_set_apart = device.state == "quarantined"
    return "at_warehouse" if is_set_apart else "repaired"
