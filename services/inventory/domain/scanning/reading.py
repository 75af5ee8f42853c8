"""Reads what a scanner sends: GS1 codes and links, EAN, and own labels (T18, formats.md section 1)."""

import re
from dataclasses import dataclass
from datetime import date

import biip

from services.inventory.domain.gtin import as_14, is_gtin
from shared.domain.decision import Refused, Sentence
from shared.domain.scanned import GS, GS1_SYMBOLOGIES, without_wrapping

SHORTEST_GS1 = 16
"""The identifier 01 and a GTIN."""
WRITTEN_OUT = re.compile(r"\(([0-9]{2,4})\)")
LINK = ("https://", "http://")
"""GS1 Digital Link: the same parts in the address of a page, as QR codes have them."""
SERIAL, LOT, SSCC, GTIN = "21", "10", "00", "01"
EXPIRES, BEST_BEFORE = "17", "15"
"""The last day: of the first where both are there."""
INSIDE_ANOTHER = re.compile(r".(?:1[57][0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]|10.|21.)")


class NothingRead(Refused):
    """The scanner sent no sign that stands in a code."""

    rule = "nothing-read"
    sentence = Sentence(
        "Skannern skickade ingenting. Skanna igen, eller skriv numret.",
        "The scanner sent nothing. Scan again, or type the number.",
    )


@dataclass(frozen=True)
class Reading:
    """What a code says: a number of ours or somebody's, or the parts of a GS1 code."""

    text: str
    """As it was read, without what the scanner put around it."""
    gtin: str | None = None
    """Fourteen digits."""
    serial_no: str | None = None
    lot: str | None = None
    best_before: date | None = None
    best_before_as: str = EXPIRES
    """Which identifier the day had: expires, or best before."""
    sscc: str | None = None
    lacks_separator: bool = False
    """A part of any length may hold the next one: the scanner seems not to send FNC1."""

    @property
    def is_gs1(self) -> bool:
        return self.gtin is not None or self.sscc is not None


def read(scanned: str) -> Reading:
    """Say what was scanned; raises NothingRead."""
    sent, symbology = without_wrapping(scanned)
    if not sent.strip(GS):
        raise NothingRead
    is_gs1 = symbology in GS1_SYMBOLOGIES or sent.startswith((GS, "(", *LINK))
    found = _gs1(sent) if is_gs1 or _begins_like_gs1(sent) else None
    if found is not None:
        return found
    digits = re.sub("[ -]", "", sent)
    return Reading(sent, gtin=as_14(digits)) if is_gtin(digits) else Reading(sent)


def _begins_like_gs1(sent: str) -> bool:
    """Tell a GS1 code without its identifier: a right GTIN of fourteen digits behind 01."""
    return sent.startswith(GTIN) and len(sent) >= SHORTEST_GS1 and is_gtin(sent[2:SHORTEST_GS1])


def _gs1(sent: str) -> Reading | None:
    """Read the parts of a GS1 code; None when it is none."""
    written = WRITTEN_OUT.sub(rf"{GS}\1", sent) if sent.startswith("(") else sent
    message = written.strip()  # of the sign GS too
    if message.startswith("]"):
        return None  # biip would look for a symbology behind it, and its own was taken off
    result = biip.parse(message, config=biip.ParseConfig(gs1_element_strings_verify_date=False))
    found = result.gs1_message or result.gs1_digital_link_uri
    if found is None:
        return None
    parts = {each.ai.ai: each for each in found.element_strings}
    values = {ai: each.value for ai, each in parts.items()}
    if GTIN not in values and SSCC not in values:
        return None
    last_day = EXPIRES if EXPIRES in parts or BEST_BEFORE not in parts else BEST_BEFORE
    open_ended = [values[ai] for ai in (SERIAL, LOT) if ai in values]
    return Reading(
        message.replace(GS, " "),
        gtin=values.get(GTIN),
        serial_no=values.get(SERIAL),
        lot=values.get(LOT),
        best_before=parts[last_day].date if last_day in parts else None,
        best_before_as=last_day,
        sscc=values.get(SSCC),
        lacks_separator=GS not in message
        and not message.startswith(LINK)
        and any(map(INSIDE_ANOTHER.search, open_ended)),
    )
