"""What customer service fills in about a patient, and how the door seals it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from services.prescription.domain.patients import Person, Status
from shared.domain.address import Address
from shared.domain.days import Period
from shared.domain.person_id import NumberType, PersonId
from shared.events.prescription import PayerKind
from shared.http import Request
from shared.phone import phone_number
from shared.sealed import Seals

ADDRESS: TypeAdapter[Address] = TypeAdapter(Address)

Text35 = Annotated[str, StringConstraints(min_length=1, max_length=35)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class AddressForm(Request):
    """An address with the register's widths."""

    line1: Text35
    postal_code: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{2} ?[0-9]{2}$")]
    city: Annotated[str, StringConstraints(min_length=1, max_length=27)]
    co: Text35 | None = None
    line2: Text35 | None = None
    country: Literal["SE"] = "SE"

    def address(self) -> Address:
        code = self.postal_code.replace(" ", "")
        return Address(self.line1, code, self.city, self.co, self.line2, self.country)


class PeriodForm(Request):
    """Days from and through, both included."""

    valid_from: date
    valid_through: date | None = None

    def period(self) -> Period:
        return Period(self.valid_from, self.valid_through)


class StatusForm(Request):
    """What decides whether and how the patient is served; protection is always stated (Q18)."""

    protected: bool
    no_fixed_address: bool = False
    deceased_on: date | None = None
    asylum_seeker: PeriodForm | None = None
    opted_out: bool = False
    payer: PayerKind = "region"
    home_region: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None

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
    born: date | None = Field(default=None, description="When the number does not tell it, or tells it wrong")
    name: Name | None = None
    address: AddressForm | None = None
    phone: Annotated[str, StringConstraints(max_length=30)] | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "sv"

    def person(self, number: PersonId, seals: Seals) -> Person | None:
        """Seal the person; None when name or address is missing. Raises NotAPhoneNumber."""
        if self.name is None or self.address is None:
            return None
        born = self.born or number.born
        phone = phone_number(self.phone) if self.phone else None
        return Person(
            number=seals.seal(number.value, purpose="identity"),
            number_type=number.type,
            born=born,
            sealed_born=seals.seal(born.isoformat(), purpose="identity") if born else None,
            name=seals.seal(self.name, purpose="identity"),
            address=seals.seal(ADDRESS.dump_json(self.address.address()).decode()),
            phone=seals.seal(phone) if phone else None,
            language=self.language,
        )
