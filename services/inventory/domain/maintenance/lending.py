"""What may not be lent before it is maintained or mended, and who decides otherwise, with a reason (Q56)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from services.inventory.domain.devices.device import Device
from services.inventory.domain.devices.noting import NoteAboutPerson
from services.inventory.domain.devices.upkeep import Exemption
from services.inventory.domain.goods.marks import stands_at
from shared.domain.code import is_persons
from shared.domain.days import local_day
from shared.domain.decision import Decision, Refused, Sentence


class MaintenanceOverdue(Refused):
    """The day of its preventive maintenance has passed."""

    rule = "maintenance-overdue"
    sentence = Sentence(
        "Hjälpmedlets förebyggande underhåll skulle ha gjorts. Välj ett annat hjälpmedel, eller skriv på "
        "hjälpmedlets kort varför det ändå lämnas ut.",
        "The device's preventive maintenance is overdue. Choose another device, or write on its card why it "
        "is handed out all the same.",
    )


class FaultNotMended(Refused):
    """A fault of the device is reported and not mended yet."""

    rule = "fault-not-mended"
    sentence = Sentence(
        "Ett fel är anmält på hjälpmedlet och inte avhjälpt. Välj ett annat hjälpmedel.",
        "A fault of the device is reported and not mended. Choose another device.",
    )


class DeviceRecalled(Refused):
    """The device is recalled."""

    rule = "device-recalled"
    sentence = Sentence(
        "Hjälpmedlet är återkallat och får inte användas. Välj ett annat, och ställ av det här.",
        "The device is recalled and may not be used. Choose another, and set this one apart.",
    )


class NotOverdue(Refused):
    """Nothing stands against handing it out."""

    rule = "not-overdue"
    sentence = Sentence(
        "Hjälpmedlets underhåll har inte passerat sin dag. Det kan lämnas ut utan skäl.",
        "The device's maintenance is not overdue. It can be handed out without a reason.",
    )


def is_overdue(device: Device, *, on: date) -> bool:
    """Tell whether the day has passed by which it was to be maintained (S131)."""
    due_on = device.upkeep.due_on
    return due_on is not None and due_on < on


def against_shelf(device: Device) -> type[Refused] | None:
    """Say what stops the device from being put on a shelf for anybody (Q56, N4)."""
    if device.recalls:
        return DeviceRecalled
    return FaultNotMended if device.is_stopped else None


def against_lending(device: Device, *, on: date, at: datetime | None = None) -> type[Refused] | None:
    """Say what speaks against giving the device to a patient that day (Q56).

    `at`: when it was given, where that is reported afterwards; a recall that began later is no reason (N4).
    """
    upkeep = device.upkeep
    if stands_at(device.recalls, at) if at else device.recalls:
        return DeviceRecalled
    if upkeep.corrective_job or upkeep.rejected_by:
        return FaultNotMended
    is_exempt = upkeep.exemption is not None and upkeep.exemption.due_on == upkeep.due_on
    return MaintenanceOverdue if is_overdue(device, on=on) and not is_exempt else None


def demand_fit(devices: Iterable[Device | None], *, on: date, at: datetime | None = None) -> None:
    """Demand that each of the devices may be given to a patient that day.

    Raises DeviceRecalled, FaultNotMended and MaintenanceOverdue (Q56).
    """
    for each in devices:
        hindrance = against_lending(each, on=on, at=at) if each else None
        if each and hindrance:
            raise hindrance(device_no=each.device_no)


def exempt(device: Device, *, reason: str, by: str, at: datetime) -> Decision[Device]:
    """Record why the device is handed out though its maintenance is overdue; it holds until that is done.

    Raises NotOverdue and NoteAboutPerson (Q56).
    """
    due_on = device.upkeep.due_on
    if due_on is None or not is_overdue(device, on=local_day(at)):
        raise NotOverdue(device_no=device.device_no)
    if is_persons(reason):
        raise NoteAboutPerson(device_no=device.device_no)
    exemption = Exemption(due_on, reason, by, at)
    return replace(device, upkeep=replace(device.upkeep, exemption=exemption)), []
