"""Personal numbers, coordination numbers and reserve numbers: forms and checks (formats.md section 1)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from shared.domain.decision import Refused, Sentence
from shared.domain.text import typed

NumberType = Literal["personnummer", "samordningsnummer", "nrid", "vgr", "sll", "varmland", "skane"]

ALL_TYPES = cast("tuple[NumberType, ...]", get_args(NumberType))

_DATE = r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NRID_LETTERS = "A-HJ-NPRSTUX-Z"
_NRID_BORN = r"(?:2[2-9]|[3-8][0-9]|9[0-8])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NRID_UNBORN = r"00[0-9]{2}[2-9][0-9][45][0-9]"
_FORMS: dict[NumberType, str] = {
    "personnummer": rf"{_DATE}[0-9]{{4}}",
    "samordningsnummer": r"(?:18|19|20)[0-9]{2}(?:0[0-9]|1[0-2])(?:6[0-9]|[78][0-9]|9[01])[0-9]{4}",
    "nrid": rf"(?:{_NRID_UNBORN}|{_NRID_BORN})[{_NRID_LETTERS}]{{2}}[0-9{_NRID_LETTERS}][0-9]",
    "vgr": rf"{_DATE}[KMX][0-9]{{3}}",
    "sll": r"99(?:19|2[0-2])[0-9]{2}[0-9]{6}",
    "varmland": rf"{_DATE}S[FLPUX][0-9][1-9A-UW-Z]",
    "skane": rf"{_DATE}(?=[0-9]*[A-Z])[0-9A-Z]{{4}}",
}
"""In the order they are tried: Skåne's form has no check and would swallow those of the other regions."""

OIDS: dict[NumberType, str] = {
    "personnummer": "1.2.752.129.2.1.3.1",
    "samordningsnummer": "1.2.752.129.2.1.3.3",
    "nrid": "1.2.752.74.9.1",
    "vgr": "1.2.752.113.11.0.2.1.1.1",
    "sll": "1.2.752.97.3.1.3",
    "varmland": "1.2.752.74.9.2",
    "skane": "urn:oppna-sesam:local-number:skane",  # no OID is published for Skåne
}


class CenturyMissing(Refused):
    """Ten digits do not say in which century the person was born (S5)."""

    rule = "century-missing"
    sentence = Sentence(
        "Ange sekel: skriv numret med tolv siffror, till exempel 19121212NNNN.",
        "Give the century: write the number with twelve digits, for example 19121212NNNN.",
    )


class NotAPersonId(Refused):
    """No identity number that we know has this form and check digit."""

    rule = "not-a-person-id"
    sentence = Sentence(
        "Numret är inte ett giltigt personnummer, samordningsnummer eller reservnummer. Kontrollera det.",
        "The number is not a valid personal identity, coordination or reserve number. Check the digits.",
    )


class WhichNumberType(Refused):
    """A number has the form of two regions: the clerk says which, it is never guessed (S65)."""

    rule = "which-number-type"
    sentence = Sentence(
        "Numret kan komma från flera regioner. Ange vilken sorts nummer det är.",
        "The number may come from several regions. Say which type of number it is.",
    )


@dataclass(frozen=True)
class PersonId:
    """A number in its stored form, twelve characters without separator, with its type."""

    type: NumberType
    value: str

    @property
    def born(self) -> date | None:
        """Give the day of birth in the number; None when it has none or no real day."""
        return _born(self.type, self.value)

    @property
    def oid(self) -> str:
        return OIDS[self.type]

    @property
    def is_reserve(self) -> bool:
        """Tell whether the number is unknown to the population register (S65)."""
        return self.type not in ("personnummer", "samordningsnummer")


def parse(text: str, today: date, *, number_type: NumberType | None = None) -> PersonId:
    """Read a number as people write or paste it (S5); raises CenturyMissing and NotAPersonId.

    A known `number_type` is held to: the forms of two regions can be alike, and digits alone do not tell.
    """
    written = typed(text)
    value = re.sub(r"[ +-]", "", written).upper() if written.isascii() else ""
    if re.fullmatch(r"[0-9]{10}", value):
        raise CenturyMissing
    for each in (number_type,) if number_type else ALL_TYPES:
        if _fits(each, value, today):
            return PersonId(each, value)
    raise NotAPersonId


def parse_to_keep(text: str, today: date, *, number_type: NumberType | None = None) -> PersonId:
    """Read a number that is going to be kept: its type is stated when the form alone does not tell (S65).

    Raises WhichNumberType, CenturyMissing and NotAPersonId.
    """
    number = parse(text, today, number_type=number_type)
    if number_type is None and len(possible_types(number.value, today)) > 1:
        raise WhichNumberType
    return number


def possible_types(value: str, today: date) -> tuple[NumberType, ...]:
    """List the types whose form and check a stored number fits (formats.md section 1)."""
    return tuple(each for each in ALL_TYPES if _fits(each, value, today))


def luhn_is_right(digits: str) -> bool:
    """Check digits whose last one is the check digit, modulus 10 (formats.md section 1)."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _fits(number_type: NumberType, value: str, today: date) -> bool:
    formed = re.fullmatch(_FORMS[number_type], value) is not None
    return formed and _CHECKS[number_type](value) and _is_born(number_type, value, today)


def _numbered(value: str) -> bool:
    return value[8:11] != "000" and luhn_is_right(value[2:])


def _is_nrid(value: str) -> bool:
    return luhn_is_right("".join(sign if sign.isdigit() else str(ord(sign)) for sign in value))


def _is_vgr(value: str) -> bool:
    return luhn_is_right(value[2:].translate(str.maketrans("KMX", "578")))


def _unchecked(_: str) -> bool:
    return True


_CHECKS: dict[NumberType, Callable[[str], bool]] = {
    "personnummer": _numbered,
    "samordningsnummer": _numbered,
    "nrid": _is_nrid,
    "vgr": _is_vgr,
    "sll": lambda value: luhn_is_right(value[4:]),
    "varmland": _unchecked,
    "skane": _unchecked,
}


def _is_born(number_type: NumberType, value: str, today: date) -> bool:
    """Only a personnummer must hold a real day: the others may hold an estimated or unknown one."""
    born = _born(number_type, value)
    return number_type != "personnummer" if born is None else born <= today


def _born(number_type: NumberType, value: str) -> date | None:
    if number_type == "sll":
        return None
    century, day = int(value[:2]), int(value[6:8])
    if number_type == "nrid":
        century = (century - 19) % 3 + 19 if century else 0
    if number_type == "samordningsnummer":
        day -= 60
    try:
        return date(century * 100 + int(value[2:4]), int(value[4:6]), day)
    except ValueError:
        return None
