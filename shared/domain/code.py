"""Checks codes and numbers that partners write: free text, which may contain a name, is refused."""

import re

from shared.domain.decision import Refused, Sentence
from shared.domain.person_id import luhn_is_right
from shared.domain.text import typed

LONGEST = 40
MOST_DIGITS = 4
"""With more of them it may be a person's number or a phone."""
OTHER = "other"
_CODE = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*|[A-Z0-9]+([._-][A-Z0-9]+)*")
_PERSONS = re.compile(
    r"(?<![0-9])(?:18|19|20)?([0-9]{2}(?:0[0-9]|1[0-2])[0-9]{2})(?: ?[-+] ?| )?([0-9]{4})(?![0-9])"
)
_REFERENCE = re.compile(r"[A-Za-z0-9]+([.:/_-]+[A-Za-z0-9]+)*")


class PersonsNumber(Refused):
    """The number of a thing is a person's by date and check digit; it would stand on prints (N7)."""

    rule = "persons-number"
    sentence = Sentence(
        "Numret ser ut som ett personnummer. Läs av märkningen igen. Står det verkligen så där: märk om "
        "hjälpmedlet, eller lämna serienumret eller batchen tomt.",
        "The number looks like a personal number. Read the label again. If it does say so: put another label "
        "on the device, or leave the serial number or lot empty.",
    )


def code_of(text: str | None) -> str:
    """Give a partner's code, such as out-of-stock or E_404; `other` for all else (N7)."""
    if text is None or len(text) > LONGEST or not _CODE.fullmatch(text):
        return OTHER
    return text if sum(each.isdigit() for each in text) <= MOST_DIGITS else OTHER


def reference_of(text: str | None) -> str | None:
    """Give the number of a partner's paper, such as an invoice; None for what is none, or a person's (N7)."""
    if text is None or len(text) > LONGEST or not _REFERENCE.fullmatch(text) or is_persons(text):
        return None
    return text


def lot_of(text: str | None) -> str | None:
    """Give the number of a lot as partners write it, in its one form; None for what is none (N7, Q60)."""
    if text is None or not any(each.isdigit() for each in text):  # a word may be a name
        return None
    return reference_of("".join(text.split()).upper())


def is_persons(text: str) -> bool:
    """Tell whether a text holds a personal or co-ordination number of 10 or 12 digits (formats.md 1)."""
    return any(luhn_is_right("".join(found)) for found in _PERSONS.findall(typed(text)))
