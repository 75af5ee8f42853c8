"""How a device is found by whole or part of a number, as where a label is worn (S174, T19)."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from services.inventory.domain.devices.device import Device
from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

SHORTEST_PART = 3
LENGTHS = (SHORTEST_PART, 5)
"""Runs of so many signs are kept of each number: the longer ones tell devices of one series apart."""

Found = Literal["number", "former_number", "serial_no"]
SearchIn = Literal["number", "serial_no"]


class PartTooShort(Refused):
    """So few signs stand in too many numbers."""

    rule = "part-too-short"
    sentence = Sentence(
        "Skriv minst tre bokstäver eller siffror ur numret.",
        "Write at least three letters or digits of the number.",
    )


@dataclass(frozen=True)
class Sought:
    """A part of a number that somebody can read, and in which of a device's numbers it is looked for."""

    part: str
    search_in: SearchIn | None = None
    """None: in all of them."""

    @property
    def runs(self) -> tuple[str, ...]:
        """Give the runs that a number with this part has, as few as are needed."""
        length = max(each for each in LENGTHS if each <= len(self.part))
        places = {*range(0, len(self.part) - length, length), len(self.part) - length}
        return tuple(dict.fromkeys(self.part[place : place + length] for place in sorted(places)))

    def found_in(self, device: Device) -> Found | None:
        """Say in which of its numbers the part stands; None when in none that was asked about."""
        for kind, number in _numbers(device):
            asked = self.search_in is None or (self.search_in == "serial_no") == (kind == "serial_no")
            if asked and self.part in bare(number):
                return kind
        return None


def sought(text: str, search_in: SearchIn | None = None) -> Sought:
    """Read what somebody typed or scanned; raises PartTooShort."""
    part = bare(text)
    if len(part) < SHORTEST_PART:
        raise PartTooShort(shortest=SHORTEST_PART)
    return Sought(part, search_in)


def bare(number: str) -> str:
    """Give a number as it is compared: its letters and digits, in upper case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed(number)).upper() if sign.isalnum())


def findable(device: Device) -> Device:
    """Give the device with the runs of all its numbers, former ones too (Q12); done wherever it is stored."""
    runs = {run for _, number in _numbers(device) for run in _runs(bare(number))}
    return replace(device, number_runs=tuple(sorted(runs)))


def _numbers(device: Device) -> Iterator[tuple[Found, str]]:
    yield "number", device.number_on_label
    yield "number", device.device_no
    for each in device.former_numbers:
        yield "former_number", each
    if device.serial_no is not None:
        yield "serial_no", device.serial_no


def _runs(number: str) -> Iterable[str]:
    return (number[place : place + length] for length in LENGTHS for place in range(len(number) - length + 1))
