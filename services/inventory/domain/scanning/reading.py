"""Reads what a scanner sends: GS1 codes and links, EAN, and own labels (T18, formats.md section 1).

Scanners send Enter behind the code, a symbology identifier before it (`]d2`), and FNC1 as the sign GS or as
something that stands for it. One that is set to an American keyboard at a Swedish computer sends other signs.
"""

import re
from dataclasses import dataclass
from datetime import date

import biip

from services.inventory.domain.gtin import as_14, is_gtin
from shared.domain.decision import Refused, Sentence

GS = "\x1d"
SHORTEST_GS1 = 16
"""The identifier 01 and a GTIN."""
STANDS_FOR_GS = re.compile(r"\u241d|<GS>|\[GS\]|\{GS\}|<FNC1>|\{FNC1\}|\\x1d|\\u001d|\^\]", re.IGNORECASE)
SYMBOLOGY = re.compile(r"\](?P<code>[A-Za-z])(?P<modifier>[0-9])")
GS1_SYMBOLOGIES = frozenset({"C1", "d2", "Q3", "e0", "J1"})
CASE_OF_SYMBOLOGIES = {each.upper(): each for each in GS1_SYMBOLOGIES}
SWEDISH_KEYS = str.maketrans("¨+-\u00b4)=/&(?åöäÅÖÄ", "]-/=()&^*_[;'{:\"")
"""What a Swedish computer makes of the keys that an American scanner means."""
WRONG_KEYBOARD = re.compile(r"¨ ?[A-Za-z][0-9]")
WRITTEN_OUT = re.compile(r"\(([0-9]{2,4})\)")
LINK = ("https://", "http://")
"""GS1 Digital Link: the same parts in the address of a page, as QR codes have them."""
SERIAL, LOT, EXPIRES, SSCC, GTIN = "21", "10", "17", "00", "01"
INSIDE_ANOTHER = re.compile(r".(?:17[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]|10.|21.)")


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
    sscc: str | None = None
    lacks_separator: bool = False
    """A part of any length may hold the next one: the scanner seems not to send FNC1."""

    @property
    def is_gs1(self) -> bool:
        return self.gtin is not None or self.sscc is not None


def read(scanned: str) -> Reading:
    """Say what was scanned; raises NothingRead."""
    sent, symbology = _without_wrapping(scanned)
    if not sent.strip(GS):
        raise NothingRead
    is_gs1 = symbology in GS1_SYMBOLOGIES or sent.startswith((GS, "(", *LINK))
    found = _gs1(sent) if is_gs1 or _begins_like_gs1(sent) else None
    if found is not None:
        return found
    digits = re.sub("[ -]", "", sent)
    return Reading(sent, gtin=as_14(digits)) if is_gtin(digits) else Reading(sent)


def _without_wrapping(scanned: str) -> tuple[str, str]:
    """Take off Enter, blanks and the symbology identifier, and mend what a wrong keyboard made of them."""
    sent = STANDS_FOR_GS.sub(GS, scanned.strip(" \t\r\n\x00\x02\x03\x04\ufeff"))
    if WRONG_KEYBOARD.match(sent):
        sent = sent.replace("¨ ", "¨", 1).translate(SWEDISH_KEYS)
    found = SYMBOLOGY.match(sent)
    if found is None:
        return sent, ""
    code = found["code"] + found["modifier"]
    return sent[found.end() :], CASE_OF_SYMBOLOGIES.get(code.upper(), code)


def _begins_like_gs1(sent: str) -> bool:
    """Tell a GS1 code without its identifier: a right GTIN of fourteen digits behind 01."""
    return sent.startswith(GTIN) and len(sent) >= SHORTEST_GS1 and is_gtin(sent[2:SHORTEST_GS1])


def _gs1(sent: str) -> Reading | None:
    """Read the parts of a GS1 code; None when it is none."""
    message = WRITTEN_OUT.sub(rf"{GS}\1", sent).strip()  # of the sign GS too
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
    open_ended = [values[ai] for ai in (SERIAL, LOT) if ai in values]
    return Reading(
        message.replace(GS, " "),
        gtin=values.get(GTIN),
        serial_no=values.get(SERIAL),
        lot=values.get(LOT),
        best_before=parts[EXPIRES].date if EXPIRES in parts else None,
        sscc=values.get(SSCC),
        lacks_separator=GS not in message
        and not message.startswith(LINK)
        and any(map(INSIDE_ANOTHER.search, open_ended)),
    )
