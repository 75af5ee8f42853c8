"""Parses the register's JSON, with the field names of GetPersonsForProfile v5 (formats.md section 2)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from services.prescription.domain.patients.register import (
    Answer,
    Found,
    Moved,
    NotInRegister,
    Record,
    Unavailable,
)
from shared.domain.address import Address
from shared.domain.days import BIRTHS, ImpossibleDay, possible
from shared.domain.decision import Refused
from shared.domain.person_id import OIDS, NumberType, PersonId, parse
from shared.domain.text import as_one_line, said_name

DECEASED = "AV"
NOBODY = frozenset({"GN", "OB", "TA", "FI", "AN"})
"""Old, not found, technical, false or annulled: nobody lives under such a number."""
TYPE_OF: dict[str, NumberType] = {oid: number_type for number_type, oid in OIDS.items()}
LONGEST_NAME = 100
YEAR_MONTH, WHOLE_DAY = 6, 8


Line = Annotated[str, AfterValidator(as_one_line)]
"""A text that is printed: a line break in it would forge what stands on a letter."""


class Part(BaseModel):
    """A part of an answer: what we do not keep is not read."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)


class IdentityRecord(Part):
    """A number with its type's root."""

    root: str
    extension: str


class NameRecord(Part):
    """A name in parts."""

    givenName: str | None = None  # noqa: N815  the register's own field names, here and below
    middleName: str | None = None  # noqa: N815
    surname: str | None = None

    @property
    def whole(self) -> str | None:
        parts = [said_name(each) for each in (self.givenName, self.middleName, self.surname) if each]
        return " ".join(filter(None, parts))[:LONGEST_NAME].rstrip() or None


class AddressRecord(Part):
    """An address; the postal code is a number."""

    careOf: Line | None = None  # noqa: N815
    postalAddress1: Line | None = None  # noqa: N815
    postalAddress2: Line | None = None  # noqa: N815
    postalCode: int | None = None  # noqa: N815
    city: Line | None = None

    def address(self) -> Address | None:
        """Give the address where goods can be brought; the street stands on the second line when both do."""
        street = self.postalAddress2 or self.postalAddress1
        if not (street and self.postalCode and self.city):
            return None
        line2 = self.postalAddress1 if self.postalAddress2 else None
        return Address(street, f"{self.postalCode:05d}", self.city, self.careOf or None, line2 or None)


class AddressesRecord(Part):
    """Where the person lives; the special postal address is for letters, and is not kept."""

    residentialAddress: AddressRecord | None = None  # noqa: N815


class DateRecord(Part):
    """A day that may be known in part: 2026, 202611 or 20261121."""

    value: str

    def day(self, *, last: bool) -> date | None:
        """Give the day, the first or the last that it may be; None when it is no day."""
        text = self.value.replace("-", "")
        if not text.isascii() or not text.isdigit():
            return None
        try:
            if len(text) == WHOLE_DAY:
                return possible(date(int(text[:4]), int(text[4:6]), int(text[6:])), BIRTHS)
            year, month = int(text[:4]), int(text[4:6] or (12 if last else 1))
            return possible(date(year, month, monthrange(year, month)[1] if last else 1), BIRTHS)
        except (ValueError, ImpossibleDay):
            return None


class DeregistrationRecord(Part):
    """Why and when the person left the register."""

    deregistrationReasonCode: str  # noqa: N815
    date: DateRecord | None = None


class BirthRecord(Part):
    """The day of birth, which the number may miss by days."""

    date: DateRecord | None = None


class PersonRecord(Part):
    """A person record; a flag that is missing counts as protection (Q18)."""

    personalIdentity: IdentityRecord  # noqa: N815
    protectedPersonIndicator: bool | None = None  # noqa: N815
    protectedPopulationRecord: bool | None = None  # noqa: N815
    testIndicator: bool | None = None  # noqa: N815
    primaryIdentity: IdentityRecord | None = None  # noqa: N815
    linkedIdentity: list[IdentityRecord] = []  # noqa: N815
    referredPersonalIdentities: list[IdentityRecord] = []  # noqa: N815
    name: NameRecord | None = None
    birth: BirthRecord | None = None
    addressInformation: AddressesRecord | None = None  # noqa: N815
    countyCode: str | None = None  # noqa: N815
    deregistration: DeregistrationRecord | None = None

    @property
    def protected(self) -> bool:
        return self.protectedPersonIndicator is not False or self.protectedPopulationRecord is not False


class RegisterResponse(Part):
    """The whole answer; `personRecord` is null for a number that nobody has."""

    personRecord: PersonRecord | None  # noqa: N815


def read_answer(body: Any, *, asked: PersonId, today: date, test_persons: bool) -> Answer:
    """Read an answer; what cannot be understood, or is about somebody else, is no answer.

    `test_persons` says which persons there may be here: only test persons, or none of them.
    """
    try:
        said = RegisterResponse.model_validate(body, strict=True).personRecord
        return _answer(said, asked, today, test_persons=test_persons) if said else NotInRegister()
    except (ValidationError, Refused, KeyError):
        return Unavailable()


def _answer(said: PersonRecord, asked: PersonId, today: date, *, test_persons: bool) -> Answer:
    number = _number(said.personalIdentity, today)
    if number != asked or (said.testIndicator is True) is not test_persons:
        return Unavailable()
    if said.primaryIdentity is not None and _number(said.primaryIdentity, today) != number:
        return Moved(_number(said.primaryIdentity, today))
    left = said.deregistration
    if left is not None and left.deregistrationReasonCode in NOBODY:
        return NotInRegister()
    return Found(_record(said, number, today))


def _record(said: PersonRecord, number: PersonId, today: date) -> Record:
    former = [*said.linkedIdentity, *said.referredPersonalIdentities]
    plain = Record(
        number=number,
        protected=said.protected,
        former=tuple(dict.fromkeys(_known_numbers(former, today))),
        deceased_on=_died(said.deregistration, today),
    )
    if said.protected:
        return plain
    lives = said.addressInformation and said.addressInformation.residentialAddress
    address, name = lives.address() if lives else None, said.name.whole if said.name else None
    born = said.birth and said.birth.date and said.birth.date.day(last=False)
    return Record(
        number=number,
        protected=False,
        # Who has no name or no place to live in the register cannot be delivered to (S66).
        no_fixed_address=address is None or name is None,
        deceased_on=plain.deceased_on,
        county=said.countyCode,
        born=born if born and born <= today else number.born,
        name=name,
        address=address,
        former=plain.former,
    )


def _known_numbers(said: Iterable[IdentityRecord], today: date) -> Iterator[PersonId]:
    """Take the earlier numbers of the types that we know; a person may have had others as well."""
    for each in said:
        try:
            yield _number(each, today)
        except (Refused, KeyError):
            continue


def _died(left: DeregistrationRecord | None, today: date) -> date | None:
    if left is None or left.deregistrationReasonCode != DECEASED:
        return None
    day = left.date.day(last=True) if left.date else None
    return min(day or today, today)


def _number(said: IdentityRecord, today: date) -> PersonId:
    """Take the type from the root, never from the digits; raises NotAPersonId and KeyError."""
    return parse(said.extension, today, number_type=TYPE_OF[said.root])
