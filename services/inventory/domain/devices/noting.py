"""What people write about one device, on its card (S176)."""

from dataclasses import replace

from services.inventory.domain.devices.device import Device
from shared.domain.code import is_persons
from shared.domain.decision import Decision, Refused, Sentence


class NoteAboutPerson(Refused):
    """The card follows the device to the next patient: nobody is named on it (Q61)."""

    rule = "note-about-person"
    sentence = Sentence(
        "Skriv inget personnummer på hjälpmedlets kort: kortet följer hjälpmedlet till nästa patient.",
        "Write no personal number on a device's card: the card follows the device to the next patient.",
    )


def note_device(device: Device, *, text: str | None) -> Decision[Device]:
    """Write about the device what whoever has it next should know; raises NoteAboutPerson."""
    if text is not None and is_persons(text):
        raise NoteAboutPerson(device_no=device.device_no)
    return replace(device, note=text), []
