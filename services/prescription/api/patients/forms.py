"""Request bodies about a patient, and how their personal fields are encrypted."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.prescription.application.sealing import sealed_person
from services.prescription.domain.patients.contact import MOST_OTHER_PHONES
from services.prescription.domain.patients.patients import Person, Status
from shared.domain.address import Address
from shared.domain.days import Period
from shared.domain.person_id import NumberType, PersonId
from shared.events.values import PayerKind
from shared.fields import BirthDate, Code, Email, EventDay, PersonName, Phone, PostalCode, SingleLine
from shared.http import ReasonText, Request
from shared.phone import phone_number
from shared.sealed import Seals

Text35 = Annotated[SingleLine, StringConstraints(max_length=35)]
Name = Annotated[PersonName, StringConstraints(max_length=100)]
Number = Annotated[Code, StringConstraints(max_length=40)]
LanguageCode = Annotated[Code, StringConstraints(pattern=r"^[a-z]{2}$")]


class AddressForm(Request):
    """An address with the register's widths."""

    line1: Text35
    postal_code: PostalCode
    city: Annotated[SingleLine, StringConstraints(max_length=27)]
    co: Text35 | None = None
    line2: Text35 | None = None
    country: Literal["SE"] = "SE"

    def address(self) -> Address:
        return Address(self.line1, self.postal_code, self.city, self.co, self.line2, self.country)


class PeriodForm(Request):
    """Days from and through, both included."""

    valid_from: EventDay
    valid_through: EventDay | None = None

    def period(self) -> Period:
        """Give the days; raises PeriodReversed."""
        return Period(self.valid_from, self.valid_through).in_order()


class StatusForm(Request):
    """What decides whether and how the patient is served; protection is always stated (Q18)."""

    protected: bool
    no_fixed_address: bool = False
    deceased_on: EventDay | None = None
    asylum_seeker: PeriodForm | None = None
    opted_out: bool = False
    payer: PayerKind = "region"
    home_region: Annotated[SingleLine, StringConstraints(max_length=60)] | None = None

    def status(self) -> Status:
        return Status(
            protected=self.protected,
            no_fixed_address=self.no_fixed_address,
            deceased_on=self.deceased_on,
            asylum_seeker=self.asylum_seeker.period() if self.asylum_seeker else None,
            opted_out=self.opted_out,
            payer=self.payer,
            home_region=self.home_region,
        )


class PatientForm(StatusForm):
    """A patient registered by hand; name and address may be left out only for who is not served."""

    number: Number
    number_type: NumberType | None = None
    born: BirthDate | None = Field(
        default=None, description="When the number does not tell it, or tells it wrong"
    )
    name: Name | None = None
    address: AddressForm | None = None
    phone: Phone | None = None
    language: LanguageCode = "sv"
    email: Email | None = None
    lma_number: Annotated[Code, StringConstraints(pattern=r"^[0-9]{2}-?[0-9]{6}$")] | None = Field(
        default=None, description="Of the asylum seeker's card; never an identity"
    )

    def person(self, number: PersonId, seals: Seals) -> Person | None:
        """Seal the person; None when name or address is missing. Raises NotAPhoneNumber."""
        if self.name is None or self.address is None:
            return None
        born = self.born or number.born
        address = self.address.address()
        plain = sealed_person(number, born=born, name=self.name, address=address, seals=seals)
        return self.reached(plain, seals)

    def reached(self, person: Person, seals: Seals) -> Person:
        """Add what the register does not know: how the person is reached, and the card's number."""
        return replace(
            person,
            phone=sealed_phone(self.phone, seals),
            language=self.language,
            email=seals.seal(self.email) if self.email else None,
            lma_number=seals.seal(lma_form(self.lma_number), purpose="number") if self.lma_number else None,
        )


class ChangeForm(Request):
    """A change of a patient; who does not serve the patient states the emergency."""

    emergency: Annotated[
        ReasonText | None,
        Field(description="Why it cannot wait, from somebody who does not serve the patient; audited"),
    ] = None


class ContactForm(ChangeForm):
    """How a patient is reached; what is left out is forgotten (S70)."""

    phone: Phone | None = None
    other_phones: list[Phone] = Field(default=[], max_length=MOST_OTHER_PHONES)
    email: Email | None = None
    language: LanguageCode = "sv"


class SavedAddressForm(ChangeForm):
    """An address to be used again, under a name (S42)."""

    label: Annotated[SingleLine, StringConstraints(max_length=60)]
    address: AddressForm


class GuardianForm(Request):
    """Who acts for a minor, by number, and on which days (S70)."""

    number: Number
    number_type: NumberType | None = None
    valid_from: EventDay | None = None
    valid_through: EventDay | None = None


class NewNumberForm(Request):
    """The number that replaces a reserve number, and why (S65)."""

    number: Number
    number_type: NumberType | None = None
    reason: ReasonText


def sealed_phone(text: str | None, seals: Seals) -> str | None:
    """Seal a number in its one form; raises NotAPhoneNumber."""
    return seals.seal(phone_number(text)) if text else None


def lma_form(text: str) -> str:
    """Write the number of an LMA card as the card does."""
    digits = text.replace("-", "")
    return f"{digits[:2]}-{digits[2:]}"
